//! `POST /webhooks/vapi`. 200 means kept. 401: no credential fits. 408: the body did not come in time. 413: too large.
//! 503: not kept, send it again.

use super::body::Unread;
use super::nul::without_nul;
use super::{Intake, answer, dedupe_key};
use crate::domain::ids::{AttemptId, EventId, OrganizationId, ProviderAccountId};
use crate::store::across::Clues;
use crate::store::events::{NewEvent, PackedBody, Source};
use crate::store::webhook_refusals::Reason;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use vapi::{Envelope, MessageHead, WebhookRequest};

/// Longer than a body and a commit may take together.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
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
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .with_state(intake)
}

async fn receive(State(intake): State<Intake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // Before the body is read: a stranger's costs nothing.
    match intake.gate.may_fit(&parts.headers).await {
        Ok(Ok(())) => {}
        Ok(Err(reason)) => return stranger(&intake, reason),
        Err(error) => return not_kept(&error),
    }
    let body = match intake.room.read(body).await {
        Ok(body) => body,
        Err(Unread::NoRoom) => return not_kept(&Unread::NoRoom),
        Err(Unread::TooLarge) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        Err(error @ (Unread::Slow | Unread::Broken)) => return refuse(StatusCode::REQUEST_TIMEOUT, &error.to_string()),
    };
    let url = format!("{}{}", intake.public_url, parts.uri);
    let request = WebhookRequest { method: &parts.method, url: &url, headers: &parts.headers, body: &body.bytes };
    match intake.gate.account_of(&request).await {
        Ok(Ok(account)) => keep_and_answer(&intake, account, &parts, &body.bytes).await,
        Ok(Err(reason)) => stranger(&intake, reason),
        Err(error) => not_kept(&error),
    }
}

async fn keep_and_answer(intake: &Intake, account: ProviderAccountId, parts: &Parts, body: &Bytes) -> Response {
    // A marker that cannot be read is no reason to lose the message.
    let marker = Query::<Marker>::try_from_uri(&parts.uri);
    let attempt = marker.ok().and_then(|Query(marker)| marker.attempt?.parse().ok());
    let head = MessageHead::parse(&without_nul(body)).ok();
    let owner = match owner(intake, account, head.as_ref(), attempt).await {
        Ok(owner) => owner,
        Err(error) => return not_kept(&error),
    };
    let event = match event(intake, (account, owner, attempt), head.as_ref(), body) {
        Ok(event) => event,
        Err(error) => return not_kept(&error),
    };
    let organization = match intake.recorder.keep(event).await {
        Ok(organization) => organization,
        Err(error) => return not_kept(&error),
    };
    let awaits_answer = head.is_some_and(|head| head.kind.expects_answer());
    let envelope = awaits_answer.then(|| Envelope::parse(&without_nul(body)).ok()).flatten();
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
) -> crate::store::Result<NewEvent> {
    let (account, organization, attempt) = whose;
    Ok(NewEvent {
        id: EventId::new(),
        organization,
        account,
        source: Source::Webhook,
        kind: head.map_or("unreadable", |head| head.kind.as_str()).to_owned(),
        provider_call_id: head.and_then(|head| Some(head.call.as_ref()?.id.clone())),
        attempt,
        dedupe_key: dedupe_key::of(head, body),
        received_at: intake.clock.now(),
        body: PackedBody::new(body)?,
    })
}

fn stranger(intake: &Intake, reason: Reason) -> Response {
    intake.refusals.count(reason);
    refuse(StatusCode::UNAUTHORIZED, "no webhook credential fits")
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
