//! `trunkline why`: why a lead, a number, a campaign or an organization is not being called or not calling, in one sentence.

use super::reach::Installation;
use crate::domain::dispatch_policy::{Replay, replay};
use crate::domain::time_zone;
use crate::domain::why::{Reader, table, when};
use crate::explain::{CampaignKey, Explained, Flight, InCampaign, LeadKey, NumberKey, Question, explain, preflight};
use crate::store::{Db, TenantTx, across, decisions, organizations};
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::io::Write;

/// Tells why something is not called or does not call, by the function that the dialer decides with.
///
/// Nothing is locked and nothing changed. The exit code is 0 when there is an answer, whatever it says, and 1 when what is
/// asked about does not exist; of `why replay`, 1 also when a decision comes out otherwise.
#[derive(clap::Args, Debug)]
pub struct Why {
    #[command(flatten)]
    installation: Installation,
    #[command(subcommand)]
    what: What,
    /// The organization, as in the addresses of its pages.
    #[arg(long, global = true, value_name = "SLUG")]
    organization: Option<String>,
    /// What if it were then: an instant such as 2026-03-05T14:00:00Z.
    #[arg(long, global = true, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Write JSON instead of sentences.
    #[arg(long, global = true)]
    json: bool,
    /// Show the facts, too, from which it was decided.
    #[arg(long, global = true)]
    facts: bool,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Why is this lead not being called?
    Lead {
        /// Its phone with the country code, or its id.
        #[arg(value_name = "PHONE|ID")]
        lead: String,
    },
    /// Why does this number not call?
    Number {
        /// The number with its country code, or its id.
        #[arg(value_name = "NUMBER|ID")]
        number: String,
    },
    /// Why does this campaign make no calls?
    Campaign {
        /// Its name, or its id.
        #[arg(value_name = "NAME|ID")]
        campaign: String,
        /// Instead: what it would do if it began. Who would be left out and why, how many calls fit into a day.
        #[arg(long)]
        preflight: bool,
    },
    /// Why does this organization make no calls?
    Organization {
        /// As in the addresses of its pages.
        #[arg(value_name = "SLUG")]
        slug: String,
    },
    /// Decides every decision of the organization that is kept again, and tells how many come out the same.
    Replay,
}

/// False: a decision came out otherwise than it was kept.
pub async fn run(why: &Why, out: &mut impl Write) -> anyhow::Result<bool> {
    let reached = why.installation.reach().await?;
    answer(why, &reached.db, reached.now, out).await
}

/// Answers from `db` as of `now`; [`run`] finds these itself.
pub async fn answer(why: &Why, db: &Db, now: Timestamp, out: &mut impl Write) -> anyhow::Result<bool> {
    let ((What::Organization { slug }, _) | (_, Some(slug))) = (&why.what, &why.organization) else {
        bail!("say whose it is: --organization SLUG");
    };
    let id =
        across::organization_by_slug(db, slug).await?.with_context(|| format!("there is no organization {slug:?}"))?;
    let tx = db.tenant(id).await?;
    let zone = organizations::get(&tx).await?.time_zone;
    let reader = Reader { zone: time_zone::named(&zone).unwrap_or(TimeZone::UTC), sees_suppliers: true };
    let now = why.at.unwrap_or(now);
    let question = match &why.what {
        What::Replay => return replay_all(&tx, why.json, out).await,
        What::Campaign { campaign, preflight: true } => {
            let flight = preflight(&tx, &CampaignKey::read(campaign), now)
                .await
                .with_context(|| unknown("campaign", campaign))?;
            return tell_flight(why.json, &flight, &reader, out).map(|()| true);
        }
        What::Campaign { campaign, preflight: false } => Question::Campaign(CampaignKey::read(campaign)),
        What::Lead { lead } => Question::Lead(LeadKey::read(lead).with_context(|| unreadable(lead))?),
        What::Number { number } => Question::Number(NumberKey::read(number).with_context(|| unreadable(number))?),
        What::Organization { .. } => Question::Organization,
    };
    let explained = explain(&tx, &question, now, &reader).await.with_context(|| asked_for(&why.what))?;
    tell(why, &explained, &reader, out).map(|()| true)
}

