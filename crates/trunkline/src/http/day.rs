//! The day so far in a zone, beside the same hours a week ago.

use crate::domain::time_zone;
use crate::store::overview::{self, DayCounts, HourCounts};
use crate::store::{Reach, Result};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ui::view::{HourVolume, LastWeek, Today};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(super) struct Day {
    pub today: Today,
    pub counts: DayCounts,
    /// `None` where there was not a call.
    pub last_week: Option<DayCounts>,
}

/// When the civil day of `now` began.
pub(super) fn began_at(now: Timestamp, zone: &TimeZone) -> Timestamp {
    time_zone::local_day(now, zone).to_zoned(zone.clone()).map_or(now, |midnight| midnight.timestamp())
}

pub(super) async fn read(reach: Reach<'_>, now: Timestamp, zone: &TimeZone) -> Result<Day> {
    let from = began_at(now, zone);
    let counts = overview::day(reach, from, now).await?;
    let week_ago = overview::day(reach, from - WEEK, now - WEEK).await?;
    let hours = overview::hours(reach, from, now).await?;
    let last_week = (week_ago.calls > 0).then_some(week_ago);
    let today = Today {
        calls: counts.calls,
        answered: counts.answered,
        goals_met: counts.goals_met,
        last_week: last_week.map(|week| LastWeek { calls: week.calls, answered: week.answered }),
        by_hour: filled(&hours, from, now),
    };
    Ok(Day { today, counts, last_week })
}

/// Every hour so far, those without a call too; none at all if there was no call.
fn filled(hours: &[HourCounts], from: Timestamp, now: Timestamp) -> Vec<HourVolume> {
    if hours.is_empty() {
        return Vec::new();
    }
    let hour = SignedDuration::from_hours(1);
    let instants = std::iter::successors(Some(from), |at| at.checked_add(hour).ok()).take_while(|at| *at <= now);
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let volume = |at: Timestamp| {
        let found = hours.iter().find(|hour| hour.at == at);
        HourVolume {
            at,
            answered: found.map_or(0, |hour| small(hour.answered)),
            not_reached: found.map_or(0, |hour| small(hour.not_reached)),
            failed: found.map_or(0, |hour| small(hour.failed)),
        }
    };
    instants.map(volume).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_its_zone_and_has_every_hour_so_far() {
        let zone = time_zone::named("America/Chicago").unwrap();
        let now = "2026-11-24T09:30:00Z".parse().unwrap();
        let from = began_at(now, &zone);
        let counts = HourCounts { at: from + SignedDuration::from_hours(2), answered: 3, not_reached: 1, failed: 0 };

        let hours = filled(&[counts], from, now);

        assert_eq!(from.to_string(), "2026-11-24T06:00:00Z");
        assert_eq!(hours.iter().map(|hour| hour.answered).collect::<Vec<_>>(), [0, 0, 3, 0]);
        assert!(filled(&[], from, now).is_empty());
    }
}
