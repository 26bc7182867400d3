//! How many calls a day a new number may make: carriers flag one that calls much from its first day.
//!
//! As JSON: `[{"from_day": 0, "calls_per_day_max": 20}, {"from_day": 3, "calls_per_day_max": 40}]`; the last rung holds until
//! the number's own limit is lower.

use serde::{Deserialize, Serialize};

const RUNGS_MAX: usize = 20;
const DAYS_MAX: u32 = 365;

/// From this day of the number's warm-up on, its first being 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    pub from_day: u32,
    pub calls_per_day_max: u32,
}

/// Rungs in the order of their days, the first from day 0 on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Rung>", into = "Vec<Rung>")]
pub struct WarmUp(Vec<Rung>);

/// Why rungs are no ladder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WarmUpError {
    #[error("a warm-up has {0} rungs, from 1 to {RUNGS_MAX} are possible")]
    RungCount(usize),
    #[error("the first rung is from day {0}, not from day 0")]
    BeginsLate(u32),
    #[error("the rung from day {0} does not follow the one before, or lies beyond a year")]
    OutOfOrder(u32),
}

impl WarmUp {
    /// The limit on a day of the warm-up; `None` once the ladder is climbed: a week after its last rung began.
    pub fn calls_per_day_max(&self, day: i32) -> Option<i32> {
        let day = u32::try_from(day).unwrap_or(0);
        let last = self.0.last()?;
        if day >= last.from_day + 7 {
            return None;
        }
        let rung = self.0.iter().rev().find(|rung| rung.from_day <= day)?;
        i32::try_from(rung.calls_per_day_max).ok()
    }
}

/// Doubling over three weeks, which users of such systems report to keep numbers clean.
impl Default for WarmUp {
    fn default() -> Self {
        let rungs = [(0, 10), (3, 20), (7, 40), (11, 80), (14, 120), (21, 200)];
        Self(rungs.map(|(from_day, calls_per_day_max)| Rung { from_day, calls_per_day_max }).to_vec())
    }
}

impl TryFrom<Vec<Rung>> for WarmUp {
    type Error = WarmUpError;

    fn try_from(rungs: Vec<Rung>) -> Result<Self, Self::Error> {
        let first = rungs.first().filter(|_| rungs.len() <= RUNGS_MAX).ok_or(WarmUpError::RungCount(rungs.len()))?;
        if first.from_day != 0 {
            return Err(WarmUpError::BeginsLate(first.from_day));
        }
        let follows = |pair: &&[Rung]| pair[0].from_day < pair[1].from_day && pair[1].from_day <= DAYS_MAX;
        match rungs.windows(2).find(|pair| !follows(pair)) {
            Some(pair) => Err(WarmUpError::OutOfOrder(pair[1].from_day)),
            None => Ok(Self(rungs)),
        }
    }
}

impl From<WarmUp> for Vec<Rung> {
    fn from(ladder: WarmUp) -> Self {
        ladder.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_climbs_the_ladder_and_is_free_a_week_after_the_last_rung_began() {
        let on = |day| WarmUp::default().calls_per_day_max(day);
        assert_eq!(on(-1), Some(10));
        assert_eq!(on(0), Some(10));
        assert_eq!(on(2), Some(10));
        assert_eq!(on(3), Some(20));
        assert_eq!(on(27), Some(200));
        assert_eq!(on(28), None);
    }

    #[test]
    fn what_is_no_ladder_is_refused_with_the_reason() {
        let check = |rungs: &[(u32, u32)], expected: &str| {
            let rungs = rungs.iter().map(|&(from_day, calls_per_day_max)| Rung { from_day, calls_per_day_max });
            assert_eq!(WarmUp::try_from(rungs.collect::<Vec<_>>()).unwrap_err().to_string(), expected);
        };
        check(&[], "a warm-up has 0 rungs, from 1 to 20 are possible");
        check(&[(1, 10)], "the first rung is from day 1, not from day 0");
        check(
            &[(0, 10), (5, 20), (5, 30)],
            "the rung from day 5 does not follow the one before, or lies beyond a year",
        );
    }
}
