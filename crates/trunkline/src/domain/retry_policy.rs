//! When an enrolled lead is tried again, by how the last try ended.
//!
//! As JSON, in minutes: `{"attempts_max": 6, "no_answer": {"first": 90, "factor": 2, "max": 1440},
//! "voicemail": [240, 1440], "refused": null}`. After an outcome that is `null` the lead is not tried again; what is
//! not named is as in the default plan. The due time is only a wish: calling hours and limits are the dispatch
//! policy's.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::status::Disposition;

const ATTEMPTS_MAX: u32 = 30;
const FAILURES_MAX: u32 = 100;
const DELAYS_MAX: usize = 30;
const DELAY_MINUTES_MAX: u32 = 60 * 24 * 60;
const FACTOR_MAX: u32 = 10;
/// A delay grows by up to this share of itself, so that calls that failed together are not tried together. It
/// never shrinks: the plan's delay is a promise to the lead.
const JITTER_SHARE: f64 = 0.1;

/// How often and how soon the leads of a campaign are tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenPlan", into = "WrittenPlan")]
pub struct RetryPlan(WrittenPlan);

/// The JSON form, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrittenPlan {
    /// Tries that may have rung, over all outcomes.
    pub attempts_max: u32,
    /// Tries that failed before the phone rang. They are not the lead's doing and not among `attempts_max`.
    pub failures_max: u32,
    pub voicemail: Option<Delays>,
    pub no_answer: Option<Delays>,
    pub busy: Option<Delays>,
    pub refused: Option<Delays>,
    pub failed: Option<Delays>,
}

/// The delays after the first, second, … time of an outcome, in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Delays {
    /// One after the other; the last one again and again.
    Listed(Vec<u32>),
    Growing(Growth),
}

/// `first`, then each `factor` times the one before, at most `max`; in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Growth {
    pub first: u32,
    pub factor: u32,
    pub max: u32,
}

/// Why a plan is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RetryPlanError {
    #[error("{what} is {value}, from 1 to {max} is possible")]
    OutOfRange { what: &'static str, value: u32, max: u32 },
    #[error("a list of delays has {0} of them, from 1 to {DELAYS_MAX} are possible")]
    DelayCount(usize),
}

/// The tries of one enrollment so far, the one that just ended included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// Those that may have rung.
    pub counted: u32,
    /// Those that ended with the outcome of the last one.
    pub of_this_outcome: u32,
}

/// What follows a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    At(Timestamp),
    Done(Disposition),
}

impl RetryPlan {
    /// `jitter` is a random share from 0 to 1, drawn by the caller.
    pub fn next_try(&self, tries: Tries, outcome: Outcome, now: Timestamp, jitter: f64) -> Next {
        let Self(plan) = self;
        if outcome == Outcome::Answered {
            return Next::Done(Disposition::Reached);
        }
        let used_up = match outcome {
            Outcome::Failed => tries.of_this_outcome >= plan.failures_max,
            Outcome::Answered | Outcome::Voicemail | Outcome::NoAnswer | Outcome::Busy | Outcome::Refused => false,
        };
        let Some(delays) = plan.delays(outcome) else {
            return Next::Done(Disposition::Exhausted);
        };
        if used_up || tries.counted >= plan.attempts_max {
            return Next::Done(Disposition::Exhausted);
        }
        let minutes = f64::from(delays.minutes(tries.of_this_outcome));
        let jitter = if jitter > 0.0 { jitter.min(1.0) } else { 0.0 };
        let seconds = minutes * 60.0 * (1.0 + JITTER_SHARE * jitter);
        match now.checked_add(SignedDuration::from_secs_f64(seconds)) {
            Ok(at) => Next::At(at),
            Err(_) => Next::Done(Disposition::Exhausted),
        }
    }

    pub fn attempts_max(&self) -> u32 {
        self.0.attempts_max
    }
}

