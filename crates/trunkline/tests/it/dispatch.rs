//! From campaign to ring: what rings, how often, and what comes of it. Rings are read from the provider's journal.

use crate::support::{Campaign, World, hours};
use jiff::SignedDuration;
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";

fn hours_of(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn answered() -> Outcome {
    Outcome::Answered { scene: None, talk_seconds: Some(30.0) }
}

#[tokio::test]
async fn a_lead_that_answers_is_called_once_and_reached() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![answered()]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select state from attempts").await, ["ended"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    assert_eq!(world.sql("select outcome from calls").await, ["answered"]);
}

#[tokio::test]
async fn a_call_with_no_answer_is_tried_again_in_calling_hours() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer, answered()]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    world.advance(hours_of(3));
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA, MAYA]);
    assert_eq!(world.sql("select disposition, attempts_made from enrollments").await, ["reached"]);
}

#[tokio::test]
async fn a_lead_is_called_twice_a_day_at_most_and_again_on_the_next() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::Busy; 5]);
    world.campaign(&acme, &[MAYA]).await;

    for _ in 0..9 {
        world.finish_calls().await;
        world.advance(hours_of(1));
    }
    assert_eq!(world.rang().len(), 2);

    world.advance(hours_of(15));
    world.finish_calls().await;
    assert_eq!(world.rang().len(), 3);
}

#[tokio::test]
async fn a_phone_in_two_campaigns_rings_once_at_a_time_and_twice_a_day() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 9]);
    world.campaign(&acme, &[MAYA]).await;
    world.campaign(&acme, &[MAYA]).await;

    world.dial().await;
    assert_eq!(world.rang_or_about_to(), 1);

    for _ in 0..8 {
        world.finish_calls().await;
        world.advance(hours_of(1));
    }
    assert_eq!(world.rang().len(), 2);
}

#[tokio::test]
async fn nobody_is_called_outside_the_hours_where_the_lead_is() {
    // 12:00 in New York is 9:00 in Los Angeles.
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let los_angeles = "+13105550146";
    world.provider.script_phone(MAYA, vec![answered()]);
    world.provider.script_phone(los_angeles, vec![answered()]);
    let campaign = Campaign { hours: hours("10:00-20:00"), ..Campaign::over(&[MAYA, los_angeles]) };
    world.campaign_of(&acme, campaign).await;

    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    let until =
        world.sql("select due_at at time zone 'America/Los_Angeles' from attempts where state = 'scheduled'").await;
    assert_eq!(until, ["2026-03-04 10:00:00"]);

    world.advance(hours_of(1));
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA, los_angeles]);
}

#[tokio::test]
async fn a_call_that_never_dialed_gives_its_unit_back() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let fault = Outcome::Fault { reason: "call.start.error-vapifault-get-org".to_owned(), rings: false };
    world.provider.script_phone(MAYA, vec![fault, answered()]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;
    world.advance(hours_of(1));
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    assert_eq!(world.sql("select calls from organization_days").await, ["1"]);
}

#[tokio::test]
async fn the_gap_between_rings_counts_from_the_end_of_the_last_call() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::Busy; 2]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;
    world.run_for(SignedDuration::from_mins(30)).await;

    let waits = "select later.due_at >= earlier.settled_at + interval '60 min', later.deferred_because
                 from attempts later, attempts earlier
                 where later.state = 'scheduled' and earlier.state = 'ended'";
    assert_eq!(world.sql(waits).await, ["t"]);
    assert_eq!(world.sql("select deferred_because from attempts where state = 'scheduled'").await, ["rang_recently"]);
}

#[tokio::test]
async fn lines_come_back_when_calls_end() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 1).await;
    for phone in [MAYA, OWEN] {
        world.provider.script_phone(phone, vec![answered()]);
    }
    world.campaign(&acme, &[MAYA, OWEN]).await;

    assert_eq!(world.dial().await, 1);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["organization_lines_in_use"]);

    world.finish_calls().await;
    assert_eq!(world.rang().len(), 2);
    assert_eq!(world.sql("select lines_in_use from organization_dispatch").await, ["0"]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
}
