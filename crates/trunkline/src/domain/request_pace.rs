//! How many requests a minute a provider account is asked now: fewer after it refused some, few after a rest, and one while it
//! seems to be away.
//!
//! Halved in each minute in which it refuses some of what it is asked, down to an eighth, and an eighth more with every minute
//! that passes. An account that serves nothing at all is not asked too fast, it is away: one request a minute finds out when
//! it is back, and then it is asked at its full pace at once.

use jiff::{SignedDuration, Timestamp};

/// So many parts of the full pace come back in as many minutes; one of them is never taken away.
const PARTS: i32 = 8;
/// An account that was asked for no call for so long starts slowly, where it is set to.
const IDLE: SignedDuration = SignedDuration::from_mins(10);

/// Requests in a row that came to nothing, without an answer or with "too many": then the account is taken to be away. Fewer
/// may be two calls' bad luck.
pub const FRUITLESS_IN_A_ROW_MAX: i32 = 3;

/// What the row of an account knows about its pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestPace {
    pub per_minute_max: i32,
    /// To how many a minute the last refusal slowed it, and when.
    pub slowed: Option<(i32, Timestamp)>,
    /// In how many minutes it comes to its full pace after a rest; 0: at once.
    pub slow_start_minutes: i32,
    /// When the first call after the last rest was asked for.
    pub busy_since: Option<Timestamp>,
    /// The minute of the last request of any kind.
    pub last_minute_at: Timestamp,
    /// The second of the last call. Listings are asked for every minute, and are no call.
    pub last_call_at: Timestamp,
    /// Requests since the last one that was answered to some purpose.
    pub fruitless_in_a_row: i32,
}

impl RequestPace {
    /// Calls that may be asked for in what is left of the minute, in which so many requests of all kinds were made.
    pub fn calls_left(&self, now: Timestamp, asked: i32) -> i32 {
        if self.is_away() {
            // Listings are no obstacle to finding out.
            return i32::from(minute_of(self.last_call_at) < minute_of(now));
        }
        self.paced(now) - asked
    }

    /// Requests of the current minute that are allowed in all; at least one, and no more while it is away.
    pub fn allowed(&self, now: Timestamp) -> i32 {
        if self.is_away() { 1 } else { self.paced(now) }
    }

    fn paced(&self, now: Timestamp) -> i32 {
        self.after_refusal(now).min(self.after_rest(now)).max(1)
    }

    pub fn is_away(&self) -> bool {
        self.fruitless_in_a_row >= FRUITLESS_IN_A_ROW_MAX
    }

    /// To how many a minute a refusal at `now` slows it. Those of one minute are one: what was under way together is refused
    /// together.
    pub fn slowed_by_refusal(&self, now: Timestamp) -> i32 {
        match self.slowed {
            Some((slowed_to, at)) if minute_of(at) == minute_of(now) => slowed_to,
            _ => (self.after_refusal(now) / 2).max(self.part()),
        }
    }

    /// True if the call asked for now is the first after a rest.
    pub fn begins_after_rest(&self, now: Timestamp) -> bool {
        self.busy_since.is_none() || now.duration_since(self.last_call_at) > IDLE
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

/// The UTC minute, by which the provider counts.
fn minute_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
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
        RequestPace {
            per_minute_max: 80,
            slowed: None,
            slow_start_minutes: 0,
            busy_since: None,
            last_minute_at: START,
            last_call_at: START,
            fruitless_in_a_row: 0,
        }
    }

    #[test]
    fn each_minute_with_a_refusal_halves_the_pace_down_to_an_eighth() {
        let mut pace = pace();
        let mut slowed_to = Vec::new();
        for minute in 0..7 {
            for second in [1, 2, 59] {
                let now = START + MINUTE * minute + SignedDuration::from_secs(second);
                pace.slowed = Some((pace.slowed_by_refusal(now), now));
            }
            slowed_to.push(pace.allowed(START + MINUTE * minute));
        }
        assert_eq!(slowed_to, [40, 20, 10, 10, 10, 10, 10]);
    }

    #[test]
    fn an_account_that_serves_nothing_is_asked_once_a_minute_and_fully_when_it_serves_again() {
        let left = |fruitless_in_a_row, seconds| {
            RequestPace { fruitless_in_a_row, ..pace() }.calls_left(START + SignedDuration::from_secs(seconds), 5)
        };
        assert_eq!([0, 2].map(|fruitless| left(fruitless, 59)), [75, 75]);
        // In the minute of the last call there is no other, whatever else was asked for.
        assert_eq!([3, 99].map(|fruitless| left(fruitless, 59)), [0, 0]);
        assert_eq!([3, 99].map(|fruitless| left(fruitless, 60)), [1, 1]);
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
        let busy = |minutes| RequestPace { busy_since: Some(START), last_call_at: START + MINUTE * minutes, ..slow };
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