/// The plan of a campaign that names none.
impl Default for WrittenPlan {
    fn default() -> Self {
        let growing = |first, factor, max| Some(Delays::Growing(Growth { first, factor, max }));
        Self {
            attempts_max: 6,
            failures_max: 12,
            voicemail: Some(Delays::Listed(vec![4 * 60, 24 * 60])),
            no_answer: growing(90, 2, 24 * 60),
            busy: Some(Delays::Listed(vec![20])),
            refused: None,
            failed: growing(2, 2, 60),
        }
    }
}

impl WrittenPlan {
    fn delays(&self, outcome: Outcome) -> Option<&Delays> {
        match outcome {
            Outcome::Answered => None,
            Outcome::Voicemail => self.voicemail.as_ref(),
            Outcome::NoAnswer => self.no_answer.as_ref(),
            Outcome::Busy => self.busy.as_ref(),
            Outcome::Refused => self.refused.as_ref(),
            Outcome::Failed => self.failed.as_ref(),
        }
    }
}

impl TryFrom<WrittenPlan> for RetryPlan {
    type Error = RetryPlanError;

    fn try_from(plan: WrittenPlan) -> Result<Self, Self::Error> {
        in_range("attempts_max", plan.attempts_max, ATTEMPTS_MAX)?;
        in_range("failures_max", plan.failures_max, FAILURES_MAX)?;
        for delays in Outcome::ALL.iter().filter_map(|outcome| plan.delays(*outcome)) {
            delays.check()?;
        }
        Ok(Self(plan))
    }
}

impl From<RetryPlan> for WrittenPlan {
    fn from(plan: RetryPlan) -> Self {
        plan.0
    }
}

fn in_range(what: &'static str, value: u32, max: u32) -> Result<(), RetryPlanError> {
    if (1..=max).contains(&value) { Ok(()) } else { Err(RetryPlanError::OutOfRange { what, value, max }) }
}

impl Delays {
    fn check(&self) -> Result<(), RetryPlanError> {
        match self {
            Self::Listed(minutes) => {
                if minutes.is_empty() || minutes.len() > DELAYS_MAX {
                    return Err(RetryPlanError::DelayCount(minutes.len()));
                }
                minutes.iter().try_for_each(|delay| in_range("a delay", *delay, DELAY_MINUTES_MAX))
            }
            Self::Growing(Growth { first, factor, max }) => {
                in_range("the first delay", *first, DELAY_MINUTES_MAX)?;
                in_range("the factor", *factor, FACTOR_MAX)?;
                in_range("the longest delay", *max, DELAY_MINUTES_MAX)
            }
        }
    }

