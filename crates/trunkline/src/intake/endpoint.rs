//! `POST /webhooks/vapi`. 200 means kept. 401: no credential fits. 413: too large. 503: not kept, send it again.

use super::nul::without_nul;
use super::{Intake, answer};
use crate::domain::ids::{AttemptId, EventId, OrganizationId, ProviderAccountId};
use crate::store::across::Clues;
use crate::store::events::{BODY_BYTES_MAX, NewEvent, Source};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::time::Duration;
use vapi::{Envelope, MessageHead, WebhookRequest};

/// A sender that takes longer to send its body is cut off.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// For a provider whose event was not kept.
const RETRY_AFTER_SECONDS: &str = "5";

#[derive(Deserialize)]
pub(super) struct Marker {
    attempt: Option<String>,
}

/// The route of the one endpoint.
pub fn router(intake: Intake) -> axum::Router {
    axum::Router::new()
        .route("/webhooks/vapi", post(receive))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .with_state(intake)
}

async fn receive(State(intake): State<Intake>, parts: Parts, body: Bytes) -> Response {
    let url = format!("{}{}", intake.public_url, parts.uri);
    let request = WebhookRequest { method: &parts.method, url: &url, headers: &parts.headers, body: &body };
    let account = match intake.gate.account_of(&request).await {
        Ok(Some(account)) => account,
        Ok(None) => {
            tracing::warn!("a webhook with a wrong or missing secret was refused");
            return refuse(StatusCode::UNAUTHORIZED, "no webhook credential fits");
        }
        Err(error) => return not_kept(&error),
    };
    // A marker that cannot be read is no reason to lose the message.
    let marker = Query::<Marker>::try_from_uri(&parts.uri);
    let attempt = marker.ok().and_then(|Query(marker)| marker.attempt?.parse().ok());
    let head = MessageHead::parse(&without_nul(&body)).ok();
    let owner = match owner(&intake, account, head.as_ref(), attempt).await {
        Ok(owner) => owner,
        Err(error) => return not_kept(&error),
    };
    let event = event(&intake, (account, owner, attempt), head.as_ref(), &body);
    let organization = match intake.recorder.keep(event).await {
        Ok(organization) => organization,
        Err(error) => return not_kept(&error),
    };
    let awaits_answer = head.is_some_and(|head| head.kind.expects_answer());
    let envelope = awaits_answer.then(|| Envelope::parse(&without_nul(&body)).ok()).flatten();
    match envelope {
        Some(envelope) => Json(answer::answer(&intake.db, account, organization, &envelope).await).into_response(),
        None => Json(json!({})).into_response(),
    }
}

async fn owner(
    intake: &Intake,
    account: ProviderAccountId,
    head: Option<&MessageHead>,
    attempt: Option<AttemptId>,
) -> crate::store::Result<Option<OrganizationId>> {
    match head {
        Some(head) => intake.owner(account, clues(head, attempt)).await,
        None => Ok(None),
    }
}

/// What a message tells of whose it is.
pub(super) fn clues(head: &MessageHead, attempt: Option<AttemptId>) -> Clues<'_> {
    let named = || head.call.as_ref()?.name.as_deref()?.parse().ok();
    Clues {
        provider_call_id: head.call.as_ref().map(|call| call.id.as_str()),
        attempt: attempt.or_else(named),
        assistant_id: head.assistant_id.as_deref(),
        provider_number_id: head.phone_number_id.as_deref(),
    }
}

fn event(
    intake: &Intake,
    whose: (ProviderAccountId, Option<OrganizationId>, Option<AttemptId>),
    head: Option<&MessageHead>,
    body: &Bytes,
) -> NewEvent {
    let (account, organization, attempt) = whose;
    NewEvent {
        id: EventId::new(),
        organization,
        account,
        source: Source::Webhook,
        kind: head.map_or("unreadable", |head| head.kind.as_str()).to_owned(),
        provider_call_id: head.and_then(|head| Some(head.call.as_ref()?.id.clone())),
        attempt,
        dedupe_key: dedupe_key(head, body),
        received_at: intake.clock.now(),
        body: body.to_vec(),
    }
}

/// The provider numbers its messages in no way. A repetition has the same type, call and time; its body may differ, as
/// signed addresses in it do (contract §1.4), so the body is compared only where there is no time.
fn dedupe_key(head: Option<&MessageHead>, body: &Bytes) -> String {
    let known = head.and_then(|head| Some((head, head.call.as_ref()?, head.timestamp?)));
    match known {
        Some((head, call, at)) => {
            let status = status_in(body).unwrap_or_default();
            format!("{}/{}/{}/{status}", head.kind.as_str(), call.id, at.as_millisecond())
        }
        None => format!("sha256/{}", hex::encode(Sha256::digest(body))),
    }
}

/// Two updates of one call may bear the same millisecond.
fn status_in(body: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Outer {
        message: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        status: Option<String>,
    }
    serde_json::from_slice::<Outer>(body).ok()?.message.status
}

fn not_kept(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "a webhook was not kept; the provider is asked to send it again");
    let mut response = refuse(StatusCode::SERVICE_UNAVAILABLE, "not kept, send it again");
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS.parse().expect("digits are a header"));
    response
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": status.as_u16(), "message": message } }))).into_response()
}
