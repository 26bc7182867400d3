//! Decisions around every clock change of every zone, held against the civil clock itself.

use super::*;
use jiff::tz::TimeZoneDatabase;

/// Around each change, so many steps each way.
const STEPS: i64 = 14;
/// Half hours and a bit, so that nothing falls on full minutes.
const STEP: SignedDuration = SignedDuration::from_secs(1807);

/// Whether the civil time there lies inside the window, from minute to minute of the day.
fn is_inside(at: Timestamp, zone: &TimeZone, (opens, closes): (i16, i16)) -> bool {
    let local = zone.to_datetime(at);
    let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
    (opens..closes).contains(&minute)
}

struct Window {
    hours: CallingHours,
    minutes: (i16, i16),
}

/// What a decision promises holds by the clocks of all zones: now, until the last instant at which it may be sent, and at
/// the time to which it defers. Returns whether it is a dial.
fn check_decision(window: &Window, zone: &LeadZone, now: Timestamp) -> bool {
    let facts = || {
        let mut facts = may_dial();
        facts.numbers = vec![NumberFacts { last_call_at: None, ..PLACE.number.clone() }].into();
        facts.lead.zone = Cow::Borrowed(zone);
        facts.lead.hours = Cow::Borrowed(&window.hours);
        facts.organization.tomorrow_at = now + SignedDuration::from_hours(24);
        facts
    };
    let is_open = |at: Timestamp| zone.zones().iter().all(|zone| is_inside(at, zone, window.minutes));
    match decide(&Facts { now, ..facts() }) {
        Decision::Dial(dial) => {
            let last = dial.send_before - SignedDuration::from_nanos(1);
            assert!(
                dial.send_before > now && is_open(now) && is_open(last),
                "{now} {:?}",
                zone.names().collect::<Vec<_>>()
            );
            // A call that the provider queues for a while rings inside of the hours too.
            assert!(is_open(last + EARLY_CLOSE), "{now}");
            true
        }
        Decision::Defer { until, .. } => {
            let then = decide(&Facts { now: until, ..facts() });
            assert!(is_open(until) && matches!(then, Decision::Dial(_)), "{now} until {until}: {then:?}");
            false
        }
        Decision::Exclude(because) => panic!("{because} at {now}"),
    }
}

#[test]
fn no_zone_is_dialed_outside_its_hours_around_any_clock_change_of_three_years() {
    let windows = [("09:00-20:00", (540, 1200)), ("00:00-03:00", (0, 180)), ("01:15-03:45", (75, 225))];
    let windows = windows.map(|(text, minutes)| Window { hours: hours(text), minutes });
    let (from, to) = (at("2025-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"));
    let database = TimeZoneDatabase::bundled();
    let (mut changes, mut dials, mut decisions) = (0, 0, 0);
    for name in database.available() {
        let zone = database.get(name.as_str()).unwrap();
        let lead = LeadZone::of(Some(&zone), None, None, &TimeZone::UTC);
        for change in zone.following(from).take_while(|change| change.timestamp() < to) {
            changes += 1;
            for (window, step) in windows.iter().flat_map(|window| (-STEPS..STEPS).map(move |step| (window, step))) {
                let now = change.timestamp() + STEP * i32::try_from(step).unwrap();
                dials += i64::from(check_decision(window, &lead, now));
                decisions += 1;
            }
        }
    }
    assert!(changes > 500 && dials > 5_000, "{dials} dials of {decisions} decisions around {changes} changes");
}

#[test]
fn where_a_lead_may_be_in_several_zones_all_their_clocks_agree_to_a_dial() {
    let window = Window { hours: hours("09:00-20:00"), minutes: (540, 1200) };
    let phoenix_and_denver =
        LeadZone::of(None, Some("86515"), PhoneNumber::from_e164("+19285550146").ok(), &TimeZone::UTC);
    assert_eq!(phoenix_and_denver.zones().len(), 2);
    let mut dials = 0;
    // Hourly over both changes of 2026: Denver leaves Phoenix behind, and comes back to it.
    for start in ["2026-03-06T00:00:00Z", "2026-10-30T00:00:00Z"] {
        for hour in 0..120 {
            dials +=
                i64::from(check_decision(&window, &phoenix_and_denver, at(start) + SignedDuration::from_hours(hour)));
        }
    }
    // Eleven hours in winter, ten in summer, less the hour in which it closes.
    assert!((90..110).contains(&dials), "{dials}");
}
