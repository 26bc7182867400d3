//! Instants and durations, always in a named zone and never as bare digits like 12/1/26.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, Zoned, tz::TimeZone};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `1:42`, `1:02:05`.
pub fn minutes_and_seconds(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A long time in words: `42 s`, `12 min`, `3 h 20 min`.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ if (seconds / 60).is_multiple_of(60) => format!("{} h", super::thousands(seconds / 3600)),
        _ => format!("{} h {} min", super::thousands(seconds / 3600), seconds / 60 % 60),
    }
}

/// Milliseconds as seconds with one decimal: `1.2 s`.
pub fn seconds_of(milliseconds: u32) -> String {
    format!("{} s", super::tenths((u64::from(milliseconds) + 50) / 100))
}

/// `10:42 AM`.
pub fn time_of_day(time: Time) -> String {
    let (hour, half) = twelve_hours(time);
    format!("{hour}:{:02} {half}", time.minute())
}

/// `10:42:07 AM`.
pub fn time_of_day_with_seconds(time: Time) -> String {
    let (hour, half) = twelve_hours(time);
    format!("{hour}:{:02}:{:02} {half}", time.minute(), time.second())
}

/// `Tue 1 Dec`.
pub fn day(at: &Zoned) -> String {
    at.strftime("%a %-d %b").to_string()
}

/// `Tue 1 Dec 2026`.
pub fn date(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// How long ago, up to a day; then the day: `14 s ago`, `3 h ago`, `Tue 1 Dec`.
pub fn ago(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match now.as_second() - at.as_second() {
        seconds @ 0..MINUTE => format!("{seconds} s ago"),
        seconds @ MINUTE..HOUR => format!("{} min ago", seconds / MINUTE),
        seconds @ HOUR..DAY => format!("{} h ago", seconds / HOUR),
        _ => when(at, now, zone),
    }
}

/// A near instant by its time, another by its day too: `10:42 AM`, `tomorrow 9:40 AM`, `Tue 1 Dec, 2:00 PM`.
pub fn when(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()).date());
    let time = time_of_day(at.time());
    if at.date() == today {
        time
    } else if today.tomorrow().is_ok_and(|tomorrow| at.date() == tomorrow) {
        format!("tomorrow {time}")
    } else if today.yesterday().is_ok_and(|yesterday| at.date() == yesterday) {
        format!("yesterday {time}")
    } else {
        format!("{}, {time}", day(&at))
    }
}

/// For a tooltip: `Tue 1 Dec 2026, 2:00:07 PM CST (20:00:07 UTC)`.
pub fn exact(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    let utc = at.to_zoned(TimeZone::UTC).strftime("%H:%M:%S").to_string();
    format!(
        "{} {}, {} {} ({utc} UTC)",
        day(&local),
        local.year(),
        time_of_day_with_seconds(local.time()),
        abbreviation(at, zone)
    )
}

/// A zone as people call it: `Central`, else its city: `Phoenix`.
pub fn zone_name(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some("America/New_York" | "America/Detroit") => "Eastern".to_owned(),
        Some("America/Chicago") => "Central".to_owned(),
        Some("America/Denver" | "America/Boise") => "Mountain".to_owned(),
        Some("America/Los_Angeles") => "Pacific".to_owned(),
        Some("America/Anchorage") => "Alaska".to_owned(),
        Some("Pacific/Honolulu") => "Hawaii".to_owned(),
        Some("UTC" | "Etc/UTC") | None => "UTC".to_owned(),
        Some(name) => name.rsplit('/').next().unwrap_or(name).replace('_', " "),
    }
}

/// `CT` for a zone of the United States, else what the zone database says: `CET`, `+03`.
pub(crate) fn abbreviation(at: Timestamp, zone: &TimeZone) -> String {
    let written = zone.to_offset_info(at).abbreviation().to_owned();
    match written.as_str() {
        "EST" | "EDT" => "ET".to_owned(),
        "CST" | "CDT" if zone_name(zone) == "Central" => "CT".to_owned(),
        "MST" | "MDT" if zone_name(zone) == "Mountain" => "MT".to_owned(),
        "PST" | "PDT" => "PT".to_owned(),
        _ => written,
    }
}

fn twelve_hours(time: Time) -> (i8, &'static str) {
    let hour = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    (hour, if time.hour() < 12 { "AM" } else { "PM" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chicago() -> TimeZone {
        TimeZone::get("America/Chicago").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_length_of_a_call() {
        assert_eq!(minutes_and_seconds(0), "0:00");
        assert_eq!(minutes_and_seconds(102), "1:42");
        assert_eq!(minutes_and_seconds(3725), "1:02:05");
    }

    #[test]
    fn long_times_are_words() {
        for (seconds, text) in [(59, "59 s"), (720, "12 min"), (7200, "2 h"), (12_000, "3 h 20 min")] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn noon_and_midnight() {
        assert_eq!(time_of_day(Time::midnight()), "12:00 AM");
        assert_eq!(time_of_day(jiff::civil::time(12, 5, 0, 0)), "12:05 PM");
    }

    #[test]
    fn recent_is_relative_and_old_is_a_day() {
        let now = at("2026-11-24T16:42:00Z");

        assert_eq!(ago(at("2026-11-24T16:41:46Z"), now, &chicago()), "14 s ago");
        assert_eq!(ago(at("2026-11-24T13:42:00Z"), now, &chicago()), "3 h ago");
        assert_eq!(ago(at("2026-11-12T20:00:00Z"), now, &chicago()), "Thu 12 Nov, 2:00 PM");
    }

    #[test]
    fn a_day_is_the_readers_day() {
        let now = at("2026-11-24T16:42:00Z");

        assert_eq!(when(at("2026-11-24T23:00:00Z"), now, &chicago()), "5:00 PM");
        assert_eq!(when(at("2026-11-25T15:40:00Z"), now, &chicago()), "tomorrow 9:40 AM");
        assert_eq!(when(at("2026-11-24T04:00:00Z"), now, &chicago()), "yesterday 10:00 PM");
    }

    #[test]
    fn exact_time_names_zone_and_utc() {
        assert_eq!(exact(at("2026-12-01T20:00:07Z"), &chicago()), "Tue 1 Dec 2026, 2:00:07 PM CT (20:00:07 UTC)");
    }

    #[test]
    fn zones_have_the_names_that_people_use() {
        assert_eq!(zone_name(&chicago()), "Central");
        assert_eq!(zone_name(&TimeZone::get("America/Phoenix").unwrap()), "Phoenix");
        assert_eq!(zone_name(&TimeZone::UTC), "UTC");
    }
}
