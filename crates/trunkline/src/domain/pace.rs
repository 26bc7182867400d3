//! What holds a campaign's pace, and when it will be done at that pace.

use super::calling_hours::CallingHours;
use super::dispatch_policy::Deferral;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A maximum that can hold a campaign back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKind {
    CampaignLines,
    AgentLines,
    OrganizationLines,
    OrganizationCallsToday,
    NumberCallsToday,
    PoolLines,
    AccountRequests,
}

/// How much of a maximum is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitUse {
    pub kind: LimitKind,
    pub used: u64,
    pub max: u64,
}

/// The attempt of a campaign that is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextAttempt {
    pub due_at: Timestamp,
    /// Why it was put off, if a rule did; a retry has none.
    pub deferred_because: Option<Deferral>,
}

#[derive(Debug, Clone)]
pub struct PaceFacts<'a> {
    pub now: Timestamp,
    pub is_running: bool,
    pub limits: &'a [LimitUse],
    pub next_attempt: Option<NextAttempt>,
    /// What held the organization back at its last turn.
    pub waiting_because: Option<Deferral>,
}

/// What sets the pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceCause {
    NotRunning,
    /// This limit is used up. The place is that in the facts.
    Limit(usize),
    /// Something else than a limit.
    HeldBack(Deferral),
    /// No lead that is left may be called before then.
    ClosedUntil(Timestamp),
    /// Every lead that is left waits for a retry, the first until then.
    RetriesFrom(Timestamp),
    /// Every lead that is left waits for a reason of its own; this is the first one's, and until when.
    LeadsWait(Deferral, Timestamp),
    /// Every lead that is due is being called.
    Nothing,
}

/// The one thing that holds the pace now.
pub fn cause(facts: &PaceFacts<'_>) -> PaceCause {
    if !facts.is_running {
        return PaceCause::NotRunning;
    }
    let Some(next) = facts.next_attempt else {
        return PaceCause::Nothing;
    };
    if next.due_at > facts.now {
        return match next.deferred_because {
            Some(Deferral::OutsideCallingHours) => PaceCause::ClosedUntil(next.due_at),
            Some(because) => PaceCause::LeadsWait(because, next.due_at),
            None => PaceCause::RetriesFrom(next.due_at),
        };
    }
    let told =
        facts.waiting_because.and_then(|because| facts.limits.iter().position(|limit| is_of(because, limit.kind)));
    let is_full = |place: &usize| facts.limits[*place].used >= facts.limits[*place].max;
    let full = told.filter(is_full).or_else(|| (0..facts.limits.len()).find(is_full));
    match (full, facts.waiting_because) {
        (Some(place), _) => PaceCause::Limit(place),
        (None, Some(because)) if concerns_every_campaign(because) => PaceCause::HeldBack(because),
        (None, _) => PaceCause::Nothing,
    }
}

fn is_of(because: Deferral, kind: LimitKind) -> bool {
    match because {
        Deferral::OrganizationCalledEnoughToday => kind == LimitKind::OrganizationCallsToday,
        Deferral::OrganizationLinesInUse => kind == LimitKind::OrganizationLines,
        Deferral::CampaignLinesInUse => kind == LimitKind::CampaignLines,
        Deferral::AgentLinesInUse => kind == LimitKind::AgentLines,
        Deferral::NumbersCalledEnoughToday => kind == LimitKind::NumberCallsToday,
        Deferral::RequestsPerMinute => kind == LimitKind::AccountRequests,
        Deferral::NoFreeLine => kind == LimitKind::PoolLines,
        Deferral::OutsideCallingHours
        | Deferral::LeadsDayIsEnding
        | Deferral::PhoneIsHeld
        | Deferral::CallBackLater
        | Deferral::LeadCalledEnoughToday
        | Deferral::LeadCalledEnoughLately
        | Deferral::SamePartOfDay
        | Deferral::RangRecently
        | Deferral::PhoneIsBusy
        | Deferral::AgencyPaused
        | Deferral::OrganizationSuspended
        | Deferral::CampaignNotRunning
        | Deferral::AgentResting
        | Deferral::OrganizationBudgetSpent
        | Deferral::CampaignBudgetSpent
        | Deferral::NumbersResting
        | Deferral::NumbersWarmingUp
        | Deferral::NumbersCalledEnoughThisHour
        | Deferral::NumbersPausing
        | Deferral::NoUsableNumber
        | Deferral::AccountPaused
        | Deferral::RequestsPerSecond
        | Deferral::LinesKeptForOthers => false,
    }
}

