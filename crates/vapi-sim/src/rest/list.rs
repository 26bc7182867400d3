//! `GET /call`: the eleven filters, newest first, and the lag with which new calls appear.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::SharedState;
use super::create::{SILENCE_MAX, first_half};
use super::gate::OrgId;
use crate::call::Call;
use crate::call_index::Span;
use crate::chance::Chance;
use crate::faults::ListFault;
use crate::refusal::Refusal;
use crate::server::Withheld;
use crate::shared::Shared;
use crate::world::{HORIZON, World};

const LIMIT_DEFAULT: usize = 100;
const LIMIT_MAX: usize = 1_000;
/// Calls shown before the world is let go.
const CALLS_PER_TURN_MAX: usize = 50;
/// The finest step between two instants: turns `Gt` into `Ge` of the next.
const STEP: SignedDuration = SignedDuration::from_nanos(1);

/// All filters there are; there is none by status, metadata or customer.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Filters {
    id: Option<String>,
    assistant_id: Option<String>,
    phone_number_id: Option<String>,
    limit: Option<usize>,
    created_at_gt: Option<Timestamp>,
    created_at_lt: Option<Timestamp>,
    created_at_ge: Option<Timestamp>,
    created_at_le: Option<Timestamp>,
    updated_at_gt: Option<Timestamp>,
    updated_at_lt: Option<Timestamp>,
    updated_at_ge: Option<Timestamp>,
    updated_at_le: Option<Timestamp>,
}

/// Lists the org's calls.
pub(crate) async fn list(
    State(shared): SharedState,
    Extension(org): Extension<OrgId>,
    query: Result<Query<Filters>, QueryRejection>,
) -> Response {
    let filters = match query {
        Ok(Query(filters)) => filters,
        Err(rejection) => return Refusal::invalid(&[rejection.body_text()]).into_response(),
    };
    if filters.limit.is_some_and(|limit| limit > LIMIT_MAX) {
        return Refusal::invalid(&[format!("limit must not be greater than {LIMIT_MAX}")]).into_response();
    }
    match next_fault(&shared) {
        None => Json(listed(&shared, &org.0, &filters).await).into_response(),
        Some(ListFault::Status500) => Refusal::server_error().into_response(),
        Some(ListFault::TooManyRequests) => Refusal::too_many_requests(None).into_response(),
        Some(ListFault::Drop) => Withheld::Cut.into_response(),
        Some(ListFault::Hang) => Withheld::Held(SILENCE_MAX).into_response(),
        Some(ListFault::TruncatedJson) => {
            let half = first_half(&listed(&shared, &org.0, &filters).await.into());
            ([(header::CONTENT_TYPE, "application/json")], half).into_response()
        }
    }
}

/// The calls that pass the filters, as they are when they are shown. The world is let go between handfuls:
/// a thousand calls with their transcripts would keep it from everybody else for too long.
async fn listed(shared: &Shared, org_id: &str, filters: &Filters) -> Vec<Value> {
    let now = shared.now();
    let ids = shared.world().listed(org_id, filters, now);
    let mut views = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CALLS_PER_TURN_MAX) {
        {
            let world = shared.world();
            let calls = ids.iter().filter_map(|id| world.calls.get(id));
            views.extend(calls.map(|call| call.view(&world.base_url, world.seed)));
        }
        tokio::task::yield_now().await;
    }
    views
}

fn next_fault(shared: &Shared) -> Option<ListFault> {
    let mut world = shared.world();
    world.list_faults.pop_front().or_else(|| drawn_fault(&mut world))
}

fn drawn_fault(world: &mut World) -> Option<ListFault> {
    world.ids_given += 1;
    let mut chance = Chance::of(world.seed, &[b"list fault", &world.ids_given.to_be_bytes()]);
    chance.happens(world.knobs.listing_errors).then_some(ListFault::Status500)
}

impl Filters {
    fn created(&self, now: Timestamp) -> Span {
        let span = span([self.created_at_ge, self.created_at_gt], [self.created_at_le, self.created_at_lt]);
        Span { from: span.from.max(now - HORIZON), ..span }
    }

    fn updated(&self) -> Span {
        span([self.updated_at_ge, self.updated_at_gt], [self.updated_at_le, self.updated_at_lt])
    }

    fn admits(&self, call: &Call) -> bool {
        let number = call.order.phone_number.as_ref().map(|number| number.id.as_str());
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        is(&self.id, Some(&call.id.to_string()))
            && is(&self.assistant_id, call.assistant_id())
            && is(&self.phone_number_id, number)
    }
}

fn span([ge, gt]: [Option<Timestamp>; 2], [le, lt]: [Option<Timestamp>; 2]) -> Span {
    let after = gt.and_then(|at| at.checked_add(STEP).ok());
    let before = lt.and_then(|at| at.checked_sub(STEP).ok());
    Span {
        from: ge.into_iter().chain(after).max().unwrap_or(Timestamp::MIN),
        to: le.into_iter().chain(before).min().unwrap_or(Timestamp::MAX),
    }
}

fn contains(span: Span, at: Timestamp) -> bool {
    span.from <= at && at <= span.to
}

impl World {
    /// A call that a read may show: not deleted, not beyond the horizon, not too new.
    pub(crate) fn visible_call(&self, org_id: &str, id: Uuid, now: Timestamp) -> Option<&Call> {
        self.calls.get(&id).filter(|call| {
            call.org_id == org_id && !call.is_deleted && call.visible_at <= now && call.created_at >= now - HORIZON
        })
    }

    fn listed(&self, org_id: &str, filters: &Filters, now: Timestamp) -> Vec<Uuid> {
        let Some(org) = self.orgs.get(org_id) else {
            return Vec::new();
        };
        let (created, updated) = (filters.created(now), filters.updated());
        let limit = filters.limit.unwrap_or(LIMIT_DEFAULT);
        let admitted = |id| {
            self.visible_call(org_id, id, now).filter(|call| contains(updated, call.updated_at) && filters.admits(call))
        };
        // The narrower order is walked: changes since a moment ago are few, calls of two weeks many.
        let calls: Vec<&Call> = if updated.from > created.from {
            let changed = org.calls.updated_in(updated).filter_map(admitted);
            let mut calls: Vec<&Call> = changed.filter(|call| contains(created, call.created_at)).collect();
            calls.sort_by_key(|call| Reverse((call.created_at, call.id)));
            calls.truncate(limit);
            calls
        } else {
            org.calls.created_in(created).filter_map(admitted).take(limit).collect()
        };
        calls.iter().map(|call| call.id).collect()
    }
}
