//! How many requests a minute a provider account is asked now: fewer after it refused some, and few after a rest.
//!
//! Halved by each refusal, down to an eighth, and an eighth more with every minute that passes without one: so an account
//! that is well again is at its full pace after seven minutes at most, and serves within the first.

use jiff::{SignedDuration, Timestamp};

/// So many parts of the full pace come back in as many minutes; one of them is never taken away.
const PARTS: i32 = 8;
/// An account that was asked nothing for so long starts slowly, where it is set to.
const IDLE: SignedDuration = SignedDuration::from_mins(10);

/// What the row of an account knows about its pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPace {
    pub per_minute_max: i32,
    /// To how many a minute the last refusal slowed it, and when.
    pub slowed: Option<(i32, Timestamp)>,
    /// In how many minutes it comes to its full pace after a rest; 0: at once.
    pub slow_start_minutes: i32,
    /// When the first request after the last rest was made.
    pub busy_since: Option<Timestamp>,
    /// The minute of the last request.
    pub last_minute_at: Timestamp,
}

impl RequestPace {
    /// Requests of the current minute that are allowed in all; at least one.
    pub fn allowed(&self, now: Timestamp) -> i32 {
        self.after_refusal(now).min(self.after_rest(now)).max(1)
    }

    /// To how many a minute a refusal at `now` slows it.
    pub fn slowed_by_refusal(&self, now: Timestamp) -> i32 {
        (self.after_refusal(now) / 2).max(self.part())
    }

    /// True if the request made now is the first after a rest.
    pub fn begins_after_rest(&self, now: Timestamp) -> bool {
        self.busy_since.is_none() || now.duration_since(self.last_minute_at) > IDLE
    }

    fn after_refusal(&self, now: Timestamp) -> i32 {
        let Some((slowed_to, at)) = self.slowed else { return self.per_minute_max };
        let minutes = minutes_between(at, now).min(PARTS);
        slowed_to.saturating_add(self.part() * minutes).min(self.per_minute_max)
    }

    fn after_rest(&self, now: Timestamp) -> i32 {
        if self.slow_start_minutes == 0 {
            return self.per_minute_max;
        }
        let minutes = match self.busy_since {
            Some(since) if !self.begins_after_rest(now) => minutes_between(since, now),
            _ => 0,
        };
        let share = i64::from(self.per_minute_max) * i64::from(minutes + 1) / i64::from(self.slow_start_minutes + 1);
        i32::try_from(share).unwrap_or(i32::MAX).min(self.per_minute_max)
    }

    fn part(&self) -> i32 {
        (self.per_minute_max / PARTS).max(1)
    }
}

fn minutes_between(from: Timestamp, to: Timestamp) -> i32 {
    i32::try_from(to.duration_since(from).as_mins()).unwrap_or(i32::MAX - 1).clamp(0, i32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn pace() -> RequestPace {
        RequestPace { per_minute_max: 80, slowed: None, slow_start_minutes: 0, busy_since: None, last_minute_at: START }
    }

    #[test]
    fn each_refusal_halves_the_pace_down_to_an_eighth() {
        let mut pace = pace();
        let mut slowed_to = Vec::new();
        for _ in 0..5 {
            let to = pace.slowed_by_refusal(START);
            pace.slowed = Some((to, START));
            slowed_to.push(pace.allowed(START));
        }
        assert_eq!(slowed_to, [40, 20, 10, 10, 10]);
    }

    #[test]
    fn an_eighth_comes_back_with_every_minute() {
        let slowed = RequestPace { slowed: Some((10, START)), ..pace() };
        let after = [0, 1, 3, 6, 7, 60].map(|minutes| slowed.allowed(START + MINUTE * minutes));
        assert_eq!(after, [10, 20, 40, 70, 80, 80]);
    }

    #[test]
    fn an_account_starts_slowly_after_a_rest_where_it_is_set_to() {
        let slow = RequestPace { slow_start_minutes: 3, ..pace() };
        assert_eq!(slow.allowed(START), 20);
        let busy = |minutes| RequestPace { busy_since: Some(START), last_minute_at: START + MINUTE * minutes, ..slow };
        assert_eq!([1, 2, 3, 9].map(|minutes| busy(minutes).allowed(START + MINUTE * minutes)), [40, 60, 80, 80]);
        assert_eq!(busy(9).allowed(START + MINUTE * 20), 20);
        assert!(busy(9).begins_after_rest(START + MINUTE * 20) && !busy(9).begins_after_rest(START + MINUTE * 19));
    }

    #[test]
    fn at_least_one_request_a_minute_is_always_allowed() {
        let tiny = RequestPace { per_minute_max: 1, slow_start_minutes: 10, ..pace() };
        assert_eq!(tiny.allowed(START), 1);
        assert_eq!(RequestPace { slowed: Some((tiny.slowed_by_refusal(START), START)), ..tiny }.allowed(START), 1);
    }
}
