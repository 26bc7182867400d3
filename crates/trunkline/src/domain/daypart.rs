//! The parts of a day in which people are at home or not: who did not answer in one may in another.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

/// A part of the local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Daypart {
    /// Before 12:00.
    Morning,
    /// From 12:00 to 17:00.
    Afternoon,
    /// From 17:00 on.
    Evening,
}

const NOON: i8 = 12;
const EVENING: i8 = 17;

impl Daypart {
    pub fn at(now: Timestamp, zone: &TimeZone) -> Self {
        match zone.to_datetime(now).hour() {
            ..NOON => Self::Morning,
            NOON..EVENING => Self::Afternoon,
            _ => Self::Evening,
        }
    }

    /// When the part of the day is over that it is now.
    pub fn ends_at(now: Timestamp, zone: &TimeZone) -> Timestamp {
        let today = zone.to_datetime(now).date();
        let end = match Self::at(now, zone) {
            Self::Morning => at_hour(today, NOON, zone),
            Self::Afternoon => at_hour(today, EVENING, zone),
            Self::Evening => return super::local_day::next_day_at(now, zone),
        };
        end.unwrap_or(now)
    }
}

fn at_hour(day: Date, hour: i8, zone: &TimeZone) -> Option<Timestamp> {
    let time = civil::Time::new(hour, 0, 0, 0).ok()?;
    zone.to_timestamp(day.to_datetime(time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time_zone::named;

    #[test]
    fn a_day_has_three_parts_in_local_time() {
        let zone = named("America/New_York").unwrap();
        let check = |now: &str, part: Daypart, ends: &str| {
            let now = now.parse().unwrap();
            assert_eq!(Daypart::at(now, &zone), part);
            assert_eq!(Daypart::ends_at(now, &zone).to_string(), ends);
        };
        check("2026-03-04T16:59:59Z", Daypart::Morning, "2026-03-04T17:00:00Z");
        check("2026-03-04T17:00:00Z", Daypart::Afternoon, "2026-03-04T22:00:00Z");
        check("2026-03-04T22:00:00Z", Daypart::Evening, "2026-03-05T05:00:00Z");
        // The clocks go forward at two in the morning.
        check("2026-03-08T06:30:00Z", Daypart::Morning, "2026-03-08T16:00:00Z");
    }
}
