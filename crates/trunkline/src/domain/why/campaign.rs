//! Why a campaign makes no call now.

use super::lead::{answer_of, waiting};
use super::{Answer, LeadCase, NamedCampaign, Planned, Reader, Standing, TurnCase, Verdict, not_running, switched_off};
use crate::domain::dispatch_policy::{Decision, Facts, Scope, decide};
use jiff::Timestamp;

/// A campaign with the tries that come next.
#[derive(Debug, Clone)]
pub struct CampaignCase<'a> {
    pub now: Timestamp,
    pub campaign: NamedCampaign<'a>,
    /// Leads that it is not done with.
    pub leads_left: u64,
    pub lines_in_use: u64,
    /// The first tries that are planned, the earliest first.
    pub next: Vec<Waiting<'a>>,
    pub turn: TurnCase<'a>,
}

/// A lead's planned try.
#[derive(Debug, Clone)]
pub struct Waiting<'a> {
    /// Name and phone.
    pub who: &'a str,
    pub planned: Planned<'a>,
    pub facts: Facts<'a>,
}

/// The one reason that holds the campaign back: its own or the organization's, or that of the lead whose time comes first.
pub fn campaign(case: &CampaignCase<'_>, reader: &Reader) -> Answer {
    let (verdict, waiting) = verdict(case, reader);
    let name = case.campaign.name;
    let subject = match verdict.standing {
        Standing::UnderWay => format!("{name} makes no new call"),
        Standing::Due => format!("{name} is calling"),
        Standing::Waits | Standing::Blocked => format!("{name} makes no new call now"),
        Standing::Never => format!("{name} makes no more calls"),
    };
    let theirs = waiting.map_or(&reader.zone, |waiting| &waiting.facts.lead.zone.zones()[0]);
    answer_of(&subject, &verdict, (case.now, theirs), waiting.map(|waiting| &waiting.facts), reader)
}

fn verdict<'a, 'b>(case: &'b CampaignCase<'a>, reader: &Reader) -> (Verdict, Option<&'b Waiting<'a>>) {
    if let Some(verdict) = not_running(&case.campaign) {
        return (verdict, None);
    }
    let Some(first) = case.next.first() else {
        return (nothing_planned(case), None);
    };
    if let Some(verdict) = switched_off(&first.facts, &case.turn, reader) {
        return (verdict, Some(first));
    }
    let due: Vec<&Waiting<'_>> = case.next.iter().filter(|waiting| waiting.planned.due_at <= case.now).collect();
    if due.is_empty() {
        return (of_lead(case, first, reader), Some(first));
    }
    let scope = |waiting: &&Waiting<'_>| match decide(&waiting.facts) {
        Decision::Defer { because, .. } => because.scope() == Scope::Lead,
        Decision::Exclude(_) => true,
        Decision::Dial(_) => false,
    };
    // One that may be dialed, or that only what concerns the whole campaign holds back, speaks for the campaign.
    if let Some(telling) = due.iter().copied().find(|waiting| !scope(waiting)) {
        let verdict = lead_verdict(case, telling, reader);
        let is_due = verdict.standing == Standing::Due;
        let reason = format!("{} of its lines are in use, and leads are due", case.lines_in_use);
        return (if is_due { Verdict { reason, ..verdict } } else { verdict }, Some(telling));
    }
    let nearest = due.iter().copied().map(|waiting| (of_lead(case, waiting, reader), waiting));
    let nearest = nearest.min_by_key(|(verdict, _)| (verdict.standing, verdict.next_at.unwrap_or(Timestamp::MAX)));
    nearest.map_or_else(|| (nothing_planned(case), None), |(verdict, waiting)| (verdict, Some(waiting)))
}

fn nothing_planned(case: &CampaignCase<'_>) -> Verdict {
    match (case.leads_left, case.lines_in_use) {
        (0, _) => Verdict::new(Standing::Never, "no_lead_left", "it is done with every lead"),
        (_, 0) => Verdict::new(Standing::Waits, "nothing_planned", "no try is planned at the moment"),
        (_, 1) => Verdict::new(Standing::UnderWay, "under_way", "its last lead is being called"),
        (_, lines) => Verdict::new(Standing::UnderWay, "under_way", format!("its last {lines} leads are being called")),
    }
}

/// What concerns a lead alone, told of the campaign.
fn of_lead(case: &CampaignCase<'_>, waiting: &Waiting<'_>, reader: &Reader) -> Verdict {
    let verdict = lead_verdict(case, waiting, reader);
    let leads = if case.leads_left == 1 {
        "its one lead waits because".to_owned()
    } else {
        format!("none of its {} leads may be called yet; for the next in line, {},", case.leads_left, waiting.who)
    };
    Verdict { reason: format!("{leads} {}", verdict.reason), ..verdict }
}

fn lead_verdict(case: &CampaignCase<'_>, telling: &Waiting<'_>, reader: &Reader) -> Verdict {
    let lead = LeadCase { now: case.now, who: telling.who, dnc: None, places: Vec::new(), turn: case.turn.clone() };
    waiting(&lead, telling.planned, &telling.facts, reader)
}
