//! Calling hours held against their definition: over every clock change of three years, and at random.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan, civil};
use proptest::prelude::*;

use super::{CallingHours, Window};

const NO_ROOM: SignedDuration = SignedDuration::ZERO;

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

/// Checks when the hours open next in a zone, and when they close then.
#[track_caller]
fn check(window: &str, zone: &str, now: &str, opens: &str, closes: &str) {
    let (hours, zones) = (every_day(window), zones(zone));
    let shown = |at: Timestamp| at.to_zoned(zones[0].clone()).strftime("%F %H:%M %:z").to_string();
    let next = hours.next_open(instant(now), &zones, NO_ROOM).unwrap();
    assert_eq!((shown(next), shown(hours.closes_at(next, &zones).unwrap())), (opens.to_owned(), closes.to_owned()));
}

#[test]
fn a_skipped_hour_is_closed() {
    // In New York 02:00 to 03:00 does not exist on 2026-03-08.
    let zone = "America/New_York";
    check("02:15-02:45", zone, "2026-03-08T06:59:00Z", "2026-03-09 02:15 -04:00", "2026-03-09 02:45 -04:00");
    check("01:30-03:30", zone, "2026-03-08T05:00:00Z", "2026-03-08 01:30 -05:00", "2026-03-08 03:30 -04:00");
    check("02:30-03:30", zone, "2026-03-08T05:00:00Z", "2026-03-08 03:00 -04:00", "2026-03-08 03:30 -04:00");
}

#[test]
fn an_hour_that_comes_twice_is_open_twice() {
    // In New York 01:00 to 02:00 comes twice on 2026-11-01, from 05:00Z and from 06:00Z.
    let zone = "America/New_York";
    check("01:15-01:45", zone, "2026-11-01T05:00:00Z", "2026-11-01 01:15 -04:00", "2026-11-01 01:45 -04:00");
    check("01:15-01:45", zone, "2026-11-01T05:50:00Z", "2026-11-01 01:15 -05:00", "2026-11-01 01:45 -05:00");
    check("01:15-01:45", zone, "2026-11-01T06:50:00Z", "2026-11-02 01:15 -05:00", "2026-11-02 01:45 -05:00");
    check("01:30-02:30", zone, "2026-11-01T04:00:00Z", "2026-11-01 01:30 -04:00", "2026-11-01 01:00 -05:00");
}

#[test]
fn a_clock_change_at_midnight_or_by_half_an_hour_moves_the_opening() {
    // In Beirut 00:00 to 01:00 does not exist on 2026-03-29.
    let zone = "Asia/Beirut";
    check("00:00-02:00", zone, "2026-03-28T20:30:00Z", "2026-03-29 01:00 +03:00", "2026-03-29 02:00 +03:00");
    // On Lord Howe Island 02:00 to 02:30 does not exist on 2026-10-04.
    let zone = "Australia/Lord_Howe";
    check("02:10-03:00", zone, "2026-10-03T15:00:00Z", "2026-10-04 02:30 +11:00", "2026-10-04 03:00 +11:00");
}

/// The definition: the civil time of the zone lies in a window of its civil date.
fn is_open_by_definition(hours: &CallingHours, now: Timestamp, zones: &[TimeZone]) -> bool {
    zones.iter().all(|zone| {
        let local = zone.to_datetime(now);
        let minute = u16::try_from(i16::from(local.hour()) * 60 + i16::from(local.minute())).unwrap();
        hours.windows_on(local.date()).iter().any(|window| (window.opens..window.closes).contains(&minute))
    })
}

#[test]
fn no_zone_is_called_outside_its_civil_window_around_any_clock_change_of_three_years() {
    let hours =
        [every_day("09:00-20:00"), every_day("00:00-03:00"), every_day("01:30-02:30"), every_day("22:00-24:00")];
    let (from, to) = (instant("2025-01-01T00:00:00Z"), instant("2028-01-01T00:00:00Z"));
    let database = TimeZoneDatabase::bundled();
    let mut changes = 0;
    for name in database.available() {
        let zone = [database.get(name.as_str()).unwrap()];
        for change in zone[0].following(from).take_while(|change| change.timestamp() < to) {
            changes += 1;
            for hours in &hours {
                check_around(hours, change.timestamp(), &zone);
            }
        }
    }
    assert!(changes > 500, "{changes}");
}

