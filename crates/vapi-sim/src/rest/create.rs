//! `POST /call`, with the faults that make it interesting.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::gate::OrgId;
use super::{SharedState, object};
use crate::account::Org;
use crate::chance::Chance;
use crate::faults::CreateFault;
use crate::knobs::OverLimit;
use crate::refusal::Refusal;
use crate::server::Withheld;
use crate::world::World;

/// A silent connection is cut after this long.
pub(crate) const SILENCE_MAX: Duration = Duration::from_secs(120);

/// Creates one call, or one for each of `customers`.
pub(crate) async fn create(State(shared): SharedState, Extension(org): Extension<OrgId>, body: Bytes) -> Response {
    let now = shared.now();
    let mut world = shared.world();
    let lasting = world.orgs.get_mut(&org.0).and_then(Org::next_lasting_fault);
    let fault = world.create_faults.pop_front().or(lasting).or_else(|| drawn_fault(&mut world));
    if let Some(response) = fault.as_ref().and_then(|fault| before(fault, &world, &org.0)) {
        return response;
    }
    let created = create_now(&mut world, &org.0, &body, fault.as_ref(), now);
    drop(world);
    match created {
        Ok(call) => after(fault.as_ref(), call),
        Err(refusal) => refusal.into_response(),
    }
}

fn create_now(
    world: &mut World,
    org_id: &str,
    body: &[u8],
    fault: Option<&CreateFault>,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let over_limit = match fault {
        Some(CreateFault::ConcurrencyBlocked201) => Some(OverLimit::Blocked201),
        Some(CreateFault::ConcurrencyEnds201) => Some(OverLimit::EndsAtStart),
        Some(CreateFault::ConcurrencyWaits201) => Some(OverLimit::Waits),
        _ => None,
    };
    world.create_calls(org_id, &object(body)?, over_limit, now)
}

/// A fault by the knobs; each request draws once.
fn drawn_fault(world: &mut World) -> Option<CreateFault> {
    world.ids_given += 1;
    let mut chance = Chance::of(world.seed, &[b"create fault", &world.ids_given.to_be_bytes()]);
    let knobs = &world.knobs;
    if chance.happens(knobs.errors_before_create) {
        Some(CreateFault::Status500Before)
    } else if chance.happens(knobs.errors_after_create) {
        Some(CreateFault::Status500After)
    } else if chance.happens(knobs.lost_answers) {
        Some(chance.pick(&[CreateFault::DropAfter, CreateFault::Hang]).clone())
    } else {
        None
    }
}

/// The answer of a fault with which no call comes to exist.
fn before(fault: &CreateFault, world: &World, org_id: &str) -> Option<Response> {
    let response = match fault {
        CreateFault::Status500Before => Refusal::server_error().into_response(),
        CreateFault::Status502Before => {
            let page = Html("<html><head><title>502 Bad Gateway</title></head></html>");
            (StatusCode::BAD_GATEWAY, page).into_response()
        }
        CreateFault::DropBefore => Withheld::Cut.into_response(),
        CreateFault::TooManyRequests { retry_after } => Refusal::too_many_requests(*retry_after).into_response(),
        CreateFault::OverConcurrency400 => {
            let subscription = &world.orgs[org_id].account.subscription;
            Refusal::over_concurrency(world.subscriptions[subscription].lines_max).into_response()
        }
        CreateFault::DailyLimit400 => Refusal::daily_limit().into_response(),
        CreateFault::Refused { status, body } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, [(header::CONTENT_TYPE, "application/json")], body.clone()).into_response()
        }
        _ => return None,
    };
    Some(response)
}

/// The answer of a fault that comes after the call was created; the right one without a fault.
fn after(fault: Option<&CreateFault>, call: Value) -> Response {
    match fault {
        Some(CreateFault::Status500After) => Refusal::server_error().into_response(),
        Some(CreateFault::DropAfter) => Withheld::Cut.into_response(),
        Some(CreateFault::Hang) => Withheld::Held(SILENCE_MAX).into_response(),
        Some(CreateFault::LateAnswer(late)) => {
            let mut response = (StatusCode::CREATED, Json(call)).into_response();
            response.extensions_mut().insert(Withheld::Late(*late));
            response
        }
        Some(CreateFault::TruncatedJson) => {
            let half = first_half(&call);
            (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], half).into_response()
        }
        Some(CreateFault::WithoutId) => {
            let mut call = call;
            if let Some(call) = call.as_object_mut() {
                call.remove("id");
            }
            (StatusCode::CREATED, Json(call)).into_response()
        }
        Some(CreateFault::NotJson) => Html("<html><body>OK</body></html>").into_response(),
        _ => (StatusCode::CREATED, Json(call)).into_response(),
    }
}

/// JSON text that breaks off.
pub(crate) fn first_half(value: &Value) -> Vec<u8> {
    let mut text = value.to_string().into_bytes();
    text.truncate(text.len() / 2);
    text
}
