//! Questions as nobody should ask them: fields missing, of other types, twice, huge and deep. Each gets a valid body.

use super::{MAYA, question};
use crate::support::World;
use futures_util::{StreamExt as _, stream};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Any number will do: each is another oddity.
const REQUESTS: u64 = 10_000;
const AT_ONCE: usize = 24;
const KINDS: [&str; 7] = [
    "assistant-request",
    "tool-calls",
    "transfer-destination-request",
    "handoff-destination-request",
    "knowledge-base-request",
    "campaign.predial",
    "call.endpointing.request",
];

#[tokio::test]
async fn odd_questions_get_valid_answers() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let secret = world.webhook_secret().await;
    let template = question(&acme, "hang", MAYA, json!({ "toolCallList": tools(), "parameters": { "agent": "Ava" } }));
    let ask = |seed: u64| {
        let (template, secret, world) = (&template, &secret, &world);
        async move {
            let (kind, body) = odd(template, seed);
            let (status, answer) = world.webhook_with(&[("x-vapi-secret", secret)], body.clone()).await;
            let is_valid = status == StatusCode::OK && kind.is_none_or(|kind| is_valid(kind, &answer));
            assert!(is_valid, "seed {seed}: {kind:?}: {status}: {answer}\n{}", &body[..body.len().min(2000)]);
        }
    };

    stream::iter(0..REQUESTS).map(ask).buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

fn tools() -> Value {
    json!([
        { "id": "t1", "type": "function", "function": { "name": "opt_out", "arguments": "{}" } },
        { "id": "t2", "name": "leave_note", "parameters": { "note": "Hi." } },
        { "id": "t4", "function": { "name": "book_call_back", "arguments": { "time": "2026-03-05T15:30" } } },
        { "id": "t3", "function": { "name": "nothing", "arguments": "{\"a\":" } },
    ])
}

/// A body and its kind, as far as it still has one.
fn odd(template: &Value, seed: u64) -> (Option<&'static str>, String) {
    let mut random = StdRng::seed_from_u64(seed);
    let kind = *KINDS.choose(&mut random).unwrap();
    let mut body = template.clone();
    body["message"]["type"] = kind.into();
    body["message"]["messages"] = json!([{ "role": "user", "message": "When do you open?" }]);
    body["message"]["contact"] = json!({ "number": MAYA });
    for _ in 0..random.random_range(1..6) {
        mutate(&mut body, &mut random);
    }
    let kept = body["message"]["type"].as_str().and_then(|kept| KINDS.into_iter().find(|kind| *kind == kept));
    let mut text = body.to_string();
    if random.random_bool(0.1) && kept.is_some() {
        // Said twice.
        text = text.replacen("\"message\":{", "\"message\":{\"call\":{\"id\":\"other\"},\"call\":7,", 1);
    }
    (kept, text)
}

/// Removes or replaces something at a place of its own choosing.
fn mutate(value: &mut Value, random: &mut StdRng) {
    let stops = random.random_bool(0.25);
    match value {
        Value::Object(fields) if !fields.is_empty() && !stops => {
            let key = fields.keys().nth(random.random_range(0..fields.len())).unwrap().clone();
            // The message itself stays, for without it nothing is asked.
            if key != "message" && random.random_bool(0.3) {
                fields.remove(&key);
            } else {
                mutate(&mut fields[&key], random);
            }
        }
        Value::Array(items) if !items.is_empty() && !stops => {
            let place = random.random_range(0..items.len());
            mutate(&mut items[place], random);
        }
        Value::Object(fields) if fields.contains_key("type") && fields.contains_key("call") => {
            fields.insert("junk".to_owned(), strange(random));
        }
        Value::Object(fields) if fields.contains_key("message") => {}
        other => *other = strange(random),
    }
}

fn strange(random: &mut StdRng) -> Value {
    match random.random_range(0..12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1.5e300),
        3 => json!([]),
        4 => json!({}),
        5 => json!(""),
        6 => json!("a\u{0}b\r\n\u{2028}\u{1F600}"),
        7 => json!("x".repeat(50_000)),
        8 => (0..90).fold(json!(1), |inner, _| json!([inner])),
        9 => json!([{ "id": 7, "name": ["x"], "function": "f" }, null, 3, "t"]),
        10 => json!(vec![json!({ "id": "t", "name": "of_nobody" }); 60]),
        _ => json!({ "id": { "id": "x" }, "number": 12, "function": { "name": 1, "arguments": [[]] } }),
    }
}

/// As the contract has the answers (§2.4).
fn is_valid(kind: &str, answer: &Value) -> bool {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let Some(fields) = answer.as_object() else { return false };
    let has_only = |names: &[&str]| fields.keys().all(|name| names.contains(&name.as_str()));
    match kind {
        "assistant-request" => {
            has_only(&["assistantId", "assistantOverrides"]) && text(&answer["assistantId"])
                || has_only(&["error"]) && text(&answer["error"])
        }
        "tool-calls" => {
            let item = |item: &Value| {
                let said = item.get("result").or(item.get("error")).and_then(Value::as_str);
                item["toolCallId"].is_string()
                    && item["name"].is_string()
                    && said.is_some_and(|said| !said.contains(['\n', '\r', '\u{2028}']))
            };
            let results = answer["results"].as_array();
            results.is_some_and(|results| results.iter().all(item)) || has_only(&["error"]) && text(&answer["error"])
        }
        "transfer-destination-request" => has_only(&["error"]) && text(&answer["error"]),
        "handoff-destination-request" => answer["destination"]["type"] == "assistant",
        "knowledge-base-request" => has_only(&["documents"]) && answer["documents"].is_array(),
        "campaign.predial" => has_only(&["eligible"]) && answer["eligible"].is_boolean(),
        _ => answer["timeoutSeconds"].as_f64().is_some_and(|seconds| (0.0..=15.0).contains(&seconds)),
    }
}
