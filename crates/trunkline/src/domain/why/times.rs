//! Instants in sentences: on a 24-hour clock, with the zone named.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// `20:14`.
pub(super) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// A minute of a day: `20:00`.
pub(super) fn minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The city that a zone is named after: `New York`.
pub(super) fn city(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some("UTC" | "Etc/UTC") | None => "UTC".to_owned(),
        Some(name) => name.rsplit('/').next().unwrap_or(name).replace('_', " "),
    }
}

/// `tomorrow 09:00 New York time (15:00 Berlin time)`: where the lead is, and where the reader is if clocks differ there.
pub fn when(at: Timestamp, now: Timestamp, theirs: &TimeZone, readers: &TimeZone) -> String {
    let told = format!("{} {}", day_and_time(at, now, theirs), zone_words(theirs));
    if at.to_zoned(theirs.clone()).datetime() == at.to_zoned(readers.clone()).datetime() {
        return told;
    }
    let is_same_day = at.to_zoned(theirs.clone()).date() == at.to_zoned(readers.clone()).date();
    let here = if is_same_day { clock(at, readers) } else { day_and_time(at, now, readers) };
    format!("{told} ({here} {})", zone_words(readers))
}

/// `60 minutes`, `1 minute`.
pub(super) fn minutes(time: SignedDuration) -> String {
    let minutes = time.as_mins();
    format!("{minutes} minute{}", if minutes == 1 { "" } else { "s" })
}

fn zone_words(zone: &TimeZone) -> String {
    let city = city(zone);
    if city == "UTC" { city } else { format!("{city} time") }
}

fn day_and_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (local, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).date());
    let time = clock(at, zone);
    if local.date() == today {
        format!("today {time}")
    } else if today.tomorrow().is_ok_and(|tomorrow| local.date() == tomorrow) {
        format!("tomorrow {time}")
    } else {
        format!("{} {time}", local.strftime("%A %-d %B"))
    }
}
