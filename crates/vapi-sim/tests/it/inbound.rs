//! Calls that come in.

use serde_json::json;

use crate::support::{ORG, POOL, World};

const NUMBER: &str = "+14155550000";
const CALLER: &str = "+14155550199";

/// The usual number, pointed at our server, without an assistant.
async fn bare_number(world: &World) {
    let server = json!({ "server": { "url": world.hook_url } });
    world.send("PATCH", "/phone-number/number-1", "private-key", Some(server)).await;
}

#[tokio::test]
async fn a_number_without_an_assistant_asks_for_one() {
    let world = World::new().await;
    bare_number(&world).await;
    world.answer_next(200, json!({ "assistantId": "assistant-1" }));

    let id = world.simulator.inbound_call(NUMBER, CALLER).unwrap();
    assert_eq!(world.simulator.lines_in_use(POOL), 1);
    world.seconds(600).await;

    let request = &world.messages("assistant-request")[0];
    assert_eq!(request["call"]["type"], "inboundPhoneCall");
    assert_eq!(request["customer"]["number"], CALLER);
    assert_eq!(world.statuses().last().map(String::as_str), Some("ended"));
    let report = &world.messages("end-of-call-report")[0];
    assert_eq!(report["call"]["id"], id);
    assert!(report["durationSeconds"].as_f64().unwrap() > 0.0);
    assert_eq!(world.simulator.lines_in_use(POOL), 0);
}

#[tokio::test]
async fn what_the_server_answers_decides_how_a_call_that_came_in_ends() {
    let answers = [
        (500, json!({}), "assistant-request-failed"),
        (200, json!({}), "assistant-request-returned-no-assistant"),
        (200, json!({ "assistantId": "gone" }), "assistant-request-returned-invalid-assistant"),
        (200, json!({ "error": "We are closed.", "assistantId": "assistant-1" }), "assistant-request-returned-error"),
        (
            200,
            json!({ "destination": { "type": "number", "number": "+14155550111" } }),
            "assistant-request-returned-forwarding-phone-number",
        ),
    ];
    for (status, body, reason) in answers {
        let world = World::new().await;
        bare_number(&world).await;
        world.answer_next(status, body);
        let id = world.simulator.inbound_call(NUMBER, CALLER).unwrap();
        world.seconds(600).await;
        assert_eq!(world.get(&format!("/call/{id}")).await.body["endedReason"], reason);
    }
}

#[tokio::test]
async fn a_number_with_an_assistant_answers_by_itself() {
    let world = World::new().await;
    let number = json!({ "provider": "twilio", "number": "+14155550001", "assistantId": "assistant-1" });
    world.simulator.add_phone_number(ORG, number);

    world.simulator.inbound_call("+14155550001", CALLER).unwrap();
    world.seconds(600).await;

    assert!(world.messages("assistant-request").is_empty());
    assert_eq!(world.messages("end-of-call-report").len(), 1);
    assert_eq!(world.simulator.inbound_call("+19995550000", CALLER), None);
}

#[tokio::test]
async fn a_call_that_comes_in_without_a_free_line_is_turned_away() {
    let world = World::new().await;
    world.simulator.add_subscription(POOL, 0);

    let id = world.simulator.inbound_call(NUMBER, CALLER).unwrap();
    world.seconds(10).await;

    let read = world.get(&format!("/call/{id}")).await.body;
    assert_eq!(read["endedReason"], "call.start.error-subscription-concurrency-limit-reached");
}
