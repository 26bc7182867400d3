//! Where one civil day ends and the next begins, for what is counted by the day.

use super::time_zone::{LeadZone, local_day};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The first instant of the next civil day in `zone`; where a clock change skips midnight, the first that exists.
pub fn next_day_at(now: Timestamp, zone: &TimeZone) -> Timestamp {
    local_day(now, zone).tomorrow().map_or(Timestamp::MAX, |day| day_begins_at(day, zone))
}

/// The first instant of a civil day in `zone`.
pub fn day_begins_at(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

impl LeadZone {
    /// The day a ring is counted for. Of several plausible zones the first: their days differ only around midnight, when
    /// no hours are open in all of them.
    pub fn counted_day(&self, now: Timestamp) -> Date {
        local_day(now, self.first())
    }

    /// When that day is over.
    pub fn counted_day_ends_at(&self, now: Timestamp) -> Timestamp {
        next_day_at(now, self.first())
    }

    /// The zone whose days are counted.
    pub fn first(&self) -> &TimeZone {
        self.zones().first().expect("a lead zone has at least one zone")
    }
}

#[cfg(test)]
mod tests {
    use super::super::time_zone::named;
    use super::*;

    #[track_caller]
    fn check(zone: &str, now: &str, next_day: &str) {
        let next = next_day_at(now.parse().unwrap(), &named(zone).unwrap());
        assert_eq!(next.to_string(), next_day);
    }

    #[test]
    fn the_next_day_begins_at_local_midnight_whatever_the_clock_does() {
        check("America/New_York", "2026-11-24T15:00:00Z", "2026-11-25T05:00:00Z");
        check("America/New_York", "2026-11-01T04:30:00Z", "2026-11-02T05:00:00Z");
        check("Asia/Kolkata", "2026-11-24T18:29:59Z", "2026-11-24T18:30:00Z");
        // Beirut has no midnight on the day its summer time begins.
        check("Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z");
    }
}
