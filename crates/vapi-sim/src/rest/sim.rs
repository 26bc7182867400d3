//! Routes of the simulator's own, below `/sim`: journal, knobs, inbound calls, recordings and call control.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{SharedState, object};
use crate::Knobs;
use crate::recording::{Track, wav};
use crate::refusal::Refusal;

const ENTRIES_DEFAULT: usize = 1_000;
const ENTRIES_MAX: usize = 100_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Newest {
    limit: Option<usize>,
}

/// `GET /sim/journal?limit=`: totals, lines and the newest entries, oldest first.
pub(crate) async fn journal(State(shared): SharedState, Query(newest): Query<Newest>) -> Json<Value> {
    let world = shared.world();
    let entries = world.journal.newest(newest.limit.unwrap_or(ENTRIES_DEFAULT).min(ENTRIES_MAX));
    let lines = world.subscriptions.iter().map(|(id, lines)| {
        let view = json!({ "lines_max": lines.lines_max, "in_use": lines.lines_in_use,
                           "in_use_max": lines.lines_in_use_max, "waiting": lines.waiting.len() });
        (id.clone(), view)
    });
    let lines: serde_json::Map<String, Value> = lines.collect();
    Json(json!({ "totals": world.journal.totals(), "subscriptions": lines, "entries": entries }))
}

/// `GET /sim/knobs`.
pub(crate) async fn knobs(State(shared): SharedState) -> Json<Knobs> {
    Json(shared.world().knobs.clone())
}

/// `PUT /sim/knobs`: knobs that are not named go back to their defaults.
pub(crate) async fn set_knobs(State(shared): SharedState, body: Bytes) -> Result<Json<Knobs>, Refusal> {
    let knobs: Knobs = serde_json::from_slice(&body).map_err(|error| Refusal::bad_request(&error.to_string()))?;
    shared.world().knobs = knobs.clone();
    Ok(Json(knobs))
}

/// `DELETE /sim/faults`: forgets the scripted faults that did not happen yet.
pub(crate) async fn clear_faults(State(shared): SharedState) -> StatusCode {
    let mut world = shared.world();
    world.create_faults.clear();
    world.list_faults.clear();
    StatusCode::NO_CONTENT
}

/// `POST /sim/inbound` with `{"to": "+1…", "from": "+1…"}`: somebody calls one of our numbers.
pub(crate) async fn inbound(State(shared): SharedState, body: Bytes) -> Result<Json<Value>, Refusal> {
    let request = object(&body)?;
    let text = |key: &str| request.get(key).and_then(Value::as_str).unwrap_or_default();
    let now = shared.now();
    let id = shared.world().receive_call(text("to"), text("from"), now);
    id.map(|id| Json(json!({ "id": id }))).ok_or_else(|| Refusal::not_found("Phone number", text("to")))
}

/// `POST /sim/calls/{id}/control`: the call's `monitor.controlUrl`. The address is the capability.
pub(crate) async fn control(
    State(shared): SharedState,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let request = object(&body)?;
    let now = shared.now();
    let mut world = shared.world();
    let call = id.parse().ok().and_then(|uuid| world.open_call(uuid));
    let call = call.ok_or_else(|| Refusal::not_found("Call", &id))?;
    match request.get("type").and_then(Value::as_str) {
        Some("end-call") => {
            call.will_end_because = Some("manually-canceled".to_owned());
            let uuid = call.id;
            world.end(uuid, now);
        }
        Some("say" | "add-message" | "control" | "transfer") => {}
        _ => return Err(Refusal::invalid(&["type must be a known control".to_owned()])),
    }
    Ok(Json(json!({ "success": true })))
}

/// `GET /sim/recordings/{id}.wav`, also `-stereo`, `-assistant`, `-customer`; honours `Range`.
pub(crate) async fn recording(State(shared): SharedState, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let transcript = Track::of_file(&file).and_then(|(id, track)| {
        let world = shared.world();
        let call = world.calls.get(&id.parse().ok()?).filter(|call| !call.is_deleted && call.is_recorded())?;
        Some((call.transcript(world.seed)?, track))
    });
    let Some((transcript, track)) = transcript else {
        return Refusal::not_found("Recording", &file).into_response();
    };
    ranged(wav(&transcript, track), &headers)
}

/// The whole file, or the part of it a player asks for.
fn ranged(wav: Vec<u8>, headers: &HeaderMap) -> Response {
    let kind = [(header::CONTENT_TYPE, "audio/wav"), (header::ACCEPT_RANGES, "bytes")];
    let length = wav.len();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let Some((from, to)) = range.and_then(|range| range.split_once('-')) else {
        return (kind, wav).into_response();
    };
    // "-500" asks for the last 500 bytes.
    let bounds = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => from..to.saturating_add(1).min(length),
        (Ok(from), Err(_)) => from..length,
        (Err(_), Ok(last)) => length.saturating_sub(last)..length,
        (Err(_), Err(_)) => return (kind, wav).into_response(),
    };
    if bounds.is_empty() {
        let range = HeaderValue::try_from(format!("bytes */{length}")).expect("digits are plain ASCII");
        return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, range)]).into_response();
    }
    let range = format!("bytes {}-{}/{length}", bounds.start, bounds.end - 1);
    let range = HeaderValue::try_from(range).expect("digits are plain ASCII");
    (StatusCode::PARTIAL_CONTENT, kind, [(header::CONTENT_RANGE, range)], wav[bounds].to_vec()).into_response()
}
