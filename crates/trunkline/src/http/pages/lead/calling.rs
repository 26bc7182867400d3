//! "Why is this lead not being called?": one answer, from what the dialer decided last.

use crate::domain::dispatch_policy::{Deferral, Exclusion};
use crate::domain::outcome::Outcome;
use crate::domain::status::{AttemptState, CampaignStatus, Disposition};
use crate::store::dnc::DncEntry;
use crate::store::lead_detail::{Attempt, Enrollment};
use jiff::Timestamp;
use ui::view::Calling;

/// `attempts` and `enrollments` with the latest first.
pub(super) fn calling(
    dnc: Option<&DncEntry>,
    attempts: &[Attempt],
    enrollments: &[Enrollment],
    now: Timestamp,
) -> Calling {
    if let Some(open) = attempts.iter().find(|attempt| attempt.state.is_open()) {
        return under_way(open.state);
    }
    if let Some(entry) = dnc {
        return Calling::Never { reason: on_dnc(entry) };
    }
    let planned = attempts.iter().filter(|attempt| attempt.state == AttemptState::Scheduled);
    // Of several campaigns the one that runs and comes first is what the lead waits for.
    let next = planned.min_by_key(|attempt| (attempt.campaign_status != CampaignStatus::Running, attempt.due_at));
    match next {
        Some(next) => planned_for(next, now),
        None => Calling::Never { reason: nothing_planned(enrollments) },
    }
}

fn under_way(state: AttemptState) -> Calling {
    let waits = |reason: &str| Calling::Waits { reason: reason.to_owned(), until: None };
    match state {
        AttemptState::Unknown => waits(
            "A call may have been placed. The phone system is being asked, and it is not dialed again before it answers.",
        ),
        AttemptState::Held => {
            waits("Whether a call was placed could not be found out: somebody at the agency has to decide.")
        }
        _ => Calling::OnTheLine,
    }
}

pub(super) fn on_dnc(entry: &DncEntry) -> String {
    match entry.source {
        Some(_) => format!("The phone is on the do-not-call list: {}.", entry.reason),
        None => format!("The phone must not be called by anybody: {}.", entry.reason),
    }
}

fn planned_for(next: &Attempt, now: Timestamp) -> Calling {
    let campaign = &next.campaign_name;
    let waits = |reason: String| Calling::Waits { reason, until: None };
    match next.campaign_status {
        CampaignStatus::Running if next.due_at <= now => Calling::Due,
        CampaignStatus::Running => {
            Calling::Waits { reason: why_later(next.deferred_because.as_deref()), until: Some(next.due_at) }
        }
        CampaignStatus::Paused => waits(format!("The campaign {campaign} is paused.")),
        CampaignStatus::Draft => waits(format!("The campaign {campaign} is a draft.")),
        CampaignStatus::Scheduled => waits(format!("The campaign {campaign} has not begun yet.")),
        CampaignStatus::Stopped | CampaignStatus::Completed => waits(format!("The campaign {campaign} is over.")),
    }
}

/// A sentence. Reasons are those of the dispatch policy, or the outcome after which the try was planned.
pub(super) fn why_later(because: Option<&str>) -> String {
    let Some(because) = because else {
        return "It is planned for later.".to_owned();
    };
    if let Ok(deferral) = because.parse::<Deferral>() {
        return sentence(deferral.in_words());
    }
    match because.parse::<Outcome>() {
        Ok(outcome) => format!("The last try ended with “{}”: the retry plan lets time pass.", outcome.label()),
        Err(_) => "The last try did not ring: it is made again after a while.".to_owned(),
    }
}

fn nothing_planned(enrollments: &[Enrollment]) -> String {
    let Some(latest) = enrollments.first() else {
        return "It is in no campaign.".to_owned();
    };
    let campaign = &latest.campaign_name;
    match latest.disposition {
        Some(Disposition::Reached) => format!("It was reached in {campaign}."),
        Some(Disposition::Exhausted) => format!("Every try of {campaign} is used up."),
        Some(Disposition::Excluded) => format!("{campaign} left it out: {}.", why_excluded(latest.because.as_deref())),
        Some(Disposition::Cancelled) => format!("{campaign} was ended before it was reached."),
        None => format!("{campaign} has nothing planned for it yet."),
    }
}

