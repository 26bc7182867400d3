//! `GET /call`: lag, filters, order and horizon.

use jiff::SignedDuration;
use vapi_sim::{ListFault, Outcome, RestoredCall};

use crate::support::{ORG, PHONE, World, order};

/// Ids in the order of the list.
async fn listed(world: &World, query: &str) -> Vec<String> {
    let answer = world.get(&format!("/call{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.as_array().unwrap().iter().map(|call| call["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_new_call_is_not_found_for_a_moment() {
    let world = World::new().await;
    let id = world.placed().await;

    let at_once = (world.get(&format!("/call/{id}")).await.status, listed(&world, "").await);
    world.seconds(2).await;
    let later = (world.get(&format!("/call/{id}")).await.status, listed(&world, "").await);

    assert_eq!(at_once, (404, Vec::new()));
    assert_eq!(later, (200, vec![id]));
}

#[tokio::test]
async fn filters_by_time_tell_greater_from_greater_or_equal() {
    let world = World::new().await;
    let first = world.placed().await;
    world.seconds(1).await;
    let at = world.now();
    let second = world.placed().await;
    world.seconds(1).await;
    let third = world.placed().await;
    world.seconds(2).await;

    assert_eq!(listed(&world, "").await, [third.clone(), second.clone(), first.clone()]);
    assert_eq!(listed(&world, &format!("?createdAtGe={at}")).await, [third.clone(), second.clone()]);
    assert_eq!(listed(&world, &format!("?createdAtGt={at}")).await, [third]);
    assert_eq!(listed(&world, &format!("?createdAtLe={at}")).await, [second.clone(), first.clone()]);
    assert_eq!(listed(&world, &format!("?createdAtLt={at}")).await, std::slice::from_ref(&first));
    assert_eq!(listed(&world, &format!("?createdAtGe={at}&createdAtLe={at}")).await, std::slice::from_ref(&second));
    assert_eq!(listed(&world, &format!("?id={first}")).await, [first]);
    assert_eq!(listed(&world, "?limit=1").await.len(), 1);
    assert_eq!(listed(&world, "?limit=0").await.len(), 0);
}

#[tokio::test]
async fn a_sweep_by_change_finds_calls_created_long_before() {
    let world = World::new().await;
    world.script(Outcome::NoAnswer);
    let old = world.placed().await;
    world.seconds(10).await;
    let since = world.now();
    let young = {
        world.simulator.script_phone("+14155550102", vec![Outcome::Busy]);
        world.call("+14155550102").await.body["id"].as_str().unwrap().to_owned()
    };
    world.seconds(60).await;

    let changed = listed(&world, &format!("?updatedAtGe={since}")).await;
    let until = listed(&world, &format!("?updatedAtLt={since}")).await;

    assert_eq!(changed, [young, old]);
    assert!(until.is_empty());
}

#[tokio::test]
async fn filters_by_assistant_and_number_leave_others_out() {
    let world = World::new().await;
    let id = world.placed().await;
    world.seconds(2).await;

    assert_eq!(listed(&world, "?assistantId=assistant-1&phoneNumberId=number-1").await, [id]);
    assert!(listed(&world, "?assistantId=other").await.is_empty());
    assert!(listed(&world, "?phoneNumberId=other").await.is_empty());
}

#[tokio::test]
async fn unknown_filters_and_large_limits_are_refused() {
    let world = World::new().await;

    assert_eq!(world.get("/call?status=ended").await.status, 400);
    assert_eq!(world.get("/call?limit=1001").await.status, 400);
    assert_eq!(world.get("/call?createdAtGe=yesterday").await.status, 400);
}

#[tokio::test]
async fn calls_are_gone_after_fourteen_days() {
    let world = World::new().await;
    world.script(Outcome::NoAnswer);
    let id = world.placed().await;
    world.seconds(60).await;
    assert_eq!(listed(&world, "").await, std::slice::from_ref(&id));

    world.advance(SignedDuration::from_hours(14 * 24)).await;

    assert!(listed(&world, "").await.is_empty());
    assert_eq!(world.get(&format!("/call/{id}")).await.status, 404);
    assert_eq!(world.simulator.rings().len(), 1);
}

#[tokio::test]
async fn a_call_of_before_the_start_is_listed_in_its_place() {
    let world = World::new().await;
    let young = world.placed().await;
    world.seconds(2).await;
    let restored = RestoredCall {
        org_id: ORG,
        id: "01a20c02-4783-7a15-8d78-94e44f8b1be4",
        name: "attempt-0",
        phone: PHONE,
        created_at: world.now() - SignedDuration::from_mins(5),
        ended_at: world.now(),
    };

    let is_new = world.simulator.restore_ended_call(restored);
    let is_new_again = world.simulator.restore_ended_call(restored);

    assert!(is_new && !is_new_again);
    assert_eq!(listed(&world, "").await, [young.as_str(), restored.id]);
    let read = world.get(&format!("/call/{}", restored.id)).await.body;
    assert_eq!((read["name"].as_str(), read["status"].as_str()), (Some("attempt-0"), Some("ended")));
    assert_eq!(read["endedReason"], "call.in-progress.error-vapifault-worker-died");
}

#[tokio::test]
async fn a_scripted_listing_fails_once() {
    let world = World::new().await;
    world.simulator.next_list(ListFault::Status500);
    world.simulator.next_list(ListFault::TruncatedJson);
    world.post("/call", order(PHONE)).await;
    world.seconds(2).await;

    let statuses = [world.get("/call").await.status, world.get("/call").await.status];
    let whole = listed(&world, "").await;

    assert_eq!(statuses, [500, 200]);
    assert_eq!(whole.len(), 1);
}
