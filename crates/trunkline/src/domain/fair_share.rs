//! Whose turn among campaigns of one organization: by priority, and by waiting, so that a low priority is late but not
//! forgotten. And among organizations: by weight.

use jiff::{SignedDuration, Timestamp};

/// With each such time in which a campaign had due attempts and took up none, it rises by a step of priority.
const STEP: SignedDuration = SignedDuration::from_mins(10);
/// Points of priority; lower goes first.
const POINTS_PER_STEP: i64 = 10;

/// The priority of a campaign that waits since an instant. One that is `n` points behind another is served in turn with it
/// after `n` minutes at most, however many attempts of the other are due.
pub fn aged_priority(priority: i32, waiting_since: Option<Timestamp>, now: Timestamp) -> i32 {
    let waited = waiting_since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let steps = waited.as_secs().max(0) / STEP.as_secs();
    let risen = i64::from(priority) - steps * POINTS_PER_STEP;
    i32::try_from(risen).unwrap_or(i32::MIN)
}

/// Virtual time that passes for an organization of weight 1 with each call that it takes up. For others it passes more
/// slowly by their weight, so that by going forward at one pace they get calls in proportion to their weights.
const PER_CALL: i64 = 1_000_000;

/// An organization's virtual time after it has taken up so many calls.
pub fn advanced(virtual_time: i64, calls: i32, weight: i32) -> i64 {
    virtual_time.saturating_add(i64::from(calls) * PER_CALL / i64::from(weight.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_rises_by_ten_points_in_ten_minutes_of_waiting() {
        let since = Timestamp::UNIX_EPOCH;
        let after = |minutes| aged_priority(200, Some(since), since + SignedDuration::from_mins(minutes));
        assert_eq!([-5, 0, 9, 10, 25, 100].map(after), [200, 200, 200, 190, 180, 100]);
        assert_eq!(aged_priority(200, None, since), 200);
    }

    #[test]
    fn at_one_pace_calls_are_in_proportion_to_weights() {
        let mut organizations = [(1, 0, 0), (3, 0, 0), (6, 0, 0)];
        for _ in 0..1_000 {
            let (weight, virtual_time, calls) = organizations.iter_mut().min_by_key(|(_, at, _)| *at).unwrap();
            *virtual_time = advanced(*virtual_time, 1, *weight);
            *calls += 1;
        }
        assert_eq!(organizations.map(|(_, _, calls)| calls), [100, 300, 600]);
    }
}
