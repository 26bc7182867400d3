//! From civil windows to instants, exact across clock changes.
//!
//! Between two changes of a zone's offset, civil time runs as fast as time does. So every question is answered
//! stretch by stretch, each with one offset: a window that a clock change skips is short or missing on that
//! day, an hour that comes twice is open twice, and no instant outside its civil window is ever open.
//! All arithmetic is in whole seconds since 1970, in UTC or (`local_…`) in civil time.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::CallingHours;
use crate::domain::holidays::HolidayCalendar;

/// How far ahead an opening is looked for, closed dates and holidays not counted.
const SEARCH_DAYS_MAX: i64 = 14;
const DAY_SECONDS: i64 = 24 * 60 * 60;

impl CallingHours {
    /// True if it is `now` inside the hours in every zone, and will be for `early_close` more.
    ///
    /// The same `early_close` keeps a call that is placed just before closing from ringing after it.
    /// No zone at all is never open.
    pub fn is_open(&self, now: Timestamp, zones: &[TimeZone], early_close: SignedDuration) -> bool {
        let at = second_of(now);
        let until = at + early_close.as_secs().max(1);
        !zones.is_empty() && self.closes_by(at, zones, until) == until
    }

    /// The earliest instant from `now` on at which [`CallingHours::is_open`]; `None` if there is none within
    /// 14 days that are neither closed dates nor holidays.
    pub fn next_open(&self, now: Timestamp, zones: &[TimeZone], early_close: SignedDuration) -> Option<Timestamp> {
        if zones.is_empty() {
            return None;
        }
        let start = second_of(now);
        let horizon = self.horizon(start);
        let mut at = start;
        while at < horizon {
            let opens = self.opens_in_all(at, zones, horizon)?;
            let until = opens + early_close.as_secs().max(1);
            let closes = self.closes_by(opens, zones, until);
            if closes == until {
                // `now` itself may lie within a second.
                return if opens == start { Some(now) } else { Timestamp::from_second(opens).ok() };
            }
            at = closes;
        }
        None
    }

    /// When the hours that are open `now` in every zone close in one of them; `None` if they are not open.
    /// Hours that do not close within the search are said to close at its end.
    pub fn closes_at(&self, now: Timestamp, zones: &[TimeZone]) -> Option<Timestamp> {
        let at = second_of(now);
        let closes = self.closes_by(at, zones, self.horizon(at));
        if zones.is_empty() || closes == at { None } else { Timestamp::from_second(closes).ok() }
    }

    fn horizon(&self, start: i64) -> i64 {
        let holidays = if self.holidays.is_some() { HolidayCalendar::DATES_PER_YEAR_MAX } else { 0 };
        let closed_days = i64::try_from(self.closed_on.len()).unwrap_or(0) + holidays;
        let end = start + (SEARCH_DAYS_MAX + closed_days) * DAY_SECONDS;
        end.min(Timestamp::MAX.as_second())
    }

    /// The first second from `at` on that is open in every zone.
    fn opens_in_all(&self, mut at: i64, zones: &[TimeZone], horizon: i64) -> Option<i64> {
        loop {
            // Each round moves ahead to an opening in some zone, up to the horizon.
            let mut latest = at;
            for zone in zones {
                latest = latest.max(self.opens_in(at, zone, horizon)?);
            }
            if latest == at {
                return Some(at);
            }
            at = latest;
        }
    }

    fn opens_in(&self, mut at: i64, zone: &TimeZone, horizon: i64) -> Option<i64> {
        while at < horizon {
            let (offset, end) = stretch(zone, at, horizon);
            if let Some(local) = self.local_opening(at + offset, end + offset) {
                return Some(local - offset);
            }
            at = end;
        }
        None
    }

    /// The first second from `at` on that is closed in some zone, at most `until`.
    fn closes_by(&self, at: i64, zones: &[TimeZone], until: i64) -> i64 {
        zones.iter().fold(until, |earliest, zone| self.closes_in(at, zone, earliest))
    }

    fn closes_in(&self, mut at: i64, zone: &TimeZone, until: i64) -> i64 {
        while at < until {
            let (offset, end) = stretch(zone, at, until);
            let closes = self.local_closing(at + offset, end + offset) - offset;
            if closes < end {
                return closes;
            }
            at = end;
        }
        until
    }

    fn local_opening(&self, local: i64, end: i64) -> Option<i64> {
        let days = local.div_euclid(DAY_SECONDS)..=end.div_euclid(DAY_SECONDS);
        let mut windows = days.flat_map(|day| self.local_windows(day));
        let (opens, _) = windows.find(|(_, closes)| *closes > local)?;
        let opening = opens.max(local);
        (opening < end).then_some(opening)
    }

