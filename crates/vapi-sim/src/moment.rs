//! Instants as Vapi writes them: whole milliseconds, UTC.

use jiff::{SignedDuration, Timestamp};

/// Cuts `at` to the millisecond, so that what is listed is exactly what was printed.
pub(crate) fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).expect("a timestamp in milliseconds is a timestamp")
}

/// The instant `seconds` after `at`, in whole milliseconds.
pub(crate) fn after(at: Timestamp, seconds: f64) -> Timestamp {
    let shifted = at.saturating_add(SignedDuration::from_secs_f64(seconds));
    to_millisecond(shifted.unwrap_or(Timestamp::MAX))
}

/// `2026-11-24T09:00:00.000Z`.
pub(crate) fn iso(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Seconds from `start` to `end`, never negative.
pub(crate) fn seconds_between(start: Timestamp, end: Timestamp) -> f64 {
    end.duration_since(start).as_secs_f64().max(0.0)
}