fn check_around(hours: &CallingHours, change: Timestamp, zone: &[TimeZone]) {
    let minute = SignedDuration::from_mins(1);
    for quarter in -20..20 {
        let now = change + SignedDuration::from_mins(15 * quarter);
        assert_eq!(hours.is_open(now, zone, NO_ROOM), is_open_by_definition(hours, now, zone), "{now}");
        let opens = hours.next_open(now, zone, NO_ROOM).unwrap();
        assert!(is_open_by_definition(hours, opens, zone), "{now} {opens}");
        assert!(opens == now || !is_open_by_definition(hours, opens - minute, zone), "{now} {opens}");
    }
}

fn any_hours() -> impl Strategy<Value = CallingHours> {
    let window = (0..96_u16, 1..40_u16)
        .prop_map(|(opens, length)| Window::new(opens * 15, (opens * 15 + length * 15).min(24 * 60)).unwrap());
    let day = proptest::collection::vec(window, 0..3).prop_map(|mut day| {
        day.sort_unstable();
        day.dedup_by(|later, earlier| later.opens < earlier.closes);
        day
    });
    let week = proptest::array::uniform7(day);
    let closed = proptest::collection::btree_set(0..1200_i32, 0..20);
    (week, closed).prop_map(|(week, closed)| {
        let first = civil::date(2025, 1, 1);
        CallingHours::new(week, closed.into_iter().map(|day| first + day.days()).collect()).unwrap()
    })
}

fn any_zones() -> impl Strategy<Value = Vec<TimeZone>> {
    let names = "America/New_York America/Chicago America/Phoenix America/St_Johns Europe/London \
                 Asia/Kathmandu Australia/Lord_Howe Africa/Casablanca Pacific/Chatham America/Santiago";
    proptest::sample::subsequence(zones(names), 1..4)
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    let first = instant("2025-01-01T00:00:00Z").as_second();
    (0..3 * 365 * 24 * 60_i64).prop_map(move |minute| Timestamp::from_second(first + minute * 60).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Walks minute by minute to the first opening with room, and finds what the arithmetic found.
    #[test]
    fn the_next_opening_is_the_first_minute_with_room(
        hours in any_hours(),
        zones in any_zones(),
        now in any_instant(),
        room_minutes in 0..30_i64,
    ) {
        let minute = SignedDuration::from_mins(1);
        let found = hours.next_open(now, &zones, SignedDuration::from_mins(room_minutes));
        let (mut at, mut open_minutes, needed) = (now, 0, room_minutes.max(1));
        while open_minutes < needed && at < now + SignedDuration::from_hours(15 * 24) {
            open_minutes = if is_open_by_definition(&hours, at, &zones) { open_minutes + 1 } else { 0 };
            at += minute;
        }
        let walked = (open_minutes == needed).then(|| at - SignedDuration::from_mins(needed));
        match found {
            Some(found) if found < now + SignedDuration::from_hours(14 * 24) => {
                prop_assert_eq!(walked, Some(found));
            }
            Some(later) => prop_assert!(walked.is_none_or(|walked| walked == later)),
            None => prop_assert!(walked.is_none_or(|walked| walked >= now + SignedDuration::from_hours(14 * 24))),
        }
    }

    #[test]
    fn hours_stay_open_until_they_close(hours in any_hours(), zones in any_zones(), now in any_instant()) {
        let closes = hours.closes_at(now, &zones);
        prop_assert_eq!(closes.is_some(), is_open_by_definition(&hours, now, &zones));
        if let Some(closes) = closes {
            let last = closes - SignedDuration::from_mins(1);
            prop_assert!(is_open_by_definition(&hours, last, &zones));
            let at_the_end = closes >= now + SignedDuration::from_hours(14 * 24);
            prop_assert!(at_the_end || !is_open_by_definition(&hours, closes, &zones));
        }
    }

    #[test]
    fn an_intersection_is_open_exactly_when_both_are(
        ours in any_hours(),
        theirs in any_hours(),
        zones in any_zones(),
        now in any_instant(),
    ) {
        let both = is_open_by_definition(&ours, now, &zones) && is_open_by_definition(&theirs, now, &zones);
        prop_assert_eq!(ours.intersection(&theirs).is_open(now, &zones, NO_ROOM), both);
    }
}
