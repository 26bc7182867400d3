//! One call: read, rename, delete, fetch its audio.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::gate::OrgId;
use super::{SharedState, object};
use crate::call::Status;
use crate::call_view::Recordings;
use crate::refusal::Refusal;
use crate::world::World;

type CallPath = Path<String>;

/// `GET /call/{id}`.
pub(crate) async fn get(State(shared): SharedState, Extension(org): Extension<OrgId>, Path(id): CallPath) -> Response {
    let now = shared.now();
    let world = shared.world();
    let found = id.parse().ok().and_then(|uuid| world.visible_call(&org.0, uuid, now));
    match found {
        Some(call) => Json(call.view(&world.base_url, world.seed)).into_response(),
        None => Refusal::not_found("Call", &id).into_response(),
    }
}

/// `PATCH /call/{id}`: only the name can be changed.
pub(crate) async fn rename(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Path(id): CallPath,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let changes = object(&body)?;
    if let Some(unknown) = changes.keys().find(|key| *key != "name") {
        return Err(Refusal::invalid(&[format!("property {unknown} should not exist")]));
    }
    let now = shared.now();
    let mut world = shared.world();
    let uuid: Uuid = id.parse().map_err(|_| Refusal::not_found("Call", &id))?;
    world.visible_call(&org.0, uuid, now).ok_or_else(|| Refusal::not_found("Call", &id))?;
    let call = world.calls.get_mut(&uuid).expect("was visible a moment ago");
    call.order.name = changes.get("name").and_then(Value::as_str).map(str::to_owned);
    world.touch(uuid, now);
    Ok(Json(world.calls[&uuid].view(&world.base_url, world.seed)))
}

/// `DELETE /call/{id}`, also the way to cancel a call that is scheduled or queued.
pub(crate) async fn delete(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Path(id): CallPath,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    if !body.is_empty() && object(&body)?.contains_key("ids") {
        return delete_many(State(shared), Extension(org), body).await;
    }
    let now = shared.now();
    let deleted = shared.world().delete_call(&org.0, &id, now);
    deleted.map(Json).ok_or_else(|| Refusal::not_found("Call", &id))
}

/// `DELETE /call` with `{"ids": […]}`.
pub(crate) async fn delete_many(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let request = object(&body)?;
    let ids = request.get("ids").and_then(Value::as_array).cloned().unwrap_or_default();
    let now = shared.now();
    let mut world = shared.world();
    let delete = |id: &Value| world.delete_call(&org.0, id.as_str()?, now);
    Ok(Json(ids.iter().filter_map(delete).collect()))
}

/// `GET /call/{id}/mono-recording` and its sisters: 302 to a signed address.
pub(crate) async fn recording_address(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Path((id, file)): Path<(String, String)>,
) -> Response {
    let now = shared.now();
    let world = shared.world();
    let call = id.parse().ok().and_then(|uuid| world.visible_call(&org.0, uuid, now));
    let Some(call) = call.filter(|call| call.is_recorded() && call.is_reported) else {
        return Refusal::not_found("Recording of call", &id).into_response();
    };
    let Recordings { mono, stereo, assistant, customer } = Recordings::new(&world.base_url, &call.id.to_string());
    let address = match file.as_str() {
        "mono-recording" => mono,
        "stereo-recording" => stereo,
        "assistant-recording" => assistant,
        "customer-recording" => customer,
        _ => return Refusal::not_found("File", &file).into_response(),
    };
    let address = format!("{address}?signature={:x}", now.as_millisecond());
    let address = HeaderValue::try_from(address).expect("an address of ours is plain ASCII");
    (StatusCode::FOUND, [(header::LOCATION, address)]).into_response()
}

impl World {
    /// Takes a call out of every read; one that has not ended ends now, without a further ring.
    fn delete_call(&mut self, org_id: &str, id: &str, now: Timestamp) -> Option<Value> {
        let uuid: Uuid = id.parse().ok()?;
        let call = self.calls.get_mut(&uuid).filter(|call| call.org_id == org_id && !call.is_deleted)?;
        if call.status < Status::Ended {
            let is_scheduled = call.status == Status::Scheduled;
            let reason = if is_scheduled { "scheduled-call-deleted" } else { "call-deleted" };
            call.will_end_because = Some(reason.to_owned());
            self.end(uuid, now);
        }
        let call = self.calls.get_mut(&uuid)?;
        call.is_deleted = true;
        Some(call.view(&self.base_url, self.seed))
    }
}
