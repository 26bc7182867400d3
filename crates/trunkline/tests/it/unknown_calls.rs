//! Calls that may or may not exist: the answer was lost, or the process died. They are asked about, never redialed blindly.

mod crashes;

use crate::support::{Client, World};
use jiff::SignedDuration;
use std::time::Duration;
use trunkline::dialer::Timing;
use vapi_sim::{CreateFault, Knobs, ListFault, Outcome};

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// A world that waits for no answer longer than a test can.
async fn impatient_world() -> World {
    let mut world = World::new().await;
    let timing = Timing { answer_timeout: Duration::from_millis(300), ..Timing::at_speed(1) };
    world.node.dialer = world.node.dialer.clone().with_timing(timing);
    world
}

/// A campaign over one lead who answers, and a provider that meets the first create-call with `fault`.
async fn one_lead(world: &World, fault: CreateFault) -> Client {
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered(); 3]);
    world.provider.next_create(fault);
    world.campaign(&acme, &[MAYA]).await;
    acme
}

async fn state_of_first(world: &World) -> String {
    world.sql("select state from attempts order by created_at, id limit 1").await.remove(0)
}

fn silence(world: &World) {
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, ..Knobs::default() });
}

#[tokio::test]
async fn a_webhook_settles_a_call_whose_answer_was_lost() {
    let world = impatient_world().await;
    for (phone, fault) in [(MAYA, CreateFault::DropAfter), (OWEN, CreateFault::Hang)] {
        let acme = world.client(phone.trim_start_matches('+')).await;
        world.provider.script_phone(phone, vec![Outcome::answered()]);
        world.provider.next_create(fault);
        world.campaign(&acme, &[phone]).await;
        world.dial().await;
    }
    assert_eq!(world.sql("select state from attempts").await, ["unknown", "unknown"]);

    world.finish_calls().await;

    assert_eq!(world.sql("select state from attempts").await, ["ended", "ended"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached", "reached"]);
    assert_eq!(world.rang().len(), 2);
    world.check_books().await;
}

#[tokio::test]
async fn without_webhooks_a_listing_finds_the_call_by_its_marker() {
    let world = World::new().await;
    silence(&world);
    one_lead(&world, CreateFault::DropAfter).await;

    world.dial().await;
    world.run_for(minutes(2)).await;
    assert_eq!(state_of_first(&world).await, "unknown");
    world.run_for(minutes(6)).await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select state, outcome from attempts").await, ["ended"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_the_provider_does_not_have_is_redialed_after_two_listings_and_the_gap() {
    let world = World::new().await;
    one_lead(&world, CreateFault::DropBefore).await;

    world.dial().await;
    world.advance(seconds(179));
    world.dial().await;
    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown0"]);
    world.advance(seconds(2));
    world.dial().await;
    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown1"]);
    world.advance(seconds(14));
    world.dial().await;
    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown1"]);
    world.advance(seconds(2));
    world.dial().await;
    assert_eq!(world.sql("select state from attempts order by created_at, id").await, ["not_created", "scheduled"]);

    world.run_for(minutes(50)).await;
    assert_eq!(world.rang().len(), 0);
    world.run_for(minutes(15)).await;
    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}

#[tokio::test]
async fn an_unknown_call_stays_counted() {
    let world = World::new().await;
    one_lead(&world, CreateFault::DropBefore).await;
    world.dial().await;
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);

    world.run_for(minutes(5)).await;
    assert_eq!(state_of_first(&world).await, "not_created");
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);

    world.run_for(minutes(65)).await;
    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select calls from lead_days").await, ["2"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_listing_that_fails_proves_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    world.provider.next_create(CreateFault::DropBefore);
    world.dial().await;
    world.provider.set_knobs(Knobs { listing_errors: 1.0, ..Knobs::default() });

    for fault in [ListFault::TooManyRequests, ListFault::TruncatedJson, ListFault::Drop] {
        world.provider.next_list(fault);
    }
    world.run_for(minutes(30)).await;
    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown0"]);

    world.provider.set_knobs(Knobs::default());
    world.run_for(minutes(2)).await;
    assert_eq!(state_of_first(&world).await, "not_created");
    world.check_books().await;
}

#[tokio::test]
async fn a_listing_that_begins_too_early_proves_nothing() {
    let world = World::new().await;
    one_lead(&world, CreateFault::DropBefore).await;
    world.dial().await;

    for _ in 0..8 {
        world.advance(seconds(20));
        world.sql("update attempts set look_at = sending_at").await;
        world.dial().await;
    }

    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown0"]);
}

