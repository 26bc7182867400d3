//! What stands before every route: the edge that wants a User-Agent, the key, the rate limit, the journal.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::journal::{self, Entry};
use crate::refusal::Refusal;
use crate::server::Withheld;
use crate::shared::Shared;

/// Org of the key that made the request.
#[derive(Clone, Debug)]
pub(crate) struct OrgId(pub(crate) String);

/// Lets a request through or refuses it, and notes how it was answered.
pub(crate) async fn admit(State(shared): State<Arc<Shared>>, mut request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let admitted = check(&shared, request.headers());
    let account_org = admitted.as_ref().ok().map(|org| org.0.clone());
    let response = match admitted {
        Ok(org) => {
            request.extensions_mut().insert(org);
            next.run(request).await
        }
        Err(refusal) => *refusal,
    };
    let is_withheld = response.extensions().get::<Withheld>().is_some();
    let status = (!is_withheld).then(|| response.status().as_u16());
    let at = shared.now();
    shared.world().journal.add(Entry::Request(journal::Request { at, method, path, account_org, status }));
    response
}

fn check(shared: &Shared, headers: &HeaderMap) -> Result<OrgId, Box<Response>> {
    let now = shared.now();
    let mut world = shared.world();
    if world.knobs.refuse_without_user_agent && !headers.contains_key(header::USER_AGENT) {
        return Err(Box::new((StatusCode::FORBIDDEN, "error code: 1010").into_response()));
    }
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let Some(org_id) = world.keys.get(key).cloned() else {
        return Err(Box::new(Refusal::invalid_key().into_response()));
    };
    let (max, retry_after) = (world.knobs.requests_per_minute_max, world.knobs.retry_after_seconds);
    let is_admitted = world.orgs.get_mut(&org_id).is_some_and(|org| org.admit_request(now, max));
    if is_admitted { Ok(OrgId(org_id)) } else { Err(Box::new(Refusal::too_many_requests(retry_after).into_response())) }
}
