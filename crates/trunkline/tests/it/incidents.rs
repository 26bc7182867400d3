//! Calls that should not have been: what they hold back until a person has looked.

use crate::support::{Client, World};
use jiff::SignedDuration;
use vapi_sim::{CreateFault, Knobs, Outcome, OverLimit};

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";

/// Maya has a second call of one attempt; Owen's campaign has not begun.
async fn second_call(world: &World) -> Client {
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 4]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    let attempt = world.sql("select id from attempts").await.remove(0);
    world.place_call(&acme, MAYA, &attempt).await;
    world.finish_calls().await;
    acme
}

async fn resume_account(world: &World) {
    let operator = world.operator().await;
    world.post(&operator, &format!("/accounts/{}/resume", world.account), &[]).await;
    assert_eq!(world.sql("select status from provider_accounts").await, ["active"]);
}

#[tokio::test]
async fn after_a_second_call_its_account_rests_until_a_person_has_looked() {
    let world = World::new().await;
    let acme = second_call(&world).await;
    world.campaign(&acme, &[OWEN]).await;
    world.run_for(SignedDuration::from_mins(30)).await;

    assert_eq!(world.rang(), [MAYA, MAYA]);
    assert_eq!(world.sql("select status || coalesce(paused_until::text, '') from provider_accounts").await, ["paused"]);
    let operator = world.operator().await;
    let page = world.get(&operator, "/attention").await.body;
    assert!(page.contains("Second call"), "{page}");
    assert!(world.get(&operator, "/").await.body.contains("it has made a call that should not have been"));

    resume_account(&world).await;
    world.run_for(SignedDuration::from_mins(15)).await;
    assert_eq!(world.rang(), [MAYA, MAYA, OWEN]);
    world.check_counters().await;
}

#[tokio::test]
async fn a_phone_that_rang_once_too_often_is_left_alone_for_the_rest_of_its_day_by_every_campaign() {
    let world = World::new().await;
    let acme = second_call(&world).await;
    resume_account(&world).await;
    world.sql("update organizations set calls_per_lead_and_day_max = 5").await;
    world.sql("update campaigns set calls_per_lead_and_day_max = 5").await;
    world.campaign(&acme, &[MAYA]).await;

    for _ in 0..16 {
        world.advance(SignedDuration::from_mins(30));
        world.dial().await;
    }
    assert_eq!(world.rang_or_about_to(), 2);
    assert_eq!(
        world.sql("select distinct deferred_because from attempts where state = 'scheduled'").await,
        ["phone_is_held"]
    );

    world.advance(SignedDuration::from_hours(12));
    world.dial().await;
    assert_eq!(world.rang_or_about_to(), 3, "on the next day");
}

#[tokio::test]
async fn a_phone_that_is_held_is_not_called_even_if_it_was_claimed() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    world.sql("insert into phone_holds select organization_id, phone, now() + '100 years', 'a drill', now() from attempts").await;

    world.node.dialer.send(acme.id, claimed[0]).await.unwrap();

    assert_eq!(world.rang_or_about_to(), 0);
    assert_eq!(world.sql("select state from attempts order by created_at, id").await, ["released", "scheduled"]);
}

/// A campaign over one lead, and a provider that lets its call wait for a line that nobody gives back.
async fn queued_call(world: &World) -> Client {
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered(); 2]);
    world.provider.next_create(CreateFault::ConcurrencyWaits201);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    acme
}

#[tokio::test]
async fn a_call_that_waits_at_the_provider_for_over_a_minute_is_deleted_there_and_tried_again() {
    let world = World::new().await;
    queued_call(&world).await;

    world.advance(SignedDuration::from_secs(59));
    world.dial().await;
    assert_eq!(world.sql("select state from attempts").await, ["accepted"]);
    world.advance(SignedDuration::from_secs(2));
    world.dial().await;

    let states = "select state || coalesce(' ' || outcome, '') from attempts order by created_at, id";
    assert_eq!(world.sql(states).await, ["ended failed", "scheduled"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"], "nobody can prove that it did not ring");
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
    world.check_books().await;
    world.run_for(SignedDuration::from_hours(2)).await;
    assert_eq!(world.rang(), [MAYA], "the deleted one does not ring after all");
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    assert_eq!(world.sql("select count(*) from calls where ended_at is null").await, ["0"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_rings_is_not_deleted_though_nothing_was_heard_of_it() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, over_limit: OverLimit::Waits, ..Knobs::default() });
    world.provider.script_phone(MAYA, vec![Outcome::Answered { scene: None, talk_seconds: Some(300.0) }]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;

    world.run_for(SignedDuration::from_mins(3)).await;
    assert_eq!(world.sql("select state from attempts").await, ["accepted"]);
    world.run_for(SignedDuration::from_mins(10)).await;

    assert_eq!(world.sql("select state || ' ' || outcome from attempts").await, ["ended answered"]);
    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}
