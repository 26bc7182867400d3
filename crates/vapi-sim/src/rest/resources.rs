//! Assistants, phone numbers, tools and credentials: list, read, create, change, delete.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::gate::OrgId;
use super::{SharedState, object};
use crate::account::Org;
use crate::chance::Chance;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::shelf::{Resource, Shelf};
use crate::strict::{check_assistant, check_phone_number};
use crate::world::World;

const LIMIT_DEFAULT: usize = 100;
const LIMIT_MAX: usize = 1_000;
/// Numbers bought at Vapi one org may have.
const VAPI_NUMBERS_MAX: usize = 5;
/// Things of one kind one org may have.
const RESOURCES_MAX: usize = 100_000;

const CARRIER_SECRETS: [&str; 3] = ["twilioApiKey", "twilioApiSecret", "twilioAuthToken"];

/// The kinds of things an org keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Assistant,
    PhoneNumber,
    Tool,
    Credential,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    limit: Option<usize>,
}

type Answer = Result<Json<Value>, Refusal>;

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Self::Assistant => "/assistant",
            Self::PhoneNumber => "/phone-number",
            Self::Tool => "/tool",
            Self::Credential => "/credential",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Assistant => "Assistant",
            Self::PhoneNumber => "Phone number",
            Self::Tool => "Tool",
            Self::Credential => "Credential",
        }
    }

    pub(crate) fn shelf(self, org: &Org) -> &Shelf {
        match self {
            Self::Assistant => &org.assistants,
            Self::PhoneNumber => &org.phone_numbers,
            Self::Tool => &org.tools,
            Self::Credential => &org.credentials,
        }
    }

    pub(crate) fn shelf_mut(self, org: &mut Org) -> &mut Shelf {
        match self {
            Self::Assistant => &mut org.assistants,
            Self::PhoneNumber => &mut org.phone_numbers,
            Self::Tool => &mut org.tools,
            Self::Credential => &mut org.credentials,
        }
    }

    fn check(self, body: &Map<String, Value>) -> Result<(), Refusal> {
        match self {
            Self::Assistant => check_assistant(body),
            Self::PhoneNumber => check_phone_number(body),
            Self::Tool | Self::Credential => Ok(()),
        }
    }
}

/// The five routes of one kind.
pub(crate) fn router(kind: Kind) -> Router<Arc<Shared>> {
    let path = kind.path();
    Router::new()
        .route(path, post(create).get(list))
        .route(&format!("{path}/{{id}}"), get(read).patch(change).delete(delete))
        .layer(Extension(kind))
}

async fn list(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Extension(kind): Extension<Kind>,
    Query(page): Query<Page>,
) -> Json<Value> {
    let world = shared.world();
    let limit = page.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let kept = kind.shelf(&world.orgs[&org.0]).iter().take(limit);
    Json(kept.map(|resource| public(kind, resource)).collect())
}

/// `GET /v2/phone-number`: the same list, wrapped in a page.
pub(crate) async fn list_phone_numbers_paged(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
) -> Json<Value> {
    let world = shared.world();
    let shelf = Kind::PhoneNumber.shelf(&world.orgs[&org.0]);
    let results: Vec<Value> =
        shelf.iter().take(LIMIT_DEFAULT).map(|number| public(Kind::PhoneNumber, number)).collect();
    let metadata = json!({ "itemsPerPage": LIMIT_DEFAULT, "totalItems": shelf.len(), "currentPage": 1 });
    Json(json!({ "results": results, "metadata": metadata }))
}

async fn create(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Extension(kind): Extension<Kind>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let body = object(&body)?;
    kind.check(&body)?;
    let now = shared.now();
    let mut world = shared.world();
    let number_of_vapi = kind == Kind::PhoneNumber && body.get("provider").is_some_and(|provider| provider == "vapi");
    if number_of_vapi && world.vapi_numbers(&org.0) >= VAPI_NUMBERS_MAX {
        return Err(Refusal::bad_request("Free Vapi Numbers Are Limited To 5 Per Account."));
    }
    if kind.shelf(&world.orgs[&org.0]).len() >= RESOURCES_MAX {
        return Err(Refusal::bad_request("Too Many Of This Kind."));
    }
    let resource = world.add_resource(&org.0, kind, body, now);
    Ok((StatusCode::CREATED, Json(public(kind, &resource))))
}