/// Completes "left out:". A provider's own words are not for everybody to read.
pub(super) fn why_excluded(because: Option<&str>) -> &'static str {
    match because.map(str::parse::<Exclusion>) {
        Some(Ok(exclusion)) => exclusion.in_words(),
        Some(Err(_)) | None => "the phone system does not call this number",
    }
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-05T10:00:00Z".parse().unwrap()
    }

    fn attempt(state: AttemptState, campaign_status: CampaignStatus, due_in_hours: i64) -> Attempt {
        Attempt {
            state,
            campaign_name: "Recall".to_owned(),
            campaign_status,
            due_at: now() + jiff::SignedDuration::from_hours(due_in_hours),
            deferred_because: None,
            because: None,
            has_call: false,
            at: now(),
        }
    }

    fn enrollment(disposition: Option<Disposition>, because: Option<&str>) -> Enrollment {
        Enrollment {
            campaign: crate::domain::ids::CampaignId(uuid::Uuid::nil()),
            campaign_name: "Recall".to_owned(),
            campaign_status: CampaignStatus::Running,
            disposition,
            because: because.map(str::to_owned),
            attempts_made: 0,
            retry_plan: serde_json::json!({}),
            created_at: now(),
        }
    }

    #[track_caller]
    fn check(attempts: &[Attempt], enrollments: &[Enrollment], expected: &str) {
        let text = match calling(None, attempts, enrollments, now()) {
            Calling::Due => "due".to_owned(),
            Calling::OnTheLine => "on the line".to_owned(),
            Calling::Waits { reason, until: Some(until) } => format!("{reason} {until}"),
            Calling::Waits { reason, until: None } | Calling::Never { reason } => reason,
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_deferred_attempt_waits_for_the_reason_that_was_decided() {
        let deferred = Attempt {
            deferred_because: Some("outside_calling_hours".to_owned()),
            ..attempt(AttemptState::Scheduled, CampaignStatus::Running, 5)
        };
        check(&[deferred], &[], "It is outside calling hours where the lead is. 2026-03-05T15:00:00Z");
    }

    #[test]
    fn a_retry_waits_for_its_plan() {
        let retry = Attempt {
            deferred_because: Some("no_answer".to_owned()),
            ..attempt(AttemptState::Scheduled, CampaignStatus::Running, 4)
        };
        check(
            &[retry],
            &[],
            "The last try ended with “No answer”: the retry plan lets time pass. 2026-03-05T14:00:00Z",
        );
    }

    #[test]
    fn of_two_campaigns_the_one_that_runs_counts() {
        let paused = attempt(AttemptState::Scheduled, CampaignStatus::Paused, -5);
        check(std::slice::from_ref(&paused), &[], "The campaign Recall is paused.");
        check(&[paused, attempt(AttemptState::Scheduled, CampaignStatus::Running, -1)], &[], "due");
    }

    #[test]
    fn an_open_attempt_says_more_than_a_planned_one() {
        let planned = attempt(AttemptState::Scheduled, CampaignStatus::Running, 1);
        check(&[planned, attempt(AttemptState::Accepted, CampaignStatus::Running, -1)], &[], "on the line");
    }

    #[test]
    fn without_a_plan_the_last_campaign_tells_why() {
        check(&[], &[], "It is in no campaign.");
        check(&[], &[enrollment(Some(Disposition::Reached), None)], "It was reached in Recall.");
        check(
            &[],
            &[enrollment(Some(Disposition::Excluded), Some("do_not_call"))],
            "Recall left it out: the phone is on a do-not-call list.",
        );
    }

    #[test]
    fn the_do_not_call_list_comes_before_every_plan() {
        let entry = DncEntry { reason: "asked not to be called".to_owned(), source: None, since: now() };
        let planned = [attempt(AttemptState::Scheduled, CampaignStatus::Running, -1)];

        let calling = calling(Some(&entry), &planned, &[], now());

        let Calling::Never { reason } = calling else { panic!("{calling:?}") };
        assert_eq!(reason, "The phone must not be called by anybody: asked not to be called.");
    }
}