    /// Follows windows that touch, such as one until 24:00 and the next day's from 00:00.
    fn local_closing(&self, local: i64, end: i64) -> i64 {
        let mut open_until = local;
        while open_until < end {
            let day = open_until.div_euclid(DAY_SECONDS);
            let around = |(opens, closes): &(i64, i64)| (*opens..*closes).contains(&open_until);
            match self.local_windows(day).find(around) {
                Some((_, closes)) => open_until = closes,
                None => return open_until,
            }
        }
        end
    }

    /// The windows of the day with this number since 1970-01-01, in local seconds.
    fn local_windows(&self, day: i64) -> impl Iterator<Item = (i64, i64)> {
        let windows = date_of(day).map_or(&[][..], |date| self.windows_on(date));
        let second = move |minute: u16| day * DAY_SECONDS + i64::from(minute) * 60;
        windows.iter().map(move |window| (second(window.opens), second(window.closes)))
    }
}

fn date_of(day: i64) -> Option<Date> {
    let midnight = Timestamp::from_second(day * DAY_SECONDS).ok()?;
    Some(Offset::UTC.to_datetime(midnight).date())
}

/// The offset of the zone at `at`, and until when it holds, at most `end`.
fn stretch(zone: &TimeZone, at: i64, end: i64) -> (i64, i64) {
    let instant = Timestamp::from_second(at).unwrap_or(Timestamp::MAX);
    let offset = i64::from(zone.to_offset(instant).seconds());
    let change = zone.following(instant).next().map_or(end, |change| change.timestamp().as_second());
    (offset, change.min(end))
}

