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

/// How far ahead an opening is looked for, closed dates not counted.
const SEARCH_DAYS_MAX: i64 = 14;
const DAY_SECONDS: i64 = 24 * 60 * 60;

impl CallingHours {
    /// True if it is `now` inside the hours in every zone, and will be for `early_close` more.
    ///
    /// The same `early_close` keeps a call that is placed just before closing from ringing after it.
    /// No zone at all is never open.
    pub(crate) fn is_open(&self, now: Timestamp, zones: &[TimeZone], early_close: SignedDuration) -> bool {
        let at = second_of(now);
        let until = at + early_close.as_secs().max(1);
        !zones.is_empty() && self.closes_by(at, zones, until) == until
    }

    /// The earliest instant from `now` on at which [`CallingHours::is_open`]; `None` if there is none within
    /// 14 days that are not closed dates.
    pub(crate) fn next_open(
        &self,
        now: Timestamp,
        zones: &[TimeZone],
        early_close: SignedDuration,
    ) -> Option<Timestamp> {
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
    pub(crate) fn closes_at(&self, now: Timestamp, zones: &[TimeZone]) -> Option<Timestamp> {
        let at = second_of(now);
        let closes = self.closes_by(at, zones, self.horizon(at));
        if zones.is_empty() || closes == at { None } else { Timestamp::from_second(closes).ok() }
    }

    fn horizon(&self, start: i64) -> i64 {
        let closed_days = i64::try_from(self.closed_on.len()).unwrap_or(0);
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
