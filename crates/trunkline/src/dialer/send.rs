//! From a reservation to a ring: connect, pass the point of no return, write once, wait, record what came.
//!
//! No transaction spans the request. Whatever happens after the point of no return, nothing here sends again.

use super::Dialer;
use super::accounts::OpenAccount;
use super::settle::{self, Heard};
use crate::clock::Stopwatch;
use crate::domain::ids::{AttemptId, OrganizationId};
use crate::domain::protocol::{Commit, Do, Happening, Reply, Sending, Unsent, Withdrawn, may_send};
use crate::settlement;
use crate::store::attempt_sends::{self, Payload};
use crate::store::reservations::Fenced;
use crate::store::{Result, attempts, organization_turns};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use vapi::{
    AssistantOverrides, Backoff, BackoffPlan, Connection, CreateCall, CustomerTarget, Label, MessageKind, Server,
};

/// Sends one reserved attempt. Errors of the database leave it to the reaper or the reconciler, which need only the row.
pub(super) async fn send(dialer: &Dialer, organization: OrganizationId, fenced: Fenced) -> Result<()> {
    failpoint!("send.begun");
    let tx = dialer.db.tenant(organization).await?;
    let payload = attempt_sends::payload(&tx, fenced.attempt).await?;
    tx.commit().await?;
    let Some(payload) = payload else {
        return release(dialer, organization, fenced.attempt, &Unsent::NOT_DEPLOYED).await;
    };
    let Some(account) = dialer.accounts.get(payload.account).await? else {
        return release(dialer, organization, fenced.attempt, &Unsent::UNUSABLE_ACCOUNT).await;
    };
    let call = create_call(dialer, &account, fenced.attempt, &payload);
    failpoint!("send.prepared");
    Errand { dialer, organization, fenced, account: &account, call: &call, connection: None, heard: None }.run().await
}

/// One send as the protocol orders it: this does what [`Sending`] says, and nothing else.
struct Errand<'a> {
    dialer: &'a Dialer,
    organization: OrganizationId,
    fenced: Fenced,
    account: &'a OpenAccount,
    call: &'a CreateCall,
    /// For one request; taken by the write.
    connection: Option<Connection>,
    heard: Option<Heard>,
}

impl Errand<'_> {
    async fn run(mut self) -> Result<()> {
        let (mut sending, mut next) = Sending::begin();
        loop {
            let reply = match next {
                Do::Connect => self.connect().await,
                Do::PassPointOfNoReturn => self.pass_point_of_no_return().await?,
                Do::Write => self.write().await,
                Do::Record(_) => return self.record().await,
                Do::GiveBack(unsent) => {
                    return release(self.dialer, self.organization, self.fenced.attempt, &unsent).await;
                }
                Do::Leave => return Ok(()),
            };
            let Some(follows) = sending.next(reply) else { return Ok(()) };
            next = follows;
        }
    }

    async fn connect(&mut self) -> Reply<'static> {
        match self.account.client.connect().await {
            Ok(connection) => {
                failpoint!("send.connected");
                self.connection = Some(connection);
                Reply::Connected
            }
            Err(error) => {
                let (attempt, account) = (self.fenced.attempt, self.account.id);
                tracing::warn!(attempt.id = %attempt, account.id = %account, %error, "no connection to the provider");
                Reply::NotConnected
            }
        }
    }

    /// T2. An unknown commit is an error here as it is to the protocol: then nothing is sent.
    async fn pass_point_of_no_return(&self) -> Result<Reply<'static>> {
        let began = Stopwatch::start();
        let Self { dialer, organization, fenced, .. } = self;
        let now = dialer.clock.now();
        let tx = dialer.db.tenant(*organization).await?;
        let facts = attempt_sends::facts(&tx, fenced.attempt, now).await?;
        let passed = facts.map_or(Err(Withdrawn::NotOurs), |facts| may_send(&facts, fenced.fence, now));
        failpoint!("send.asked");
        if passed.is_ok() {
            attempt_sends::send(&tx, *fenced, now, now + dialer.timing.sending_max).await?;
        }
        failpoint!("send.passing");
        tx.commit().await?;
        failpoint!("send.passed");
        let hung_up = self.connection.as_ref().is_none_or(Connection::is_closed);
        Ok(Reply::Passed { passed, commit: Commit::Acknowledged, took: began.elapsed(), hung_up })
    }

    async fn write(&mut self) -> Reply<'_> {
        // Consumed: a second request would need a second connection.
        let Some(connection) = self.connection.take() else { return Reply::NotConnected };
        failpoint!("send.writing");
        let answer = connection.create_call(self.call, self.dialer.timing.answer_timeout).await;
        failpoint!("send.answered");
        Reply::Answered(self.heard.insert(Heard::new(answer)).read())
    }

    async fn record(self) -> Result<()> {
        match self.heard {
            Some(heard) => settle::answered(self.dialer, self.organization, self.fenced.attempt, &heard).await,
            None => Ok(()),
        }
    }
}

/// Gives an attempt back that was never written to the provider, and plans the same try again. Does nothing if somebody
/// was faster.
pub(super) async fn release(
    dialer: &Dialer,
    organization: OrganizationId,
    attempt: AttemptId,
    unsent: &Unsent,
) -> Result<()> {
    failpoint!("release.begun");
    let tx = dialer.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let mut attempt = attempts::lock(&tx, attempt).await?;
    settlement::happen(&tx, &mut attempt, Happening::Unsent(unsent), &dialer.moment()).await?;
    failpoint!("release.written");
    tx.commit().await?;
    failpoint!("release.committed");
    Ok(())
}

/// The request, with the attempt's markers in every place that comes back: its name, the customer's external id, the
/// metadata, and the address that the call's webhooks go to. By the enrollment among them a restored database adopts it.
fn create_call(dialer: &Dialer, account: &Arc<OpenAccount>, attempt: AttemptId, payload: &Payload) -> CreateCall {
    let marker = attempt.to_string();
    let marks = [("attempt", json!(marker)), ("enrollment", json!(payload.enrollment))];
    let metadata: Map<String, Value> = marks.into_iter().map(|(name, mark)| (name.to_owned(), mark)).collect();
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
