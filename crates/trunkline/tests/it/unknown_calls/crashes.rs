//! Processes that die or sleep between claim and send, before and after the point of no return.

use super::{MAYA, OWEN, minutes, seconds, state_of_first};
use crate::support::World;
use trunkline::store::attempt_sends;
use vapi_sim::Outcome;

#[tokio::test]
async fn a_process_that_dies_before_the_point_of_no_return_loses_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    assert_eq!(world.node.dialer.take_turn(acme.id).await.unwrap().len(), 1);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);

    world.advance(seconds(29));
    assert_eq!(world.dial().await, 0);
    world.advance(seconds(2));
    assert_eq!(world.dial().await, 1);

    assert_eq!(world.sql("select state from attempts order by created_at, id").await, ["released", "accepted"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}

#[tokio::test]
async fn a_process_that_sleeps_through_its_lease_sends_nothing_and_gives_back_nothing_twice() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA, OWEN]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    assert_eq!(claimed.len(), 2);

    world.advance(seconds(31));
    // One of them is late before the reaper has come, the other after it.
    world.node.dialer.send(acme.id, claimed[0]).await.unwrap();
    world.dial().await;
    for late in claimed {
        world.node.dialer.send(acme.id, late).await.unwrap();
    }

    assert_eq!(world.rang_or_about_to(), 1);
    world.check_books().await;
    world.finish_calls().await;
    assert_eq!(world.rang().len(), 2);
    world.check_books().await;
}

#[tokio::test]
async fn a_late_sender_of_a_stopped_campaign_gives_back_nothing_twice() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let campaign = world.campaign(&acme, &[MAYA]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    let manager = world.manager(&acme).await;
    world.post(&manager, &format!("/o/{}/campaigns/{campaign}/stop", acme.slug), &[]).await;
    world.advance(seconds(31));
    world.dial().await;
    assert_eq!(world.sql("select state from attempts").await, ["cancelled"]);

    world.node.dialer.send(acme.id, claimed[0]).await.unwrap();

    assert_eq!(world.sql("select disposition from enrollments").await, ["cancelled"]);
    assert_eq!(world.rang_or_about_to(), 0);
    world.check_books().await;
}

#[tokio::test]
async fn a_process_that_dies_after_the_point_of_no_return_leaves_an_unknown_call() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    attempt_sends::send(&tx, claimed[0], world.now(), world.now() + seconds(30)).await.unwrap();
    tx.commit().await.unwrap();

    world.advance(seconds(29));
    world.dial().await;
    assert_eq!(world.sql("select state from attempts").await, ["sending"]);
    world.advance(seconds(2));
    world.dial().await;
    assert_eq!(world.sql("select state from attempts").await, ["unknown"]);

    world.run_for(minutes(5)).await;
    assert_eq!(state_of_first(&world).await, "not_created");
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    world.check_books().await;
}

#[tokio::test]
async fn an_attempt_is_sent_at_most_once() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered(); 2]);
    world.campaign(&acme, &[MAYA]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap()[0];

    let dialer = &world.node.dialer;
    let sends = (0..8).map(|_| dialer.send(acme.id, claimed));
    for sent in futures_util::future::join_all(sends).await {
        sent.unwrap();
    }

    assert_eq!(world.rang_or_about_to(), 1);
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}
