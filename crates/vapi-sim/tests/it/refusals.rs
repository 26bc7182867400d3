//! How Vapi says no, in the words seen in the field.

use serde_json::{Value, json};
use vapi_sim::{CreateFault, Outcome};

use crate::support::{KEY, NUMBER, ORG, PHONE, POOL, World, client, order};

#[tokio::test]
async fn a_wrong_key_and_a_public_key_are_refused_alike() {
    let world = World::new().await;

    for key in ["nobody", "private-key-public"] {
        let answer = world.send("GET", "/call", key, None).await;
        assert_eq!(answer.status, 401);
        assert!(answer.body["message"].as_str().unwrap().starts_with("Invalid Key. Hot tip"));
    }
}

#[tokio::test]
async fn the_edge_wants_a_user_agent_unless_the_knob_is_turned() {
    let world = World::new().await;
    let bare = client().build().unwrap();
    let list = async || {
        let url = format!("{}/call", world.simulator.base_url());
        bare.get(url).bearer_auth(KEY).send().await.unwrap()
    };

    let refused = list().await;
    world.set_knobs(|knobs| knobs.refuse_without_user_agent = false);
    let admitted = list().await;

    assert_eq!(refused.status(), 403);
    assert_eq!(refused.text().await.unwrap(), "error code: 1010");
    assert_eq!(admitted.status(), 200);
}

#[tokio::test]
async fn validation_answers_with_an_array_and_business_with_a_string() {
    let world = World::new().await;
    let with = |key: &str, value: Value| {
        let mut order = order(PHONE);
        order[key] = value;
        order
    };
    let without_number = json!({ "assistantId": "assistant-1", "customer": { "number": PHONE } });
    let long_name = "x".repeat(41);

    let unknown = world.post("/call", with("serverUrl", json!("http://a"))).await;
    let nested = world.post("/call", with("assistantOverrides", json!({ "serverUrl": "http://a" }))).await;
    let not_e164 = world.post("/call", with("customer", json!({ "number": "4155550101" }))).await;
    let long = world.post("/call", with("name", json!(long_name))).await;
    let no_number = world.post("/call", without_number).await;
    let dead = world.post("/call", with("phoneNumberId", json!("gone"))).await;

    assert_eq!(unknown.body["message"], json!(["property serverUrl should not exist"]));
    assert_eq!(nested.body["message"], json!(["assistantOverrides.property serverUrl should not exist"]));
    assert!(not_e164.body["message"][0].as_str().unwrap().contains("E.164"));
    assert_eq!(long.status, 400);
    assert_eq!(no_number.body["message"], "Couldn't Get Phone Number. Need Either `phoneNumberId` Or `phoneNumber`.");
    assert_eq!(dead.body["message"], "`phoneNumber` `gone` does not exist.");
    for answer in [unknown, nested, not_e164, long, no_number, dead] {
        assert_eq!((answer.status, answer.body["statusCode"].as_u64()), (400, Some(400)));
    }
}

#[tokio::test]
async fn a_number_bought_at_vapi_makes_ten_calls_a_utc_day() {
    let world = World::new().await;
    world.simulator.add_subscription(POOL, 100);
    world.simulator.add_phone_number(ORG, json!({ "id": "free", "provider": "vapi", "number": "+16285550000" }));
    let call = async || {
        let mut order = order(PHONE);
        order["phoneNumberId"] = json!("free");
        world.post("/call", order).await
    };

    for _ in 0..10 {
        assert_eq!(call().await.status, 201);
    }
    let eleventh = call().await;
    world.seconds(9 * 3600).await;
    let tomorrow = call().await;

    assert_eq!(eleventh.status, 400);
    assert!(eleventh.body["message"].as_str().unwrap().contains("Daily Outbound Call Limit"));
    assert_eq!(tomorrow.status, 201);
}

#[tokio::test]
async fn requests_over_the_limit_are_refused_until_the_next_utc_minute() {
    let world = World::new().await;
    world.set_knobs(|knobs| {
        knobs.requests_per_minute_max = Some(2);
        knobs.retry_after_seconds = Some(21);
    });
    world.seconds(50).await;

    let statuses = [world.get("/call").await.status, world.get("/call").await.status, world.get("/call").await.status];
    world.seconds(10).await;
    let next_minute = world.get("/call").await.status;

    assert_eq!(statuses, [200, 200, 429]);
    assert_eq!(next_minute, 200);
}

#[tokio::test]
async fn scripted_refusals_leave_no_call_behind() {
    let world = World::new().await;
    let faults = [
        (CreateFault::Status500Before, 500),
        (CreateFault::Status502Before, 502),
        (CreateFault::TooManyRequests { retry_after: None }, 429),
        (CreateFault::OverConcurrency400, 400),
        (CreateFault::DailyLimit400, 400),
        (CreateFault::Refused { status: 402, body: "{}".to_owned() }, 402),
    ];

    for (fault, status) in faults {
        world.simulator.next_create(fault.clone());
        assert_eq!(world.call(PHONE).await.status, status, "{fault:?}");
    }

    assert_eq!(world.simulator.totals().created, 0);
}

#[tokio::test]
async fn a_batch_names_what_it_refused_beside_what_it_created() {
    let world = World::new().await;
    let batch = json!({
        "assistantId": "assistant-1", "phoneNumberId": NUMBER,
        "customers": [{ "number": PHONE }, { "number": "bad" }, { "number": "+14155550102" }],
    });

    let answer = world.post("/call", batch).await;

    assert_eq!(answer.status, 201);
    assert_eq!(answer.body["results"].as_array().unwrap().len(), 2);
    assert_eq!(answer.body["errors"][0]["customer"]["number"], "bad");
    assert_eq!(answer.body["subscriptionLimits"]["concurrencyLimit"], 10);
}

#[tokio::test]
async fn a_frozen_subscription_ends_calls_at_the_start() {
    let world = World::new().await;
    world.simulator.freeze_subscription(POOL, true);
    world.script(Outcome::answered());

    let id = world.placed().await;
    world.seconds(60).await;

    let read = world.get(&format!("/call/{id}")).await.body;
    assert_eq!(read["endedReason"], "call.start.error-subscription-frozen");
    assert!(world.simulator.rings().is_empty());
    assert!(world.messages("end-of-call-report").is_empty());
}

#[tokio::test]
async fn a_pinned_assistant_cannot_be_deleted_and_patches_replace_whole_objects() {
    let world = World::new().await;
    world.send("PATCH", "/phone-number/number-1", KEY, Some(json!({ "assistantId": "assistant-1" }))).await;

    let pinned = world.send("DELETE", "/assistant/assistant-1", KEY, None).await;
    let changes = json!({ "server": { "timeoutSeconds": 5 } });
    let patched = world.send("PATCH", "/assistant/assistant-1", KEY, Some(changes)).await;
    world.send("PATCH", "/phone-number/number-1", KEY, Some(json!({ "assistantId": null }))).await;
    let free = world.send("DELETE", "/assistant/assistant-1", KEY, None).await;

    assert_eq!((pinned.status, patched.status, free.status), (409, 200, 200));
    assert_eq!(patched.body["server"], json!({ "timeoutSeconds": 5 }));
    assert_eq!(patched.body["name"], "Booking");
}