async fn read(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Extension(kind): Extension<Kind>,
    Path(id): Path<String>,
) -> Answer {
    let world = shared.world();
    let found = kind.shelf(&world.orgs[&org.0]).get(&id);
    found.map(|resource| Json(public(kind, resource))).ok_or_else(|| Refusal::not_found(kind.title(), &id))
}

async fn change(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Extension(kind): Extension<Kind>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer {
    let mut changes = object(&body)?;
    kind.check(&changes)?;
    changes.retain(|key, _| !CARRIER_SECRETS.contains(&key.as_str()));
    let now = shared.now();
    let mut world = shared.world();
    let owner = world.orgs.get_mut(&org.0).expect("the gate knows the org");
    let patched = kind.shelf_mut(owner).patch(&id, changes, now);
    patched.map(|resource| Json(public(kind, &resource))).ok_or_else(|| Refusal::not_found(kind.title(), &id))
}

async fn delete(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    Extension(kind): Extension<Kind>,
    Path(id): Path<String>,
) -> Answer {
    let mut world = shared.world();
    let owner = world.orgs.get_mut(&org.0).expect("the gate knows the org");
    if kind == Kind::Assistant && owner.phone_numbers.iter().any(|number| number.text("assistantId") == Some(&id)) {
        let message = format!("Assistant {id} is pinned by a phone number. Detach it first.");
        return Err(Refusal::business(StatusCode::CONFLICT, &message));
    }
    let taken = kind.shelf_mut(owner).take(&id);
    taken.map(|resource| Json(public(kind, &resource))).ok_or_else(|| Refusal::not_found(kind.title(), &id))
}

/// A thing as it is shown: a credential keeps its secrets to itself.
fn public(kind: Kind, resource: &Resource) -> Value {
    let mut body = resource.body.clone();
    if kind == Kind::Credential
        && let Some(plan) = body.get_mut("authenticationPlan").and_then(Value::as_object_mut)
    {
        for secret in ["token", "secretKey", "clientSecret"] {
            plan.remove(secret);
        }
    }
    Value::Object(body)
}

impl World {
    fn vapi_numbers(&self, org_id: &str) -> usize {
        self.orgs[org_id].phone_numbers.iter().filter(|number| number.text("provider") == Some("vapi")).count()
    }

    /// Keeps a thing. One with an `id` keeps it; a number of Vapi's own gets its digits.
    pub(crate) fn add_resource(
        &mut self,
        org_id: &str,
        kind: Kind,
        mut body: Map<String, Value>,
        now: Timestamp,
    ) -> Arc<Resource> {
        self.ids_given += 1;
        let mut chance = Chance::of(self.seed, &[b"resource", &self.ids_given.to_be_bytes()]);
        let given = body.get("id").and_then(Value::as_str).map(str::to_owned);
        let id = given.unwrap_or_else(|| chance.resource_id());
        if kind == Kind::PhoneNumber {
            // The carrier's secrets are not shown again, in no read and in no message.
            body.retain(|key, _| !CARRIER_SECRETS.contains(&key.as_str()));
            body.entry("status").or_insert_with(|| "active".into());
            if !body.contains_key("number") && !body.contains_key("sipUri") {
                let area = body.get("numberDesiredAreaCode").and_then(Value::as_str).unwrap_or("628").to_owned();
                body.insert("number".into(), format!("+1{area}555{:04}", self.ids_given % 10_000).into());
            }
        }
        let org = self.orgs.get_mut(org_id).expect("things are added to an org that exists");
        kind.shelf_mut(org).put(Resource::new(id, org_id, body, now))
    }
}
