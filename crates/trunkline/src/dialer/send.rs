//! From a reservation to a ring: connect, pass the point of no return, write once, wait, record what came.
//!
//! No transaction spans the request. Whatever happens after the point of no return, nothing here sends again.

use super::accounts::OpenAccount;
use super::timing::SEND_BUDGET;
use super::{Dialer, settle};
use crate::domain::ids::{AttemptId, OrganizationId};
use crate::domain::status::AttemptState;
use crate::settlement;
use crate::store::attempts::{self, Payload};
use crate::store::reservations::Fenced;
use crate::store::{Result, organization_turns};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Instant;
use vapi::{
    AssistantOverrides, Backoff, BackoffPlan, Connection, CreateCall, CustomerTarget, Label, MessageKind, Server,
};

/// After a failure to connect: nothing was sent, and the provider is likely to be away for others too.
const CONNECT_RETRY: SignedDuration = SignedDuration::from_secs(30);
/// After a reservation that was withdrawn because something changed in between.
const RELEASE_RETRY: SignedDuration = SignedDuration::from_secs(5);

/// Sends one reserved attempt. Errors of the database leave it to the reaper or the reconciler, which need only the row.
pub(super) async fn send(dialer: &Dialer, organization: OrganizationId, fenced: Fenced) -> Result<()> {
    let tx = dialer.db.tenant(organization).await?;
    let payload = attempts::payload(&tx, fenced.attempt).await?;
    tx.commit().await?;
    let Some(payload) = payload else {
        return release(dialer, organization, fenced.attempt, Unsent::NOT_DEPLOYED).await;
    };
    let Some(account) = dialer.accounts.get(payload.account).await? else {
        return release(dialer, organization, fenced.attempt, Unsent::UNUSABLE_ACCOUNT).await;
    };
    let connection = match account.client.connect().await {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(attempt.id = %fenced.attempt, account.id = %account.id, %error, "no connection to the provider");
            return release(dialer, organization, fenced.attempt, Unsent::NO_CONNECTION).await;
        }
    };
    let call = create_call(dialer, &account, fenced.attempt, &payload);
    pass_and_write(dialer, organization, fenced, connection, &call).await
}

async fn pass_and_write(
    dialer: &Dialer,
    organization: OrganizationId,
    fenced: Fenced,
    connection: Connection,
    call: &CreateCall,
) -> Result<()> {
    let began = Instant::now();
    if !pass_point_of_no_return(dialer, organization, fenced).await? {
        return release(dialer, organization, fenced.attempt, Unsent::CHANGED).await;
    }
    // The commit is acknowledged: this process, and no other, may write, once. Unless it slept meanwhile, or the
    // provider hung up: then nothing was written, and this process alone knows it.
    if began.elapsed() > SEND_BUDGET || connection.is_closed() {
        return release(dialer, organization, fenced.attempt, Unsent::TOO_LATE).await;
    }
    let answer = connection.create_call(call, dialer.timing.answer_timeout).await;
    settle::create_call_answered(dialer, organization, fenced.attempt, answer).await
}

/// T2. An unknown commit is an error here, and then nothing is sent.
async fn pass_point_of_no_return(dialer: &Dialer, organization: OrganizationId, fenced: Fenced) -> Result<bool> {
    let now = dialer.clock.now();
    let tx = dialer.db.tenant(organization).await?;
    let passed = attempts::send(&tx, fenced, now, now + dialer.timing.sending_max).await?;
    tx.commit().await?;
    Ok(passed)
}

/// Why an attempt was not written to the provider.
pub(super) struct Unsent {
    /// The state that whoever releases it has left it in.
    from: AttemptState,
    because: &'static str,
    retry_after: SignedDuration,
}

impl Unsent {
    const NOT_DEPLOYED: Self = Self::reserved("the agent is not deployed there", RELEASE_RETRY);
    const UNUSABLE_ACCOUNT: Self = Self::reserved("the provider account cannot be used", CONNECT_RETRY);
    const NO_CONNECTION: Self = Self::reserved("the provider could not be reached", CONNECT_RETRY);
    const CHANGED: Self = Self::reserved("something changed since it was claimed", RELEASE_RETRY);
    const TOO_LATE: Self =
        Self { from: AttemptState::Sending, because: "it took too long to send", retry_after: CONNECT_RETRY };
    /// The process that held the lease died or slept.
    pub(super) const LEASE_OVER: Self = Self::reserved("its lease was over before it was sent", SignedDuration::ZERO);

    const fn reserved(because: &'static str, retry_after: SignedDuration) -> Self {
        Self { from: AttemptState::Reserved, because, retry_after }
    }
}

/// Gives an attempt back that was never written to the provider, and plans the same try again. Does nothing if somebody
/// was faster: what is given back twice would be missing from the counters.
pub(super) async fn release(
    dialer: &Dialer,
    organization: OrganizationId,
    attempt: AttemptId,
    unsent: Unsent,
) -> Result<()> {
    let now = dialer.clock.now();
    let tx = dialer.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let attempt = attempts::lock(&tx, attempt).await?;
    if attempt.state == unsent.from {
        settlement::release(&tx, &attempt, unsent.because, now + unsent.retry_after, now).await?;
    }
    tx.commit().await
}

/// The request, with the attempt's markers in every place that comes back: its name, the customer's external id, the
/// metadata, and the address that the call's webhooks go to.
fn create_call(dialer: &Dialer, account: &Arc<OpenAccount>, attempt: AttemptId, payload: &Payload) -> CreateCall {
    let marker = attempt.to_string();
    let metadata: Map<String, Value> = [("attempt".to_owned(), json!(marker))].into_iter().collect();
    let variable_values = payload.variables.as_object().cloned().unwrap_or_default();
    let name = (!payload.lead_name.is_empty()).then(|| Label::truncated(&payload.lead_name));
    CreateCall {
        assistant_id: payload.assistant_id.clone(),
        assistant_overrides: AssistantOverrides {
            variable_values,
            metadata,
            server: Some(server(dialer, account, &marker)),
            server_messages: vec![
                MessageKind::StatusUpdate,
                MessageKind::EndOfCallReport,
                MessageKind::ToolCalls,
                MessageKind::TransferDestinationRequest,
            ],
            ..AssistantOverrides::default()
        },
        phone_number_id: payload.provider_number_id.clone(),
        customer: CustomerTarget { number: payload.phone.clone(), name, external_id: Some(payload.lead.to_string()) },
        name: Some(Label::truncated(&marker)),
        metadata: None,
        schedule_plan: None,
    }
}

/// Without a backoff plan the provider does not repeat a webhook, and a missed report is lost (contract §2.5).
fn server(dialer: &Dialer, account: &OpenAccount, marker: &str) -> Server {
    let secret = account.webhook_secret.as_ref();
    Server {
        url: format!("{}/webhooks/vapi?attempt={marker}", dialer.public_url),
        timeout_seconds: Some(20),
        credential_id: None,
        headers: secret.map(|s| ("x-vapi-secret".to_owned(), s.expose_secret().to_owned())).into_iter().collect(),
        backoff_plan: Some(BackoffPlan {
            kind: Backoff::Exponential,
            max_retries: 10,
            base_delay_seconds: 10,
            excluded_status_codes: Vec::new(),
        }),
    }
}
