//! What the instants of an answer say.

use super::*;
use crate::domain::time_zone::named;

#[track_caller]
fn check(at: &str, now: &str, readers: &str, expected: &str) {
    let (theirs, readers) = (named("America/New_York").unwrap(), named(readers).unwrap());
    assert_eq!(when(at.parse().unwrap(), now.parse().unwrap(), &theirs, &readers), expected);
}

#[test]
fn an_instant_is_told_where_the_lead_is_and_where_the_reader_is() {
    let evening = "2026-03-05T01:14:00Z";
    check("2026-03-05T14:00:00Z", evening, "America/New_York", "tomorrow 09:00 New York time");
    check("2026-03-05T14:00:00Z", evening, "Europe/Berlin", "tomorrow 09:00 New York time (15:00 Berlin time)");
    check("2026-03-09T13:00:00Z", evening, "UTC", "Monday 9 March 09:00 New York time (13:00 UTC)");
    check("2026-03-05T02:00:00Z", evening, "Europe/Berlin", "today 21:00 New York time (today 03:00 Berlin time)");
}

#[test]
fn a_turn_that_nobody_took_is_told_apart_from_one_that_has_not_come() {
    let now: Timestamp = "2026-03-05T15:00:00Z".parse().unwrap();
    let at = |minutes| TurnCase {
        organization: "Acme",
        next_at: now + SignedDuration::from_mins(minutes),
        quarantined_because: None,
    };

    assert_eq!(turn_of(&at(9), now).because, "turn_not_come");
    assert_eq!(turn_of(&at(0), now).because, "due");
    assert_eq!(turn_of(&at(-9), now).because, "nobody_dials");
}