#[tokio::test]
async fn a_call_that_cannot_be_asked_about_is_held_for_a_person_after_a_day() {
    let world = World::new().await;
    one_lead(&world, CreateFault::DropAfter).await;
    silence(&world);
    world.dial().await;

    world.provider.revoke_key("sim-key-1");
    for _ in 0..23 {
        world.advance(SignedDuration::from_hours(1));
        world.dial().await;
    }
    assert_eq!(world.sql("select state || looks from attempts").await, ["unknown0"]);
    world.advance(SignedDuration::from_hours(2));
    world.dial().await;

    assert_eq!(world.sql("select state from attempts").await, ["held"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_held_call_goes_on_when_it_is_heard_of() {
    let world = World::new().await;
    let acme = one_lead(&world, CreateFault::DropBefore).await;
    world.dial().await;
    world.sql("update attempts set state = 'held', look_at = null").await;
    let attempt = world.sql("select id from attempts").await.remove(0);

    world.place_call(&acme, MAYA, &attempt).await;
    world.finish_calls().await;

    assert_eq!(world.sql("select state from attempts").await, ["ended"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_comes_to_light_after_closing_is_accepted_late_and_counted() {
    let world = World::new().await;
    let acme = one_lead(&world, CreateFault::DropBefore).await;
    world.dial().await;
    world.run_for(minutes(5)).await;
    assert_eq!(state_of_first(&world).await, "not_created");
    let attempt = world.sql("select id from attempts where state = 'not_created'").await.remove(0);

    world.place_call(&acme, MAYA, &attempt).await;
    world.finish_calls().await;

    assert_eq!(
        world.sql("select state || ' ' || outcome from attempts where sending_at is not null").await,
        ["accepted_late answered"]
    );
    // It was a conversation: the lead is not called again.
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
    world.run_for(minutes(90)).await;
    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}

#[tokio::test]
async fn a_refused_call_that_exists_after_all_counts_again() {
    let world = World::new().await;
    let body = r#"{"message":"Something new","error":"Bad Request","statusCode":400}"#.to_owned();
    let acme = one_lead(&world, CreateFault::Refused { status: 400, body }).await;
    world.dial().await;
    assert_eq!(state_of_first(&world).await, "rejected");
    assert_eq!(world.sql("select calls from lead_days").await, ["0"]);
    let attempt = world.sql("select id from attempts where state = 'rejected'").await.remove(0);

    world.place_call(&acme, MAYA, &attempt).await;
    world.finish_calls().await;

    assert_eq!(state_of_first(&world).await, "accepted_late");
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_second_call_of_one_attempt_is_a_conflict_and_both_calls_are_in_the_books() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered(); 2]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    let attempt = world.sql("select id from attempts").await.remove(0);

    let second = world.place_call(&acme, MAYA, &attempt).await;
    world.provider().await;
    world.advance(seconds(3));
    world.provider().await;
    world.apply().await;
    assert_eq!(world.sql("select state from attempts").await, ["conflict"]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["2"]);
    for rings in
        ["select calls from lead_days", "select calls from phone_number_days", "select calls from organization_days"]
    {
        assert_eq!(world.sql(rings).await, ["2"], "{rings}");
    }

    world.finish_calls().await;
    assert_eq!(world.sql("select calls from lead_days").await, ["2"], "whatever else is told of the second call");
    assert_eq!(world.sql("select state || ' ' || outcome from attempts").await, ["conflict answered"]);
    assert_eq!(world.sql("select outcome from calls").await, ["answered", "answered"]);
    let alone = format!("select attempt_id is null from calls where provider_call_id = '{second}'");
    assert_eq!(world.sql(&alone).await, ["t"]);
    assert_eq!(world.sql("select state from events where state <> 'applied'").await, [""; 0]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_counters().await;
}

/// Meets one create-call with `fault` and returns what becomes of the attempt within ten minutes.
async fn comes_to(fault: CreateFault) -> String {
    let world = impatient_world().await;
    one_lead(&world, fault.clone()).await;
    world.dial().await;
    assert_eq!(state_of_first(&world).await, "unknown", "{fault:?}");
    world.run_for(minutes(10)).await;
    world.check_books().await;
    state_of_first(&world).await
}

#[tokio::test]
async fn an_odd_answer_is_no_answer() {
    assert_eq!(comes_to(CreateFault::Status500Before).await, "not_created");
    assert_eq!(comes_to(CreateFault::Status502Before).await, "not_created");
    assert_eq!(comes_to(CreateFault::Status500After).await, "ended");
    assert_eq!(comes_to(CreateFault::TruncatedJson).await, "ended");
    assert_eq!(comes_to(CreateFault::WithoutId).await, "ended");
    assert_eq!(comes_to(CreateFault::NotJson).await, "ended");
    assert_eq!(comes_to(CreateFault::LateAnswer(Duration::from_millis(600))).await, "ended");
}

#[tokio::test]
async fn an_account_that_answers_nothing_is_left_alone_for_a_while() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { errors_before_create: 1.0, ..Knobs::default() });
    world.campaign(&acme, &crate::support::phones(10)).await;

    world.dial().await;

    assert_eq!(world.sql("select status from provider_accounts").await, ["paused"]);
    let sent: usize = world.sql("select count(*) from attempts where state = 'unknown'").await[0].parse().unwrap();
    assert!((3..10).contains(&sent), "{sent} were sent");
    world.provider.set_knobs(Knobs::default());
    world.run_for(minutes(80)).await;
    assert_eq!(world.sql("select count(distinct lead_id) from attempts where state = 'ended'").await, ["10"]);
    world.check_books().await;
}
