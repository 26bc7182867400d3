//! Why an organization makes no call now.

use super::lead::answer_of;
use super::{Answer, CampaignCase, Reader, Standing, Verdict, campaign};
use crate::domain::dispatch_policy::Deferral;
use jiff::Timestamp;

/// An organization and its campaigns.
#[derive(Debug, Clone)]
pub struct OrganizationCase<'a> {
    pub now: Timestamp,
    pub name: &'a str,
    pub is_active: bool,
    /// The running ones.
    pub campaigns: Vec<CampaignCase<'a>>,
    pub paused: u64,
    pub scheduled: u64,
    pub drafts: u64,
}

/// What holds all of it back, or what holds back the campaign that is nearest to a call.
pub fn organization(case: &OrganizationCase<'_>, reader: &Reader) -> Answer {
    let own = |verdict: &Verdict| {
        let subject = format!("{} makes no calls", case.name);
        answer_of(&subject, verdict, (case.now, &reader.zone), None, reader)
    };
    if !case.is_active {
        return own(&Verdict::new(Standing::Blocked, Deferral::OrganizationSuspended.as_str(), "it is suspended"));
    }
    let answers = case.campaigns.iter().map(|one| campaign(one, reader));
    let nearest = answers.min_by_key(|answer| (answer.standing, answer.next_at.unwrap_or(Timestamp::MAX)));
    let Some(answer) = nearest else {
        return own(&Verdict::new(Standing::Blocked, "no_running_campaign", none_runs(case)));
    };
    let subject = match answer.standing {
        Standing::UnderWay | Standing::Due => format!("{} is calling", case.name),
        Standing::Waits | Standing::Blocked | Standing::Never => format!("{} makes no new call now", case.name),
    };
    Answer { sentence: format!("{subject}. {}", answer.sentence), ..answer }
}

fn none_runs(case: &OrganizationCase<'_>) -> String {
    let others: Vec<String> = [(case.paused, "paused"), (case.scheduled, "scheduled"), (case.drafts, "in draft")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if others.is_empty() {
        "no campaign is running".to_owned()
    } else {
        format!("no campaign is running ({})", others.join(", "))
    }
}
