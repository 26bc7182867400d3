//! The life of a call, its lines and its costs.

use serde_json::{Value, json};
use vapi_sim::{Outcome, OverLimit, Scene};

use crate::support::{PHONE, POOL, World, client, order};

#[tokio::test]
async fn an_answered_call_rings_talks_ends_and_is_reported() {
    let world = World::new().await;
    world.script(Outcome::scene(Scene::AppointmentBooked));

    let id = world.placed().await;
    world.seconds(600).await;

    assert_eq!(world.statuses(), ["ringing", "in-progress", "ended"]);
    let report = &world.messages("end-of-call-report")[0];
    assert_eq!(report["call"]["id"], id);
    assert_eq!(report["endedReason"], "assistant-ended-call");
    assert_eq!(report["analysis"]["structuredData"]["outcome"], "appointment_booked");
    assert_eq!(report["analysis"]["successEvaluation"], "true");
    assert_eq!(report["artifact"]["messages"], report["messages"]);
    let transcript = report["artifact"]["transcript"].as_str().unwrap();
    assert!(transcript.starts_with("AI: Hi Maria Alvarez.\nUser: "), "{transcript}");
    let read = world.get(&format!("/call/{id}")).await.body;
    assert_eq!(read["status"], "ended");
    assert_eq!(read["cost"], report["cost"]);
    assert_eq!(read["analysis"], report["analysis"]);
}

#[tokio::test]
async fn messages_carry_the_call_as_it_was_created() {
    let world = World::new().await;
    world.script(Outcome::answered());

    world.placed().await;
    world.seconds(900).await;

    let received = world.received();
    assert!(received.len() >= 4);
    for received in received {
        let message = received.message();
        assert_eq!(message["call"]["status"], "queued");
        assert_eq!(message["call"]["metadata"], json!({ "attempt": "attempt-1" }));
        assert!(message["call"].get("startedAt").is_none());
        assert!(message["timestamp"].is_number());
    }
}

#[tokio::test]
async fn each_outcome_ends_for_the_reason_vapi_gives() {
    let world = World::new().await;
    let outcomes = [
        (Outcome::NoAnswer, "customer-did-not-answer"),
        (Outcome::Busy, "customer-busy"),
        (Outcome::Voicemail, "voicemail"),
        (Outcome::Rejected, "call.in-progress.error-providerfault-outbound-sip-403-forbidden"),
        (Outcome::BadNumber, "twilio-reported-customer-misdialed"),
        (Outcome::fault("call.start.error-fraud-check-failed"), "call.start.error-fraud-check-failed"),
        (
            Outcome::FaultAfterAnswer { reason: "pipeline-error-openai-llm-failed".into() },
            "pipeline-error-openai-llm-failed",
        ),
        (Outcome::scene(Scene::Transfer), "assistant-forwarded-call"),
        (Outcome::scene(Scene::Silence), "silence-timed-out"),
    ];
    let mut ids = Vec::new();
    for (outcome, _) in &outcomes {
        world.script(outcome.clone());
        ids.push(world.placed().await);
    }

    world.seconds(900).await;

    for (id, (outcome, reason)) in ids.iter().zip(&outcomes) {
        let read = world.get(&format!("/call/{id}")).await.body;
        assert_eq!(read["endedReason"], *reason, "{outcome:?}");
    }
    assert_eq!(world.statuses().iter().filter(|status| *status == "forwarding").count(), 1);
}

#[tokio::test]
async fn a_voicemail_box_nobody_detects_looks_like_an_answer() {
    let world = World::new().await;
    world.script(Outcome::Voicemail);
    let mut order = order(PHONE);
    order["assistantOverrides"] = json!({ "voicemailDetection": "off" });

    let id = world.post("/call", order).await.body["id"].as_str().unwrap().to_owned();
    world.seconds(600).await;

    let read = world.get(&format!("/call/{id}")).await.body;
    assert_eq!(read["endedReason"], "silence-timed-out");
    assert!(read["startedAt"].is_string());
}

#[tokio::test]
async fn tools_are_used_and_their_answers_are_in_the_report() {
    let world = World::new().await;
    world.script(Outcome::scene(Scene::AppointmentBooked));

    world.placed().await;
    world.seconds(600).await;

    let call = &world.messages("tool-calls")[0]["toolCallList"][0];
    assert_eq!(call["function"]["name"], "check_availability");
    assert!(call["function"]["arguments"].is_string());
    let report = &world.messages("end-of-call-report")[0];
    let items = report["messages"].as_array().unwrap();
    let result = items.iter().find(|item| item["toolCallId"] == call["id"]).unwrap();
    assert_eq!(result["result"], "Answered by us.");
}

#[tokio::test]
async fn a_tool_nobody_answers_has_no_result() {
    let world = World::new().await;
    world.set_knobs(|knobs| knobs.lose_webhooks = 1.0);
    world.script(Outcome::scene(Scene::AppointmentConfirmed));

    let id = world.placed().await;
    world.seconds(600).await;

    let read = world.get(&format!("/call/{id}")).await.body;
    let items = read["messages"].as_array().unwrap();
    let result = items.iter().find(|item| item["role"] == "tool_call_result").unwrap();
    assert_eq!(result["result"], "No result returned.");
}

#[tokio::test]
async fn a_line_is_held_from_creation_to_end() {
    let world = World::new().await;
    world.simulator.add_subscription(POOL, 1);
    world.script(Outcome::NoAnswer);

    world.placed().await;
    let over = world.call("+14155550102").await;
    world.seconds(60).await;
    let later = world.call("+14155550102").await;

    assert_eq!(over.status, 400);
    assert_eq!(over.body["message"], "Over Concurrency Limit");
    assert_eq!(over.body["subscriptionLimits"]["concurrencyBlocked"], true);
    assert_eq!(later.status, 201);
    assert_eq!(world.simulator.lines_in_use_max(POOL), 1);
}

