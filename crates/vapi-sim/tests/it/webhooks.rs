//! Delivery: where messages go, how they are signed, lost, doubled and repeated.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use vapi_sim::{Entry, Fate, Outcome, Scene, Webhook};

use crate::support::{KEY, ORG, PHONE, World, order};

fn webhooks(world: &World) -> Vec<Webhook> {
    let webhook = |entry: Entry| match entry {
        Entry::Webhook(webhook) => Some(webhook),
        _ => None,
    };
    world.simulator.journal().into_iter().filter_map(webhook).collect()
}

/// A call whose assistant has this `server` besides its URL.
async fn call_with_server(world: &World, mut server: Value) {
    server["url"] = json!(world.hook_url);
    let mut order = order(PHONE);
    order["assistantOverrides"] = json!({ "server": server });
    assert_eq!(world.post("/call", order).await.status, 201);
}

#[tokio::test]
async fn lost_webhooks_never_arrive_and_are_noted() {
    let world = World::new().await;
    world.script(Outcome::Busy);
    world.set_knobs(|knobs| knobs.lose_webhooks = 1.0);

    world.placed().await;
    world.seconds(60).await;

    assert!(world.received().is_empty());
    assert_eq!(webhooks(&world).len(), 3);
    assert!(webhooks(&world).iter().all(|webhook| webhook.fate == Fate::Lost));
}

#[tokio::test]
async fn duplicates_are_the_same_message_with_other_signatures() {
    let world = World::new().await;
    world.script(Outcome::scene(Scene::HangsUp));
    world.set_knobs(|knobs| knobs.duplicate_webhooks = 1.0);

    world.placed().await;
    world.seconds(600).await;

    let reports = world.messages("end-of-call-report");
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0]["transcript"], reports[1]["transcript"]);
    assert_ne!(reports[0]["artifact"]["presignedMonoUrl"], reports[1]["artifact"]["presignedMonoUrl"]);
    assert_eq!(webhooks(&world).iter().filter(|webhook| webhook.is_duplicate).count(), 4);
}

#[tokio::test]
async fn reordered_webhooks_all_arrive_and_overtake_each_other() {
    let world = World::new().await;
    world.set_knobs(|knobs| knobs.reorder_webhooks = true);
    for _ in 0..10 {
        world.script(Outcome::Busy);
        world.placed().await;
    }
    world.seconds(120).await;

    let times: Vec<i64> =
        world.received().iter().map(|received| received.message()["timestamp"].as_i64().unwrap()).collect();
    assert_eq!(times.len(), 30);
    assert!(!times.is_sorted());
}

#[tokio::test]
async fn without_a_backoff_plan_a_refused_webhook_is_not_repeated() {
    let world = World::new().await;
    world.script(Outcome::Busy);
    world.answer_next(503, json!({}));

    world.placed().await;
    world.seconds(600).await;

    assert_eq!(world.received().len(), 3);
    assert_eq!(webhooks(&world)[0].fate, Fate::Failed);
    assert_eq!(webhooks(&world)[0].http_status, Some(503));
}