    /// After the outcome came for the nth time, counted from 1.
    fn minutes(&self, nth: u32) -> u32 {
        let before = nth.saturating_sub(1);
        match self {
            Self::Listed(minutes) => {
                let place = usize::try_from(before).unwrap_or(usize::MAX).min(minutes.len().saturating_sub(1));
                minutes.get(place).copied().unwrap_or(DELAY_MINUTES_MAX)
            }
            Self::Growing(Growth { first, factor, max }) => {
                first.saturating_mul(factor.saturating_pow(before)).min(*max)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn plan(json: &str) -> RetryPlan {
        serde_json::from_str(json).unwrap()
    }

    fn said(next: Next) -> String {
        match next {
            Next::At(at) => format!("{:#}", SignedDuration::from_secs(at.as_second())),
            Next::Done(disposition) => disposition.to_string(),
        }
    }

    /// Checks what follows the nth time of an outcome, without jitter, when no other try was made.
    #[track_caller]
    fn check(plan: &RetryPlan, outcome: Outcome, nth: u32, expected: &str) {
        let counted = if outcome == Outcome::Failed { 0 } else { nth };
        let tries = Tries { counted, of_this_outcome: nth };
        assert_eq!(said(plan.next_try(tries, outcome, NOW, 0.0)), expected);
    }

    #[test]
    fn a_lead_who_does_not_answer_is_tried_later_and_later_up_to_a_day() {
        let plan = RetryPlan::default();
        check(&plan, Outcome::NoAnswer, 1, "1h 30m");
        check(&plan, Outcome::NoAnswer, 2, "3h");
        check(&plan, Outcome::NoAnswer, 4, "12h");
        check(&plan, Outcome::NoAnswer, 5, "24h");
        check(&plan, Outcome::NoAnswer, 6, "exhausted");
    }

    #[test]
    fn a_busy_lead_is_tried_soon_and_a_voicemail_after_hours_then_the_next_day() {
        let plan = RetryPlan::default();
        check(&plan, Outcome::Busy, 1, "20m");
        check(&plan, Outcome::Busy, 3, "20m");
        check(&plan, Outcome::Voicemail, 1, "4h");
        check(&plan, Outcome::Voicemail, 2, "24h");
        check(&plan, Outcome::Voicemail, 3, "24h");
    }

    #[test]
    fn an_answered_lead_is_reached_and_a_refusal_is_not_tried_again() {
        check(&RetryPlan::default(), Outcome::Answered, 1, "reached");
        check(&RetryPlan::default(), Outcome::Answered, 30, "reached");
        check(&RetryPlan::default(), Outcome::Refused, 1, "exhausted");
        check(&plan(r#"{"refused":[60]}"#), Outcome::Refused, 1, "1h");
    }

    #[test]
    fn a_failure_backs_off_to_an_hour_and_ends_some_time() {
        let plan = RetryPlan::default();
        check(&plan, Outcome::Failed, 1, "2m");
        check(&plan, Outcome::Failed, 5, "32m");
        check(&plan, Outcome::Failed, 6, "1h");
        check(&plan, Outcome::Failed, 11, "1h");
        check(&plan, Outcome::Failed, 12, "exhausted");
    }

    #[test]
    fn tries_of_all_outcomes_together_use_up_the_plan() {
        let next = |counted| {
            let tries = Tries { counted, of_this_outcome: 1 };
            said(RetryPlan::default().next_try(tries, Outcome::Busy, NOW, 0.0))
        };
        assert_eq!(next(5), "20m");
        assert_eq!(next(6), "exhausted");
    }

    #[test]
    fn jitter_makes_a_delay_up_to_a_tenth_longer_and_never_shorter() {
        let tries = Tries { counted: 1, of_this_outcome: 1 };
        let next = |jitter| said(RetryPlan::default().next_try(tries, Outcome::Busy, NOW, jitter));
        assert_eq!(next(0.0), "20m");
        assert_eq!(next(0.5), "21m");
        assert_eq!(next(1.0), "22m");
        assert_eq!(next(7.0), "22m");
        assert_eq!(next(-3.0), "20m");
        assert_eq!(next(f64::NAN), "20m");
    }

    #[test]
    fn an_outcome_that_a_plan_silences_is_not_tried_again() {
        let plan = plan(r#"{"attempts_max":3,"voicemail":null}"#);
        check(&plan, Outcome::Voicemail, 1, "exhausted");
        check(&plan, Outcome::Busy, 2, "20m");
        check(&plan, Outcome::Busy, 3, "exhausted");
    }

    #[test]
    fn a_plan_is_read_as_it_is_written() {
        let other = plan(r#"{"attempts_max":2,"busy":{"first":5,"factor":3,"max":60},"voicemail":null}"#);
        for plan in [RetryPlan::default(), other] {
            let json = serde_json::to_string(&plan).unwrap();
            assert_eq!(serde_json::from_str::<RetryPlan>(&json).unwrap(), plan);
        }
    }

    #[test]
    fn a_plan_out_of_bounds_is_refused_with_the_reason() {
        let check = |json: &str, expected: &str| {
            let error = serde_json::from_str::<RetryPlan>(json).unwrap_err().to_string();
            assert_eq!(error, expected);
        };
        check(r#"{"attempts_max":0}"#, "attempts_max is 0, from 1 to 30 is possible");
        check(r#"{"attempts_max":31}"#, "attempts_max is 31, from 1 to 30 is possible");
        check(r#"{"busy":[]}"#, "a list of delays has 0 of them, from 1 to 30 are possible");
        check(r#"{"busy":[0]}"#, "a delay is 0, from 1 to 86400 is possible");
        check(r#"{"failed":{"first":1,"factor":11,"max":60}}"#, "the factor is 11, from 1 to 10 is possible");
    }
}
