//! What has to be listed before a database may be dialed from that lacks what was done since it was copied.
//!
//! Whatever was sent before the quarantine began has arrived or died, and is listed, a settling time later (the proof of
//! absence rests on the same times). So two stretches of an account's calls are listed: what was created until the quarantine
//! began, at once, and what requests that were still under way have created, once they have settled.

use super::timing::Timing;
use jiff::{SignedDuration, Timestamp};

/// The provider's clock and ours may differ by this much.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);

/// What is to be done next for one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adoption {
    /// List the calls that were created in this time. Once all are in the ledger, the account has been adopted until
    /// `then`; `None`: there is nothing left.
    List { from: Timestamp, to: Timestamp, then: Option<Timestamp> },
    /// Requests of before the quarantine may still be under way.
    Wait,
}

/// `since`: when the quarantine began; `adopted_until`: calls created before are in the ledger.
pub fn next_adoption(since: Timestamp, adopted_until: Timestamp, timing: &Timing, now: Timestamp) -> Adoption {
    let from = adopted_until - CLOCK_SKEW;
    if adopted_until < since {
        return Adoption::List { from, to: since + CLOCK_SKEW, then: Some(since) };
    }
    if now < since + timing.settle {
        return Adoption::Wait;
    }
    Adoption::List { from: from - timing.settle, to: now + CLOCK_SKEW, then: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        "2026-03-04T17:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
    }

    #[test]
    fn what_was_created_until_the_quarantine_is_listed_at_once_and_the_rest_when_every_request_has_settled() {
        let next = |adopted_until, now| next_adoption(at(0), adopted_until, &Timing::at_speed(1), now);

        let first = Adoption::List { from: at(-61), to: at(1), then: Some(at(0)) };
        assert_eq!(next(at(-60), at(0)), first);
        assert_eq!(next(at(-60), at(30)), first, "as long as it takes");
        assert_eq!(next(at(0), at(0)), Adoption::Wait);
        assert_eq!(next(at(0), at(2)), Adoption::Wait);
        assert_eq!(next(at(0), at(3)), Adoption::List { from: at(-4), to: at(4), then: None });
    }
}