#[tokio::test]
async fn a_backoff_plan_repeats_in_simulated_time() {
    let world = World::new().await;
    world.script(Outcome::NoAnswer);
    let plan = json!({ "backoffPlan": { "type": "exponential", "maxRetries": 5, "baseDelaySeconds": 2 } });
    call_with_server(&world, plan).await;
    for _ in 0..3 {
        world.answer_next(503, json!({}));
    }
    world.seconds(20).await;

    let ringing: Vec<Webhook> = webhooks(&world);
    let waits: Vec<f64> = ringing.windows(2).map(|pair| pair[1].at.duration_since(pair[0].at).as_secs_f64()).collect();
    assert_eq!(ringing.iter().map(|webhook| webhook.try_number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(waits, [2.0, 4.0, 8.0]);
    assert_eq!(ringing[3].fate, Fate::Delivered);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failed_webhook() {
    let world = World::new().await;
    world.script(Outcome::Busy);
    let mut order = order(PHONE);
    order["assistantOverrides"] = json!({ "server": { "url": "http://127.0.0.1:1/" } });

    world.post("/call", order).await;
    world.seconds(60).await;

    assert!(webhooks(&world).iter().all(|webhook| webhook.fate == Fate::Failed && webhook.http_status.is_none()));
}

#[tokio::test]
async fn a_server_is_known_by_its_secret_and_headers() {
    let world = World::new().await;
    world.script(Outcome::Busy);

    call_with_server(&world, json!({ "secret": "s3cret", "headers": { "X-Mine": "yes" } })).await;
    world.seconds(60).await;

    let headers = &world.received()[0].headers;
    assert_eq!(headers["x-vapi-secret"], "s3cret");
    assert_eq!(headers["x-mine"], "yes");
}

#[tokio::test]
async fn credentials_sign_by_bearer_or_hmac() {
    let world = World::new().await;
    let credential = async |plan: Value| {
        let answer = world.post("/credential", json!({ "provider": "webhook", "authenticationPlan": plan })).await;
        assert_eq!(answer.status, 201);
        json!({ "credentialId": answer.body["id"] })
    };
    let bearer = credential(json!({ "type": "bearer", "token": "t0ken" })).await;
    let hmac = credential(json!({ "type": "hmac", "secretKey": "k3y", "algorithm": "sha256" })).await;

    world.script(Outcome::Busy);
    call_with_server(&world, bearer).await;
    world.seconds(60).await;
    let by_bearer = world.received()[0].clone();
    world.script(Outcome::Busy);
    call_with_server(&world, hmac).await;
    world.seconds(60).await;
    let by_hmac = world.received()[3].clone();

    assert_eq!(by_bearer.headers["authorization"], "Bearer t0ken");
    let timestamp = by_hmac.headers["x-timestamp"].to_str().unwrap().to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"k3y").unwrap();
    mac.update(&[timestamp.as_bytes(), b".", &by_hmac.body].concat());
    let signature = hex::encode(mac.finalize().into_bytes());
    assert_eq!(by_hmac.headers["x-signature"].to_str().unwrap(), signature);
}

#[tokio::test]
async fn without_a_server_of_its_own_the_number_and_then_the_org_are_told() {
    let world = World::new().await;
    world.send("PATCH", "/assistant/assistant-1", KEY, Some(json!({ "server": null }))).await;
    let heard = async |outcome: Outcome| {
        let before = world.received().len();
        world.script(outcome);
        world.placed().await;
        world.seconds(60).await;
        world.received().len() - before
    };

    let nobody = heard(Outcome::Busy).await;
    world.simulator.set_org_server(ORG, json!({ "url": world.hook_url }));
    let org = heard(Outcome::Busy).await;
    let elsewhere = json!({ "server": { "url": "http://127.0.0.1:1/" } });
    world.send("PATCH", "/phone-number/number-1", KEY, Some(elsewhere)).await;
    let number = heard(Outcome::Busy).await;

    assert_eq!((nobody, org, number), (0, 3, 0));
}

#[tokio::test]
async fn only_the_kinds_the_assistant_asks_for_are_sent() {
    let world = World::new().await;
    world.script(Outcome::scene(Scene::HangsUp));
    let mut order = order(PHONE);
    order["assistantOverrides"] = json!({ "serverMessages": ["conversation-update", "transcript"] });

    world.post("/call", order).await;
    world.seconds(600).await;

    let updates = world.messages("conversation-update");
    assert_eq!(updates.len(), 2);
    assert_eq!(updates[1]["messages"].as_array().unwrap().len(), 3);
    assert_eq!(world.messages("transcript").len(), 2);
    assert_eq!(world.received().len(), 4);
}

#[tokio::test]
async fn odd_messages_come_when_the_knobs_say_so() {
    let world = World::new().await;
    world.script(Outcome::Busy);
    world.set_knobs(|knobs| {
        knobs.unknown_types = 1.0;
        knobs.unknown_ended_reasons = 1.0;
        knobs.missing_fields = 1.0;
        knobs.iso_timestamps = 1.0;
        knobs.big_bodies = 1.0;
    });

    let id = world.placed().await;
    world.seconds(60).await;

    let received = world.received();
    assert_eq!(world.messages("call.weather-changed").len(), 2);
    for received in &received {
        let message = received.message();
        assert!(message["timestamp"].is_string());
        assert!(message.get("assistant").is_none() && message.get("customer").is_none());
        assert!(received.body.len() > 900_000);
    }
    let reason = world.get(&format!("/call/{id}")).await.body["endedReason"].as_str().unwrap().to_owned();
    assert!(reason.contains("entropy"), "{reason}");
}
