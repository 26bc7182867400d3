//! Whose turn among campaigns of one organization: by priority, and by waiting, so that a low priority is late but not
//! forgotten.

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
}
