//! Vapi's REST API: routes only. What they do is in the modules below and in the world.

mod calls;
mod create;
mod gate;
mod list;
mod resources;
mod sim;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use serde_json::{Map, Value};

pub(crate) use resources::Kind;

use crate::refusal::Refusal;
use crate::shared::Shared;

/// Bodies of requests.
const BODY_BYTES_MAX: usize = 2_000_000;

pub(crate) type SharedState = axum::extract::State<Arc<Shared>>;

/// The whole API.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let kept = |kind| resources::router(kind);
    let api = Router::new()
        .route("/call", post(create::create).get(list::list).delete(calls::delete_many))
        .route("/call/phone", post(create::create))
        .route("/call/{id}", get(calls::get).patch(calls::rename).delete(calls::delete))
        .route("/call/{id}/{file}", get(calls::recording_address))
        .route("/v2/phone-number", get(resources::list_phone_numbers_paged))
        .merge(kept(Kind::Assistant))
        .merge(kept(Kind::PhoneNumber))
        .merge(kept(Kind::Tool))
        .merge(kept(Kind::Credential))
        .layer(from_fn_with_state(Arc::clone(shared), gate::admit));
    let own = Router::new()
        .route("/sim/journal", get(sim::journal))
        .route("/sim/knobs", get(sim::knobs).put(sim::set_knobs))
        .route("/sim/inbound", post(sim::inbound))
        .route("/sim/recordings/{file}", get(sim::recording))
        .route("/sim/calls/{id}/control", post(sim::control))
        .route("/sim/faults", delete(sim::clear_faults));
    api.merge(own).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)).with_state(Arc::clone(shared))
}

/// The JSON object of a request, or Vapi's complaint.
fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::bad_request("Validation failed (JSON object is expected)")),
        Err(error) => Err(Refusal::bad_request(&format!("Bad JSON: {error}"))),
    }
}
