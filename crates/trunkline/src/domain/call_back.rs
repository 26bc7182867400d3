//! The time at which a person in a call wants to be called again: what an assistant says of it, and whether it can be.

use super::calling_hours::CallingHours;
use super::time_zone::LeadZone;
use super::tool::text_argument;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

const TIMES: [&str; 5] = ["time", "at", "when", "date_time", "datetime"];
const MINUTES: [&str; 3] = ["in_minutes", "minutes", "inMinutes"];
/// Nobody knows what will be later.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Why there is no call-back then, in words for the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCallBack {
    #[error("give the time as `time`, such as 2026-03-05T15:30, or as `in_minutes`")]
    Unreadable,
    #[error("this time is over: ask for a later one")]
    Past,
    #[error("this time is too far ahead: ask for one within 60 days")]
    TooFar,
    #[error("nobody may be called then; the next time is {0}")]
    ClosedUntil(String),
    #[error("nobody may be called then")]
    Closed,
}

/// When the person is called, if that is inside the hours in every zone where it may be. A time without an offset is
/// the person's own.
pub fn agreed(
    arguments: &Map<String, Value>,
    now: Timestamp,
    zones: &LeadZone,
    hours: &CallingHours,
) -> Result<Timestamp, NoCallBack> {
    let at = named(arguments, now, zones.first()).ok_or(NoCallBack::Unreadable)?;
    if at <= now {
        return Err(NoCallBack::Past);
    }
    if at.duration_since(now) > AHEAD_MAX {
        return Err(NoCallBack::TooFar);
    }
    if hours.is_open(at, zones.zones(), SignedDuration::ZERO) {
        return Ok(at);
    }
    let next = hours.next_open(at, zones.zones(), SignedDuration::ZERO);
    Err(next.map_or(NoCallBack::Closed, |next| NoCallBack::ClosedUntil(spoken(next, zones.first()))))
}

fn named(arguments: &Map<String, Value>, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let minutes = MINUTES.iter().find_map(|name| minutes(arguments.get(*name)?));
    if let Some(minutes) = minutes {
        return now.checked_add(SignedDuration::from_mins(minutes)).ok();
    }
    let text = text_argument(arguments, &TIMES)?;
    let local = || text.parse::<DateTime>().ok().and_then(|time| zone.to_timestamp(time).ok());
    text.parse().ok().or_else(local)
}

/// As a number, or as a text that is one.
fn minutes(value: &Value) -> Option<i64> {
    let minutes = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (0..=AHEAD_MAX.as_mins() + 1).contains(&minutes).then_some(minutes)
}

/// As one says it: "Thursday, March 5, at 3:30 PM (`America/New_York`)".
pub fn spoken(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone()).strftime("%A, %B %-d, at %-I:%M %p");
    match zone.iana_name() {
        Some(name) => format!("{local} ({name})"),
        None => local.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::time_zone;
    use super::*;
    use serde_json::json;

    /// A Wednesday, noon in New York.
    const NOW: &str = "2026-03-04T17:00:00Z";

    #[track_caller]
    fn check(arguments: &Value, expected: Result<&str, &str>) {
        let zones = LeadZone::of(Some(&time_zone::named("America/New_York").unwrap()), None, None, &TimeZone::UTC);
        let hours: CallingHours =
            serde_json::from_value(json!({ "mon": ["09:00-20:00"], "thu": ["09:00-20:00"] })).unwrap();
        let found = agreed(arguments.as_object().unwrap(), NOW.parse().unwrap(), &zones, &hours);
        let found = found.map(|at| at.to_string()).map_err(|no| no.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{arguments}");
    }

    #[test]
    fn a_time_is_the_persons_own_unless_it_names_another() {
        for time in ["2026-03-05T15:30", "2026-03-05 15:30:00", "2026-03-05T15:30:00-05:00", "2026-03-05T20:30:00Z"] {
            check(&json!({ "time": time }), Ok("2026-03-05T20:30:00Z"));
        }
        check(&json!({ "in_minutes": 24 * 60 }), Ok("2026-03-05T17:00:00Z"));
        check(&json!({ "minutes": "1440" }), Ok("2026-03-05T17:00:00Z"));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        let unreadable = "give the time as `time`, such as 2026-03-05T15:30, or as `in_minutes`";
        for odd in [json!({}), json!({ "time": "tomorrow" }), json!({ "in_minutes": -5 }), json!({ "time": ["x"] })] {
            check(&odd, Err(unreadable));
        }
        check(&json!({ "time": "2026-03-04T11:59" }), Err("this time is over: ask for a later one"));
        check(&json!({ "time": "2027-03-04" }), Err("this time is too far ahead: ask for one within 60 days"));
        let closed = "nobody may be called then; the next time is Thursday, March 5, at 9:00 AM (America/New_York)";
        check(&json!({ "time": "2026-03-04T18:00" }), Err(closed));
    }
}