/// The second in which an instant lies. Windows and clock changes begin on whole seconds.
fn second_of(instant: Timestamp) -> i64 {
    instant.as_second() - i64::from(instant.subsec_nanosecond() < 0)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;
    use jiff::{ToSpan, civil};

    use super::super::Window;
    use super::*;

    const NO_ROOM: SignedDuration = SignedDuration::ZERO;
    const TEN_MINUTES: SignedDuration = SignedDuration::from_mins(10);

    fn hours(json: &str) -> CallingHours {
        serde_json::from_str(json).unwrap()
    }

    /// 09:00 to 20:00 on every day.
    fn daily() -> CallingHours {
        every_day("09:00-20:00")
    }

    fn every_day(window: &str) -> CallingHours {
        let window: Window = window.parse().unwrap();
        CallingHours::new(std::array::from_fn(|_| vec![window]), std::collections::BTreeSet::new()).unwrap()
    }

    fn zones(names: &str) -> Vec<TimeZone> {
        let database = TimeZoneDatabase::bundled();
        names.split_whitespace().map(|name| database.get(name).unwrap()).collect()
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Checks from when on a lead in these zones may be called, in the words of the first zone.
    #[track_caller]
    fn check(hours: &CallingHours, names: &str, now: &str, expected: &str) {
        let (now, zones) = (instant(now), zones(names));
        let opens = hours.next_open(now, &zones, TEN_MINUTES);
        let text = match opens {
            Some(opens) if opens == now => "now".to_owned(),
            Some(opens) => opens.to_zoned(zones[0].clone()).strftime("%a %Y-%m-%d %H:%M %:z").to_string(),
            None => "never".to_owned(),
        };
        assert_eq!(text, expected);
        assert_eq!(hours.is_open(now, &zones, TEN_MINUTES), text == "now");
    }

    #[test]
    fn a_lead_is_called_inside_the_hours_of_their_own_zone() {
        check(&daily(), "America/Chicago", "2026-03-04T15:00:00Z", "now");
        check(&daily(), "America/Chicago", "2026-03-04T14:59:59.9Z", "Wed 2026-03-04 09:00 -06:00");
        check(&daily(), "America/Chicago", "2026-03-05T01:49:59.5Z", "now");
        check(&daily(), "America/Chicago", "2026-03-05T01:50:01Z", "Thu 2026-03-05 09:00 -06:00");
        check(&daily(), "Asia/Kolkata", "2026-03-04T00:00:00Z", "Wed 2026-03-04 09:00 +05:30");
        check(&daily(), "Asia/Kathmandu", "2026-03-04T03:15:00Z", "now");
        check(&daily(), "Asia/Kathmandu", "2026-03-04T03:14:59Z", "Wed 2026-03-04 09:00 +05:45");
    }

    #[test]
    fn closed_days_and_dates_are_skipped() {
        let hours = hours(r#"{"mon":["09:00-12:00"],"fri":["09:00-12:00"],"closed":["2026-12-25"]}"#);
        check(&hours, "UTC", "2026-12-21T12:00:00Z", "Mon 2026-12-28 09:00 +00:00");
        check(&hours, "UTC", "2026-12-14T13:00:00Z", "Fri 2026-12-18 09:00 +00:00");
    }

    #[test]
    fn hours_that_never_open_are_said_to_and_a_long_closure_is_not_never() {
        check(&hours("{}"), "UTC", "2026-03-04T12:00:00Z", "never");
        let first = civil::date(2026, 3, 4);
        let closed = first.series(1.day()).take(40).collect();
        let holidays = CallingHours::new(std::array::from_fn(|_| vec![Window::ALL_DAY]), closed).unwrap();
        check(&holidays, "UTC", "2026-03-04T12:00:00Z", "Mon 2026-04-13 00:00 +00:00");
    }

    #[test]
    fn a_holiday_is_skipped_where_the_lead_is() {
        let hours = hours(r#"{"mon":["09:00-20:00"],"fri":["09:00-20:00"],"holidays":"US"}"#);
        // The Fourth of July of 2026 is a Saturday: Friday is kept.
        check(&hours, "America/Chicago", "2026-07-03T15:00:00Z", "Mon 2026-07-06 09:00 -05:00");
        // It is still Christmas in Los Angeles, and already the day after in UTC.
        check(&hours, "America/Los_Angeles", "2026-12-26T01:00:00Z", "Mon 2026-12-28 09:00 -08:00");
        let mondays = self::hours(r#"{"mon":["09:00-20:00"],"holidays":"US"}"#);
        check(&mondays, "UTC", "2027-07-05T12:00:00Z", "Mon 2027-07-12 09:00 +00:00");
    }

    #[test]
    fn no_zone_is_never_open() {
        let now = instant("2026-03-04T12:00:00Z");
        assert!(!CallingHours::always().is_open(now, &[], NO_ROOM));
        assert_eq!(CallingHours::always().next_open(now, &[], NO_ROOM), None);
        assert_eq!(CallingHours::always().closes_at(now, &[]), None);
    }

    #[test]
    fn every_plausible_zone_must_be_open() {
        let both = "America/New_York America/Chicago";
        check(&daily(), both, "2026-03-04T14:30:00Z", "Wed 2026-03-04 10:00 -05:00");
        check(&daily(), both, "2026-03-04T15:00:00Z", "now");
        check(&daily(), both, "2026-03-05T00:55:00Z", "Thu 2026-03-05 10:00 -05:00");
        // Eleven hours cannot be shared by zones that are twelve hours apart.
        check(&daily(), "Asia/Tokyo America/Sao_Paulo", "2026-03-04T12:00:00Z", "never");
    }

    #[test]
    fn a_window_too_short_for_a_call_is_passed_over() {
        let hours = hours(r#"{"wed":["09:00-09:09","10:00-10:10"]}"#);
        check(&hours, "UTC", "2026-03-04T08:00:00Z", "Wed 2026-03-04 10:00 +00:00");
        check(&hours, "UTC", "2026-03-04T10:01:00Z", "Wed 2026-03-11 10:00 +00:00");
    }

    #[test]
    fn a_window_to_midnight_goes_on_in_the_next_day() {
        check(&CallingHours::always(), "UTC", "2026-03-04T23:59:00Z", "now");
        let late = hours(r#"{"wed":["20:00-24:00"],"thu":["00:00-01:00"]}"#);
        check(&late, "UTC", "2026-03-04T23:55:00Z", "now");
        check(&late, "UTC", "2026-03-05T00:55:00Z", "Wed 2026-03-11 20:00 +00:00");
        let closes = late.closes_at(instant("2026-03-04T20:00:00Z"), &zones("UTC"));
        assert_eq!(closes, Some(instant("2026-03-05T01:00:00Z")));
    }

    #[test]
    fn hours_close_when_the_first_zone_closes() {
        let now = instant("2026-03-04T16:00:00Z");
        let closes = daily().closes_at(now, &zones("America/Chicago America/New_York"));
        assert_eq!(closes, Some(instant("2026-03-05T01:00:00Z")));
        assert_eq!(daily().closes_at(instant("2026-03-04T05:00:00Z"), &zones("America/Chicago")), None);
        let always = CallingHours::always().closes_at(now, &zones("UTC"));
        assert_eq!(always, Some(now + SignedDuration::from_hours(14 * 24)));
    }
}
