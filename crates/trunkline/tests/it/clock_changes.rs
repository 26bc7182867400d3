//! Clocks go forward and back while campaigns run: what rang is held against the civil time where it rang.

use crate::support::{Campaign, World, hours, phones};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use trunkline::domain::retry_policy::RetryPlan;
use vapi_sim::Outcome;

/// Area codes and where they are, by hand: not by the table that the dialer reads.
const ZONES: [(&str, &str); 5] = [
    ("+1902", "America/Halifax"),
    ("+1212", "America/New_York"),
    ("+1312", "America/Chicago"),
    ("+1303", "America/Denver"),
    ("+1310", "America/Los_Angeles"),
];

fn once() -> RetryPlan {
    serde_json::from_str(r#"{"attempts_max": 1}"#).unwrap()
}

/// Calls one person after the other from `start` on for `time`, and returns when phones rang, in New York.
async fn rings_over(start: &str, time: SignedDuration) -> Vec<String> {
    let world = World::at(start).await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 1).await;
    let people = phones(200);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::Busy]);
    }
    let campaign = Campaign { hours: hours("01:30-03:30"), retry_plan: once(), ..Campaign::over(&people) };
    world.campaign_of(&acme, campaign).await;
    let end = world.now() + time;
    while world.now() < end {
        world.dial().await;
        world.advance(SignedDuration::from_secs(10));
        world.provider().await;
        world.apply().await;
        world.advance(SignedDuration::from_secs(170));
    }
    world.check_books().await;
    let new_york = TimeZone::get("America/New_York").unwrap();
    let rings = world.provider.rings();
    rings.iter().map(|ring| ring.at.to_zoned(new_york.clone()).strftime("%H:%M %Z").to_string()).collect()
}

/// Every ring lies in one of the stretches, which close ten minutes early.
#[track_caller]
fn check_open(rings: &[String], open: &[(&str, &str)]) {
    let is_open = |at: &str| open.iter().any(|(from, to)| at >= *from && at < *to && at[6..] == from[6..]);
    assert!(rings.iter().all(|at| is_open(at)), "{rings:?}");
}

#[tokio::test]
async fn a_clock_change_makes_nobody_ring_outside_the_hours() {
    // At 2:00 in winter time it is 3:00 in summer time: of two hours there is one.
    let spring = rings_over("2026-03-08T06:00:00Z", SignedDuration::from_hours(2)).await;
    check_open(&spring, &[("01:30 EST", "02:00 EST"), ("03:00 EDT", "03:20 EDT")]);
    assert!(spring.len() >= 14, "{spring:?}");

    // At 2:00 in summer time it is 1:00 in winter time: the half hour from 1:30 on comes twice, and between it is closed.
    let autumn = rings_over("2026-11-01T05:00:00Z", SignedDuration::from_hours(4)).await;
    check_open(&autumn, &[("01:30 EDT", "01:50 EDT"), ("01:30 EST", "03:20 EST")]);
    assert!(autumn.iter().any(|at| at.ends_with("EDT")) && autumn.len() >= 38, "{autumn:?}");
}

/// The same over five zones at once, of which the westernmost changes its clock four hours after the first.
async fn rings_in_five_zones(start: &str) -> Vec<(&'static str, String)> {
    let world = World::at(start).await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 4).await;
    let people: Vec<&'static str> =
        ZONES.iter().flat_map(|(prefix, _)| (0..60).map(move |nth| &*format!("{prefix}600{nth:04}").leak())).collect();
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::Busy]);
    }
    world.sql("update phone_numbers set calls_per_day_max = 1000").await;
    world
        .campaign_of(&acme, Campaign { hours: hours("01:30-03:30"), retry_plan: once(), ..Campaign::over(&people) })
        .await;
    let end = world.now() + SignedDuration::from_hours(8);
    while world.now() < end {
        world.dial().await;
        world.advance(SignedDuration::from_secs(10));
        world.provider().await;
        world.apply().await;
        world.advance(SignedDuration::from_secs(230));
    }
    world.check_books().await;
    let told = |ring: &vapi_sim::Ring| {
        let (_, zone) = ZONES.iter().find(|(prefix, _)| ring.phone.starts_with(prefix)).unwrap();
        let local = ring.at.to_zoned(TimeZone::get(zone).unwrap());
        (*zone, local.strftime("%H:%M %Z").to_string())
    };
    world.provider.rings().iter().map(told).collect()
}

#[tokio::test]
async fn a_campaign_over_five_zones_rings_in_none_outside_its_hours_while_clocks_change() {
    // From 1:00 in Halifax until past 3:30 in Los Angeles. In autumn the hours are longer and overlap, so that lines run short
    // and not every zone is called before its change.
    for (start, called_before_and_after) in [("2026-03-08T05:00:00Z", 5), ("2026-11-01T04:00:00Z", 1)] {
        let rings = rings_in_five_zones(start).await;

        let outside: Vec<_> = rings.iter().filter(|(_, at)| !("01:30".."03:30").contains(&&at[..5])).collect();
        assert!(outside.is_empty(), "{outside:?}");
        let clocks = |zone: &str| -> BTreeSet<&str> {
            rings.iter().filter(|(of, _)| *of == zone).map(|(_, at)| &at[6..]).collect()
        };
        assert!(ZONES.iter().all(|(_, zone)| !clocks(zone).is_empty()), "{rings:?}");
        let both = ZONES.iter().filter(|(_, zone)| clocks(zone).len() == 2).count();
        assert!(both >= called_before_and_after, "{both} zones were called before and after: {rings:?}");
    }
}
