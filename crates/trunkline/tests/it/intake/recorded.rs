//! Deliveries that others have recorded, and bodies that nobody has seen: each is kept, and none is set aside.

use super::MAYA;
use crate::support::World;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;

/// The recorded deliveries, by file name; none where they are not beside the repository.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vapi/payloads");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: no recorded facts about Vapi beside the repository");
        return Vec::new();
    };
    let is_delivery = |name: &str| !name.starts_with("rest.") && !name.starts_with("official.response.");
    let mut all: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .filter(|(name, _)| is_delivery(name))
        .collect();
    all.sort();
    all
}

/// The same message about a call to a number of ours, so that it has an owner and is applied.
fn of_ours(body: &[u8], number_id: &str, place: usize) -> Value {
    let mut body: Value = serde_json::from_slice(body).unwrap();
    let message = &mut body["message"];
    if !message["call"].is_object() {
        message["call"] = json!({});
    }
    message["call"]["id"] = format!("recorded/{place}").into();
    message["call"]["phoneNumberId"] = number_id.into();
    message["call"]["assistantId"] = Value::Null;
    message["phoneNumber"] = Value::Null;
    message["assistant"] = Value::Null;
    body
}

/// What makes it another delivery than those of its type: the call, the time, the tools it asks for, and all of it where there
/// is no time.
fn told_apart_by(body: &[u8]) -> String {
    let message = &serde_json::from_slice::<Value>(body).unwrap()["message"];
    let of_call = json!([message["type"], message["call"]["id"], message["timestamp"]]);
    let tools = message["toolCallList"].as_array().into_iter().flatten().map(|tool| &tool["id"]);
    let is_known = of_call[1].is_string() && !of_call[2].is_null();
    if is_known { json!([of_call, tools.collect::<Vec<_>>()]).to_string() } else { message.to_string() }
}

#[tokio::test]
async fn every_recorded_delivery_is_answered_kept_and_applied() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let recorded = recorded();

    for (place, (name, body)) in recorded.iter().enumerate() {
        let (status, answer) = world.webhook(&of_ours(body, &acme.provider_number_id, place)).await;
        assert_eq!(status, StatusCode::OK, "{name}");
        assert!(answer.is_object(), "{name}: {answer}");
    }
    for _ in 0..6 {
        world.apply().await;
    }

    let kept = world.sql("select state || ' ' || coalesce(problem, '') from events").await;
    assert_eq!(kept, vec!["applied "; recorded.len()]);
}

#[tokio::test]
async fn a_recorded_delivery_of_nobody_is_kept_once_as_it_came() {
    let world = World::new().await;
    let secret = world.webhook_secret().await;
    let recorded = recorded();

    // Again, because some were recorded at both ends: a repetition is what it is, whoever recorded it.
    for (name, body) in recorded.iter().chain(&recorded) {
        assert_eq!(world.webhook_with(&[("x-vapi-secret", &secret)], body.clone()).await.0, StatusCode::OK, "{name}");
    }

    let told_apart: HashSet<_> = recorded.iter().map(|(_, body)| told_apart_by(body)).collect();
    assert_eq!(world.sql("select state from events").await, vec!["unattributed"; told_apart.len()]);
}

#[tokio::test]
async fn words_of_next_year_ids_of_any_form_and_times_of_any_form_are_taken_in() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let number = acme.provider_number_id.as_str();
    let call = |id: &str| json!({ "id": id, "phoneNumberId": number, "customer": { "number": MAYA } });
    let messages = [
        json!({ "type": "status-update", "status": "warming-up", "timestamp": "2026-11-24T10:00:00.123Z", "call": call("call 1/ü") }),
        json!({ "type": "status-update", "status": "in-progress", "timestamp": 1_795_514_400_123_i64, "call": call("call 1/ü") }),
        json!({ "type": "status-update", "status": "in-progress", "timestamp": 1_795_514_400.5, "call": call("7") }),
        json!({ "type": "call.of-next-year", "timestamp": "soon", "call": call("7"), "more": [[[]]] }),
        json!({ "type": "tool-calls", "call": call("7"), "toolCallList":
            [{ "id": 7, "function": { "name": "leave_note", "arguments": "{\"text\": \"as text\"}" } }] }),
        json!({ "type": "tool-calls", "call": call("7"), "toolCallList":
            [{ "id": "8", "function": { "name": "leave_note", "arguments": { "text": "as an object" } } }] }),
        json!({ "type": "end-of-call-report", "endedReason": "call.ended-by.a-comet", "timestamp": 3, "call": call("7"),
                "durationSeconds": "12.5", "cost": "0.04", "analysis": [], "artifact": null, "messages": "none" }),
        json!({ "type": "status-update", "status": "ended", "endedReason": ["odd"], "timestamp": 4, "call": call("9") }),
    ];

    for message in &messages {
        let (status, answer) = world.webhook(&json!({ "message": message })).await;
        assert_eq!(status, StatusCode::OK, "{message}");
        assert!(answer.is_object(), "{message}: {answer}");
    }
    for _ in 0..6 {
        world.apply().await;
    }

    assert_eq!(world.sql("select type || ': ' || problem from events where state <> 'applied'").await, [""; 0]);
    assert_eq!(world.sql("select count(*) from events").await, [messages.len().to_string()]);
}