#[tokio::test]
async fn over_the_limit_vapi_behaves_in_four_ways() {
    let over = async |shape: OverLimit| {
        let world = World::new().await;
        world.simulator.add_subscription(POOL, 1);
        world.set_knobs(|knobs| knobs.over_limit = shape);
        world.script(Outcome::NoAnswer);
        world.placed().await;
        let second = world.call("+14155550102").await;
        world.seconds(20).await;
        let id = second.body["id"].as_str().unwrap_or_default().to_owned();
        let early = world.get(&format!("/call/{id}")).await.body;
        world.seconds(300).await;
        let rings = world.simulator.rings().iter().filter(|ring| ring.call_id == id).count();
        (second, early, rings)
    };

    let (refused, _, _) = over(OverLimit::Refused400).await;
    let (blocked, blocked_read, blocked_rings) = over(OverLimit::Blocked201).await;
    let (ended, ended_read, ended_rings) = over(OverLimit::EndsAtStart).await;
    let (waiting, waiting_read, waiting_rings) = over(OverLimit::Waits).await;

    assert_eq!((refused.status, blocked.status, ended.status, waiting.status), (400, 201, 201, 201));
    assert_eq!(blocked.body["subscriptionLimits"]["concurrencyBlocked"], true);
    assert_eq!(ended.body["subscriptionLimits"]["concurrencyBlocked"], false);
    assert_eq!(blocked_read["status"], "ended");
    assert_eq!(ended_read["endedReason"], "call.start.error-subscription-concurrency-limit-reached");
    assert_eq!(waiting_read["status"], "queued");
    assert_eq!((blocked_rings, ended_rings, waiting_rings), (0, 0, 1));
}

#[tokio::test]
async fn the_parts_of_a_bill_add_up_to_its_total() {
    let world = World::new().await;
    for scene in [Scene::QuoteFollowUp, Scene::OptOut, Scene::IntakeCallBack, Scene::HangsUp] {
        world.script(Outcome::scene(scene));
        world.placed().await;
    }
    world.script(Outcome::Voicemail);
    world.placed().await;
    world.seconds(900).await;

    let reports = world.messages("end-of-call-report");
    assert_eq!(reports.len(), 5);
    for report in reports {
        let breakdown = &report["costBreakdown"];
        let parts = ["transport", "stt", "llm", "tts", "vapi", "chat", "voicemailDetectionCost", "knowledgeBaseCost"];
        let steps = ["summary", "structuredData", "successEvaluation"];
        let analysis: i64 = steps.iter().map(|part| micros(&breakdown["analysisCostBreakdown"][part])).sum();
        let sum: i64 = parts.iter().map(|part| micros(&breakdown[part])).sum::<i64>() + analysis;
        let items: i64 = report["costs"].as_array().unwrap().iter().map(|item| micros(&item["cost"])).sum();
        assert_eq!(sum, micros(&report["cost"]));
        assert_eq!(items, micros(&breakdown["total"]));
        let minutes = report["durationMinutes"].as_f64().unwrap();
        assert_eq!(micros(&breakdown["vapi"]), micros(&json!(minutes * 0.05)));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a price")]
fn micros(dollars: &Value) -> i64 {
    (dollars.as_f64().unwrap() * 1_000_000.0).round() as i64
}

#[tokio::test]
async fn a_call_nobody_picked_up_costs_nothing() {
    let world = World::new().await;
    world.script(Outcome::NoAnswer);

    world.placed().await;
    world.seconds(120).await;

    let report = &world.messages("end-of-call-report")[0];
    assert_eq!(report["cost"].as_f64(), Some(0.0));
    assert_eq!(report["analysis"], json!({}));
    assert!(report.get("startedAt").is_none());
}

#[tokio::test]
async fn a_scheduled_call_waits_for_its_time_and_can_be_cancelled() {
    let world = World::new().await;
    let mut order = order(PHONE);
    order["schedulePlan"] = json!({ "earliestAt": "2026-03-02T16:00:00Z" });
    let scheduled = world.post("/call", order.clone()).await.body;
    let cancelled = world.post("/call", order).await.body;
    let path = format!("/call/{}", cancelled["id"].as_str().unwrap());
    world.seconds(10).await;

    let deleted = world.send("DELETE", &path, "private-key", None).await;
    world.seconds(7200).await;

    assert_eq!(scheduled["status"], "scheduled");
    assert_eq!(deleted.body["endedReason"], "scheduled-call-deleted");
    assert_eq!(world.get(&path).await.status, 404);
    let rings = world.simulator.rings();
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].call_id, scheduled["id"].as_str().unwrap());
}

#[tokio::test]
async fn a_recording_can_be_played_in_parts() {
    let world = World::new().await;
    world.script(Outcome::scene(Scene::WrongPerson));
    let id = world.placed().await;
    world.seconds(600).await;
    let report = &world.messages("end-of-call-report")[0];
    let signed = report["artifact"]["presignedMonoUrl"].as_str().unwrap();

    let whole = world.http.get(signed).send().await.unwrap().bytes().await.unwrap();
    let part = world.http.get(signed).header("range", "bytes=0-3").send().await.unwrap();
    let still = client().user_agent("test").redirect(reqwest::redirect::Policy::none());
    let url = format!("{}/call/{id}/stereo-recording", world.simulator.base_url());
    let moved = still.build().unwrap().get(url).bearer_auth("private-key").send().await.unwrap();

    assert_eq!(&whole[..4], b"RIFF");
    assert!(whole.len() > 8_000);
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), &b"RIFF"[..]);
    assert_eq!(moved.status(), 302);
}