fn tell(why: &Why, explained: &Explained, reader: &Reader, out: &mut impl Write) -> anyhow::Result<()> {
    if why.json {
        writeln!(out, "{:#}", explained.to_json(reader))?;
        return Ok(());
    }
    writeln!(out, "{}", explained.answer.sentence)?;
    if explained.campaigns.len() > 1 {
        for InCampaign { name: campaign, answer, .. } in &explained.campaigns {
            writeln!(out, "  In {campaign}: {}", answer.sentence)?;
        }
    }
    let facts = explained.answer.facts.as_ref().filter(|_| why.facts);
    for group in facts.map(|facts| table(facts, reader)).unwrap_or_default() {
        writeln!(out, "\n{}", group.title)?;
        for (name, value) in &group.rows {
            writeln!(out, "  {name:<34} {value}")?;
        }
    }
    Ok(())
}

fn tell_flight(json: bool, flight: &Flight, reader: &Reader, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        writeln!(out, "{:#}", flight.to_json())?;
        return Ok(());
    }
    let preflight = &flight.preflight;
    let (leads, skipped, name) = (preflight.leads, preflight.skipped_leads(), &flight.campaign.name);
    writeln!(out, "{name}: {skipped} of {leads} leads would be skipped.")?;
    for (because, skipped) in &preflight.skipped {
        let sample: Vec<&str> = skipped.sample.iter().map(|lead| lead.who.as_str()).collect();
        writeln!(out, "  {}: {}, such as {}", skipped.leads, because.in_words(), sample.join(", "))?;
    }
    for (because, leads) in &preflight.waiting {
        writeln!(out, "  {leads} would wait at first: {}", because.in_words())?;
    }
    if let Some(first) = preflight.first_at {
        writeln!(out, "The first may be called {}.", when(first, flight.at, &reader.zone, &reader.zone))?;
    }
    if let Some(per_day) = preflight.calls_per_day {
        let (max, of_organization, of_numbers) = (per_day.max(), per_day.of_organization, per_day.of_numbers);
        writeln!(
            out,
            "{max} calls fit into a day: the organization may make {of_organization}, its numbers {of_numbers}."
        )?;
    }
    if let Some(days) = preflight.days() {
        writeln!(out, "One call to each of the {} others takes {days} days at least.", preflight.callable())?;
    }
    Ok(())
}

async fn replay_all(tx: &TenantTx, json: bool, out: &mut impl Write) -> anyhow::Result<bool> {
    let (mut same, mut otherwise, mut other_rules) = (0_u64, Vec::new(), 0_u64);
    let mut last = None;
    loop {
        let page = decisions::page(tx, last.as_ref()).await?;
        for listed in &page {
            match listed.kept.as_ref().map(replay) {
                Some(Replay::Same) => same += 1,
                Some(Replay::Otherwise(_)) => otherwise.push(listed.attempt.to_string()),
                Some(Replay::OtherRules) | None => other_rules += 1,
            }
        }
        match page.into_iter().last() {
            Some(listed) => last = Some(listed),
            None => break,
        }
    }
    if json {
        let value = serde_json::json!({ "same": same, "otherwise": otherwise, "other_rules": other_rules });
        writeln!(out, "{value:#}")?;
    } else {
        let differ = otherwise.len();
        writeln!(
            out,
            "{same} decisions come out the same, {differ} otherwise; {other_rules} were made by other rules."
        )?;
        for attempt in &otherwise {
            writeln!(out, "  otherwise: attempt {attempt}")?;
        }
    }
    Ok(otherwise.is_empty())
}

fn asked_for(what: &What) -> String {
    match what {
        What::Lead { lead } => unknown("lead", lead),
        What::Number { number } => unknown("number", number),
        What::Campaign { campaign, .. } => unknown("campaign", campaign),
        What::Organization { slug } => unknown("organization", slug),
        What::Replay => "the decisions cannot be read".to_owned(),
    }
}

fn unknown(what: &str, asked: &str) -> String {
    format!("there is no {what} {asked:?} in this organization, or it cannot be read")
}

fn unreadable(text: &str) -> String {
    format!("{text:?} is neither an id nor a number with its country code, such as +12125550146")
}
