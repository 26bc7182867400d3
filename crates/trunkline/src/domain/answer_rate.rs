//! Whether people have stopped answering a number: what a carrier's "spam likely" looks like from here, for carriers send no
//! notice of it.
//!
//! Looked at are a number's first calls to a lead, for who did not answer once answers less the next time, whatever number
//! calls. The test is the generalized likelihood ratio for one change of a rate: each place in the series is tried as the
//! change, and the likeliest must explain the series e⁸ times as well as no change does. Held against series without a change
//! that is a false alarm in about ten thousand calls; a fall from 38 % to 14 % is seen after some forty.

use jiff::SignedDuration;
use std::fmt;

/// So many of a number's latest first calls are looked at.
pub const ANSWERS_MAX: usize = 300;
/// How long a number rests that people stopped answering: days in which carriers see no call of it. Our own choice; a person
/// may take it up sooner.
pub const REST: SignedDuration = SignedDuration::from_hours(72);

/// With fewer before the change, the rate that it fell from is a guess.
const BEFORE_MIN: usize = 40;
/// With fewer after it, it may be a bad hour.
const AFTER_MIN: usize = 20;
/// A smaller fall than to one half is what another list of leads does.
const FALLS_TO_ONE_IN: u32 = 2;
const LOG_LIKELIHOOD_RATIO_MIN: f64 = 8.0;

/// How many of some calls were answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    pub answered: u32,
    pub calls: u32,
}

/// The rate fell: before the likeliest place of the change, and since. For people: completes "it rests: …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fall {
    pub before: Answered,
    pub since: Answered,
}

/// The fall in a series of first calls, the oldest first, each answered or not; `None` if it is as good as even.
pub fn fall(answers: &[bool]) -> Option<Fall> {
    let all = Answered::of(answers);
    let last = answers.len().checked_sub(AFTER_MIN)?;
    let sums = answers.iter().scan(Answered::default(), |sum, answered| {
        *sum = Answered { answered: sum.answered + u32::from(*answered), calls: sum.calls + 1 };
        Some(*sum)
    });
    let falls = sums.take(last).skip(BEFORE_MIN - 1).filter_map(|before| {
        let since = Answered { answered: all.answered - before.answered, calls: all.calls - before.calls };
        let is_fall = since.answered * before.calls * FALLS_TO_ONE_IN <= before.answered * since.calls;
        is_fall
            .then(|| (before.log_likelihood() + since.log_likelihood() - all.log_likelihood(), Fall { before, since }))
    });
    let (ratio, likeliest) = falls.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (ratio > LOG_LIKELIHOOD_RATIO_MIN).then_some(likeliest)
}

impl Answered {
    fn of(answers: &[bool]) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { answered: count(answers.iter().filter(|answered| **answered).count()), calls: count(answers.len()) }
    }

    /// Of these answers, at the rate that they have.
    fn log_likelihood(self) -> f64 {
        let calls = f64::from(self.calls);
        let part = |count: u32| if count == 0 { 0.0 } else { f64::from(count) * (f64::from(count) / calls).ln() };
        part(self.answered) + part(self.calls - self.answered)
    }

    fn percent(self) -> u32 {
        (self.answered * 100 + self.calls / 2) / self.calls.max(1)
    }
}

impl fmt::Display for Fall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before, since } = self;
        write!(
            f,
            "people stopped answering it: {} of its last {} first calls were answered ({} %), {} of {} before ({} %)",
            since.answered,
            since.calls,
            since.percent(),
            before.answered,
            before.calls,
            before.percent()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers at a rate of so many percent, the same for the same seed (`SplitMix64`).
    fn answers(seed: u64, percent: u64) -> impl Iterator<Item = bool> {
        (1..).map(move |nth: u64| {
            let mut mixed = (seed << 32).wrapping_add(nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % 100 < percent
        })
    }

    /// The calls after which the alarm is raised, each time with the series begun anew.
    fn alarms(series: impl Iterator<Item = bool>) -> Vec<usize> {
        let (mut watched, mut raised) = (Vec::new(), Vec::new());
        for (place, answered) in series.enumerate() {
            watched.push(answered);
            if watched.len() > ANSWERS_MAX {
                watched.remove(0);
            }
            if !answered && fall(&watched).is_some() {
                raised.push(place + 1);
                watched.clear();
            }
        }
        raised
    }

    #[test]
    fn a_number_whose_calls_fewer_people_answer_is_told_within_some_calls() {
        let after = |seed| {
            let series = answers(seed, 38).take(200).chain(answers(seed + 1000, 14).take(200));
            alarms(series).first().map(|call| call.saturating_sub(200))
        };
        let mut delays: Vec<usize> = (0..40).filter_map(after).collect();
        delays.sort_unstable();
        assert!(delays.len() >= 38, "{} of 40 are seen", delays.len());
        assert!(delays[20] <= 50, "{delays:?}");
    }

    #[test]
    fn a_number_that_is_answered_as_ever_rests_for_nothing_once_in_thousands_of_calls_at_most() {
        for percent in [8, 25, 38, 60] {
            let raised: usize = (0..2).map(|seed| alarms(answers(seed, percent).take(2500)).len()).sum();
            assert!(raised <= 2, "{raised} false alarms in 5000 calls at {percent} %");
        }
    }

    #[test]
    fn a_smaller_fall_and_too_few_calls_raise_no_alarm() {
        let of = |parts: &[(usize, usize)]| -> Vec<bool> {
            let part =
                |&(answered, calls): &(usize, usize)| (0..calls).map(move |nth| nth * answered % calls < answered);
            parts.iter().flat_map(part).collect()
        };
        assert_eq!(fall(&[]), None);
        assert_eq!(fall(&of(&[(30, 60), (0, 12)])), None, "twelve calls are a bad hour");
        assert_eq!(fall(&of(&[(20, 39), (0, 20)])), None, "it was not known yet");
        assert_eq!(fall(&of(&[(80, 160), (40, 140)])), None, "to more than one half");
        assert_eq!(fall(&of(&[(10, 100), (40, 100)])), None, "a rise");
        assert!(fall(&of(&[(80, 160), (2, 40)])).is_some());
    }

    #[test]
    fn the_reason_has_its_figures() {
        let fall = Fall { before: Answered { answered: 62, calls: 164 }, since: Answered { answered: 5, calls: 36 } };
        let told =
            "people stopped answering it: 5 of its last 36 first calls were answered (14 %), 62 of 164 before (38 %)";
        assert_eq!(fall.to_string(), told);
    }
}
