//! What was read, put together as the cases that `domain::why` answers.

use super::turn;
use crate::dialer::{Look, look};
use crate::domain::ids::CampaignId;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::status::{AttemptState, CampaignStatus};
use crate::domain::time_zone::local_day;
use crate::domain::why::{CampaignCase, NamedCampaign, Place, Planned, Waiting};
use crate::store::called_phones::{self, CalledPhone};
use crate::store::claims::Candidate;
use crate::store::dnc::DncEntry;
use crate::store::{Result, TenantTx, why as asked};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Planned tries of a campaign that are looked at, as many as a claim looks at.
const NEXT_MAX: i64 = 60;

/// What was read of a campaign.
pub(super) struct Read {
    campaign: asked::Campaign,
    leads_left: u64,
    lines_in_use: u64,
    next: Vec<(asked::Next, CalledPhone, String)>,
}

/// Name and phone, as a sentence begins.
pub(super) fn who(name: &str, phone: &str) -> String {
    let phone = PhoneNumber::from_e164(phone).map_or_else(|_| phone.to_owned(), PhoneNumber::international);
    if name.is_empty() { phone } else { format!("{name} ({phone})") }
}

/// Completes "the phone is on …".
pub(super) fn list(entry: &DncEntry) -> String {
    match entry.source {
        Some(_) => format!("the do-not-call list ({})", entry.reason),
        None => format!("the do-not-call list of all organizations ({})", entry.reason),
    }
}

pub(super) async fn phone_facts(tx: &TenantTx, phone: &str, now: Timestamp) -> Result<CalledPhone> {
    let facts = called_phones::remembered(tx, &[(tx.organization, phone)], local_day(now, &TimeZone::UTC)).await?;
    Ok(facts.into_iter().next().unwrap_or_default())
}

pub(super) fn place<'a>(
    place: &'a asked::Place,
    lead: &asked::Lead,
    look: &'a Look,
    phone: &'a CalledPhone,
) -> Place<'a> {
    let planned = place.attempt.as_ref();
    let candidate = |attempt: &asked::Attempt| Candidate {
        id: attempt.id,
        enrollment: place.enrollment,
        campaign: place.campaign.id,
        lead: lead.id,
        phone: lead.phone.clone(),
        time_zone: lead.time_zone.clone(),
        postal_code: lead.postal_code.clone(),
        call_back_at: attempt.call_back_at,
    };
    Place {
        campaign: named(&place.campaign),
        done: place.disposition.map(|disposition| (disposition, place.because.as_deref())),
        planned: planned.map(|attempt| Planned {
            state: attempt.state,
            due_at: attempt.due_at,
            deferred_because: attempt.deferred_because.as_deref(),
            ahead: attempt.ahead,
        }),
        facts: planned.map(|attempt| look.facts(&candidate(attempt), phone)),
    }
}

/// The running ones of `campaigns`, each with what is planned in it.
pub(super) async fn running(
    tx: &TenantTx,
    campaigns: Vec<asked::Campaign>,
    now: Timestamp,
) -> Result<(Look, Vec<Read>)> {
    let running: Vec<asked::Campaign> =
        campaigns.into_iter().filter(|campaign| campaign.status == CampaignStatus::Running).collect();
    let ids: Vec<CampaignId> = running.iter().map(|campaign| campaign.id).collect();
    let look = look(tx, now, &ids).await?;
    let mut reads = Vec::with_capacity(running.len());
    for campaign in running {
        reads.push(read(tx, campaign, now).await?);
    }
    Ok((look, reads))
}

pub(super) async fn read(tx: &TenantTx, campaign: asked::Campaign, now: Timestamp) -> Result<Read> {
    let (leads_left, lines_in_use) = asked::left(tx, campaign.id).await?;
    let next = asked::next(tx, campaign.id, None, NEXT_MAX).await?;
    let phones: Vec<_> = next.iter().map(|next| (tx.organization, next.candidate.phone.as_str())).collect();
    let facts = called_phones::remembered(tx, &phones, local_day(now, &TimeZone::UTC)).await?;
    let who: Vec<String> = next.iter().map(|next| who(&next.name, &next.candidate.phone)).collect();
    let next = next.into_iter().zip(facts).zip(who).map(|((next, facts), who)| (next, facts, who)).collect();
    Ok(Read { campaign, leads_left, lines_in_use, next })
}

impl Read {
    pub(super) fn case<'a>(&'a self, look: &'a Look, now: Timestamp) -> CampaignCase<'a> {
        let waiting = |(place, (next, phone, who)): (usize, &'a (asked::Next, CalledPhone, String))| Waiting {
            who,
            planned: Planned {
                state: AttemptState::Scheduled,
                due_at: next.due_at,
                deferred_because: next.deferred_because.as_deref(),
                ahead: place as u64,
            },
            facts: look.facts(&next.candidate, phone),
        };
        CampaignCase {
            now,
            campaign: named(&self.campaign),
            leads_left: self.leads_left,
            lines_in_use: self.lines_in_use,
            next: self.next.iter().enumerate().map(waiting).collect(),
            turn: turn(look),
        }
    }
}

fn named(campaign: &asked::Campaign) -> NamedCampaign<'_> {
    NamedCampaign {
        name: &campaign.name,
        status: campaign.status,
        status_reason: campaign.status_reason.as_deref(),
        starts_at: campaign.starts_at,
    }
}
