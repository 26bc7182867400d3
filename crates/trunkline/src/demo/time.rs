//! The demo's clock: it shows a time of day at which calls may be made, whenever the demo is started, and it never goes
//! back.

use crate::clock::Clock;
use crate::store::{Db, settings};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const SETTING: &str = "demo_clock_shown";
/// Where the demo's day is looked at.
const ZONE: &str = "America/New_York";
const DAY_BEGINS: i8 = 10;
const DAY_ENDS: i8 = 16;

/// The time at which a start begins: where the last one ended, or else the next late morning in New York.
pub(super) fn beginning(last_shown: Option<Timestamp>, machine: Timestamp) -> anyhow::Result<Timestamp> {
    let zone = TimeZone::get(ZONE)?;
    if let Some(last) = last_shown {
        let hour = zone.to_datetime(last).hour();
        if (DAY_BEGINS..DAY_ENDS).contains(&hour) {
            return Ok(last + SignedDuration::from_secs(1));
        }
    }
    let earliest = last_shown.map_or(machine, |last| last.max(machine));
    let today = zone.to_datetime(earliest).date();
    let morning = today.at(DAY_BEGINS, 30, 0, 0).to_zoned(zone.clone())?.timestamp();
    // On the very first start the morning of today will do, be it past or to come.
    if last_shown.is_none_or(|last| morning > last) {
        return Ok(morning);
    }
    Ok(today.tomorrow()?.at(DAY_BEGINS, 30, 0, 0).to_zoned(zone)?.timestamp())
}

/// What the demo's clock showed last, if this is a demo's database.
pub async fn shown(db: &Db) -> anyhow::Result<Option<Timestamp>> {
    Ok(settings::get(db, SETTING).await?.and_then(|value| value.as_str()?.parse().ok()))
}

/// The clock of this start, continuing the last one's.
pub(super) async fn clock(db: &Db, speed: u32) -> anyhow::Result<Clock> {
    Ok(Clock::fast(beginning(shown(db).await?, Clock::machine())?, speed))
}

/// Remembers what the clock shows, for the next start.
pub(super) async fn remember(db: &Db, clock: &Clock) -> anyhow::Result<()> {
    settings::put(db, SETTING, &clock.now().to_string().into()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last: Option<&str>, machine: &str, expected: &str) {
        let begins = beginning(last.map(|at| at.parse().unwrap()), machine.parse().unwrap()).unwrap();
        assert_eq!(begins.to_string(), expected);
    }

    #[test]
    fn it_is_late_morning_in_new_york_on_the_first_start() {
        check(None, "2026-11-24T05:00:00Z", "2026-11-24T15:30:00Z");
        check(None, "2026-11-24T22:00:00Z", "2026-11-24T15:30:00Z");
    }

    #[test]
    fn a_second_start_goes_on_in_the_day_and_else_takes_the_next_one() {
        check(Some("2026-11-24T16:00:00Z"), "2026-11-24T05:20:00Z", "2026-11-24T16:00:01Z");
        check(Some("2026-11-24T23:00:00Z"), "2026-11-24T05:20:00Z", "2026-11-25T15:30:00Z");
        check(Some("2026-11-24T23:00:00Z"), "2026-12-01T05:20:00Z", "2026-12-01T15:30:00Z");
    }
}