/// What held the organization back may have been another campaign's matter; these are not, or stand still until a person
/// acts, so that they are worth being said in either case.
fn concerns_every_campaign(because: Deferral) -> bool {
    matches!(
        because,
        Deferral::AgencyPaused
            | Deferral::OrganizationSuspended
            | Deferral::OrganizationBudgetSpent
            | Deferral::AgentResting
            | Deferral::NumbersResting
            | Deferral::NoUsableNumber
            | Deferral::AccountPaused
            | Deferral::NoFreeLine
            | Deferral::LinesKeptForOthers
            | Deferral::RequestsPerMinute
    )
}

/// Turns of hours that an estimate looks through.
const OPENINGS_MAX: usize = 60;

/// When work of `open_minutes` is done if it goes on only while `hours` are open in `zone`; `None` if that is farther
/// away than anybody can tell.
pub fn done_at(now: Timestamp, open_minutes: u64, hours: &CallingHours, zone: &TimeZone) -> Option<Timestamp> {
    let zones = std::slice::from_ref(zone);
    let mut left = SignedDuration::from_mins(i64::try_from(open_minutes).ok()?);
    let mut at = now;
    for _ in 0..OPENINGS_MAX {
        at = hours.next_open(at, zones, SignedDuration::ZERO)?;
        let closes = hours.closes_at(at, zones)?;
        let open = closes.duration_since(at);
        if left <= open {
            return at.checked_add(left).ok();
        }
        left -= open;
        at = closes;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T15:00:00Z".parse().unwrap()
    }

    fn full(kind: LimitKind) -> LimitUse {
        LimitUse { kind, used: 4, max: 4 }
    }

    fn free(kind: LimitKind) -> LimitUse {
        LimitUse { kind, used: 1, max: 4 }
    }

    fn due(limits: &[LimitUse]) -> PaceFacts<'_> {
        let next_attempt = Some(NextAttempt { due_at: now(), deferred_because: None });
        PaceFacts { now: now(), is_running: true, limits, next_attempt, waiting_because: None }
    }

    #[test]
    fn a_full_limit_holds_a_campaign_with_leads_that_are_due() {
        let limits = [free(LimitKind::CampaignLines), full(LimitKind::PoolLines)];

        assert_eq!(cause(&due(&limits)), PaceCause::Limit(1));
        assert_eq!(cause(&PaceFacts { is_running: false, ..due(&limits) }), PaceCause::NotRunning);
        assert_eq!(cause(&PaceFacts { next_attempt: None, ..due(&limits) }), PaceCause::Nothing);
    }

    #[test]
    fn of_two_full_limits_the_one_that_the_dialer_told_of_holds() {
        let limits = [full(LimitKind::CampaignLines), full(LimitKind::OrganizationLines)];
        let told = PaceFacts { waiting_because: Some(Deferral::OrganizationLinesInUse), ..due(&limits) };

        assert_eq!(cause(&told), PaceCause::Limit(1));
    }

    #[test]
    fn what_waits_for_its_time_says_until_when() {
        let later = now() + SignedDuration::from_hours(2);
        let waits = |deferred_because| PaceFacts {
            next_attempt: Some(NextAttempt { due_at: later, deferred_because }),
            ..due(&[])
        };

        assert_eq!(cause(&waits(Some(Deferral::OutsideCallingHours))), PaceCause::ClosedUntil(later));
        assert_eq!(cause(&waits(None)), PaceCause::RetriesFrom(later));
        assert_eq!(cause(&waits(Some(Deferral::RangRecently))), PaceCause::LeadsWait(Deferral::RangRecently, later));
    }

    #[test]
    fn what_stands_still_until_a_person_acts_is_said() {
        let resting = PaceFacts { waiting_because: Some(Deferral::AgentResting), ..due(&[]) };
        let other_campaigns = PaceFacts { waiting_because: Some(Deferral::CampaignLinesInUse), ..due(&[]) };

        assert_eq!(cause(&resting), PaceCause::HeldBack(Deferral::AgentResting));
        assert_eq!(cause(&other_campaigns), PaceCause::Nothing);
    }

    #[test]
    fn work_that_does_not_fit_before_closing_goes_on_at_the_next_opening() {
        let hours: CallingHours = serde_json::from_str(r#"{"tue": ["09:00-17:00"], "wed": ["09:00-17:00"]}"#).unwrap();
        let done = |minutes| done_at(now(), minutes, &hours, &TimeZone::UTC).map(|at| at.to_string());

        assert_eq!(done(60).as_deref(), Some("2026-11-24T16:00:00Z"));
        assert_eq!(done(180).as_deref(), Some("2026-11-25T10:00:00Z"));
        assert_eq!(done(u64::MAX), None);
    }
}
