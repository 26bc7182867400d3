//! Answers to the questions that steer a live call: always a valid body within the time the call has, whatever breaks.
//!
//! Each question has a time of its own and a fallback that needs nothing. What people set up is answered from memory
//! (`store/reception.rs`), if need be as it was read last. An answer that is not there in time is given up, not its work:
//! who asked not to be called is written down all the same.

mod assistant_request;
mod call_back;
mod knowledge;
mod lead_record;
mod note;
mod opt_out;
mod own_tool;
mod predial;
mod receptions;
mod tool_calls;
mod transfer;
mod web;

use super::nul::without_nul;
use super::recorder::NotKept;
use crate::clock::Clock;
use crate::domain::ids::{AttemptId, OrganizationId, ProviderAccountId};
use crate::domain::phone_number::PhoneNumber;
use crate::store::changes::Changes;
use crate::store::reception::Reception;
use crate::store::subjects::CallClues;
use crate::store::{Db, Result};
use crate::vault::Vault;
use axum::body::Bytes;
use receptions::Receptions;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use vapi::{
    AssistantRequestAnswer, EndpointingAnswer, Envelope, HandoffDestinationAnswer, KnowledgeBaseAnswer, MessageHead,
    MessageKind, PredialAnswer, ServerMessage, ToolCallsAnswer, ToolResult, TransferDestinationAnswer,
};
pub use web::Reach;
use web::Web;

/// An answer waits so long for its own event to be kept. A commit takes a few milliseconds; behind a database that is away
/// the call would be lost, because the provider asks once (contract §2.4).
const KEEP_BUDGET: Duration = Duration::from_millis(750);
/// For one thing that an answer would like to know from the database.
const READ_BUDGET: Duration = Duration::from_secs(1);
/// Of 7.5 s from end to end, on both ways and in the provider.
const ASSISTANT_BUDGET: Duration = Duration::from_millis(2500);
/// Of the 20 s that we ask the provider for.
const TOOLS_BUDGET: Duration = Duration::from_secs(14);
/// Of 10 s for knowledge; transfers and the rest are asked while the person waits.
const OTHERS_BUDGET: Duration = Duration::from_secs(4);
/// Questions under way at once, given up ones too. Beyond it the fallback is the answer.
const QUESTIONS_MAX: usize = 512;

/// Spoken to a caller for whom nobody is there.
const NOBODY: &str = "Sorry, nobody can take your call right now. Goodbye.";
const NOT_NOW: &str = "this cannot be done right now";
const NO_DESTINATION: &str = "no destination is set up for this call";
/// The provider's own default.
const ENDPOINTING_SECONDS: f64 = 0.4;

pub(super) struct Answers {
    db: Db,
    clock: Clock,
    vault: Vault,
    receptions: Receptions,
    web: Web,
    under_way: Arc<Semaphore>,
    /// Questions that were answered and whose event was lost.
    lost: AtomicU64,
}

/// A question as it came, and whose it is as far as memory tells.
pub(super) struct Question {
    pub(super) account: ProviderAccountId,
    pub(super) organization: Option<OrganizationId>,
    pub(super) attempt: Option<AttemptId>,
    pub(super) head: MessageHead,
    pub(super) body: Bytes,
}

impl Question {
    /// The other party's phone, if it is one.
    fn phone(&self) -> Option<String> {
        let number = self.head.customer.as_ref()?.number.as_deref()?;
        PhoneNumber::from_e164(number).ok().map(|phone| phone.to_string())
    }

    fn call_id(&self) -> Option<&str> {
        self.head.call.as_ref().map(|call| call.id.as_str()).filter(|id| !id.is_empty())
    }

    fn clues<'a>(&'a self, phone: Option<&'a str>) -> CallClues<'a> {
        CallClues { account: self.account, provider_call_id: self.call_id(), attempt: self.attempt, phone }
    }
}

impl Answers {
    pub(super) fn new(db: Db, vault: Vault, clock: Clock, changes: &Changes, reach: Reach) -> Self {
        Self {
            receptions: Receptions::new(db.clone(), changes),
            web: Web::new(reach),
            under_way: Arc::new(Semaphore::new(QUESTIONS_MAX)),
            lost: AtomicU64::new(0),
            db,
            clock,
            vault,
        }
    }

    /// The body of the answer, once the event is kept or its time is over.
    pub(super) async fn answer<K>(self: &Arc<Self>, mut question: Question, keeping: K) -> Value
    where
        K: Future<Output = std::result::Result<Option<OrganizationId>, NotKept>> + Send + 'static,
    {
        if let Some(owner) = self.owner_kept(question.head.kind.clone(), keeping).await {
            question.organization = owner;
        }
        let kind = question.head.kind.clone();
        let envelope = Envelope::parse(&without_nul(&question.body)).ok();
        let fallback = fallback(&kind, envelope.as_ref());
        let Some(envelope) = envelope else { return fallback };
        let Ok(permit) = self.under_way.clone().try_acquire_owned() else {
            tracing::error!(%kind, QUESTIONS_MAX, "too many questions at once: one is answered by its fallback");
            return fallback;
        };
        let answers = self.clone();
        let working = tokio::spawn(async move {
            let _permit = permit;
            answers.decide(&question, &envelope.message).await
        });
        match tokio::time::timeout(budget(&kind), working).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::error!(%kind, %error, "a live question met a panic and is answered by its fallback");
                fallback
            }
            Err(_) => {
                tracing::error!(%kind, "a live question took too long and is answered by its fallback");
                fallback
            }
        }
    }

    /// Whose the question is, as the ledger says; `None` if its event is not kept yet, or never will be.
    async fn owner_kept<K>(self: &Arc<Self>, kind: MessageKind, keeping: K) -> Option<Option<OrganizationId>>
    where
        K: Future<Output = std::result::Result<Option<OrganizationId>, NotKept>> + Send + 'static,
    {
        let answers = self.clone();
        let keeping = tokio::spawn(async move {
            keeping
                .await
                .inspect_err(|error| {
                    let lost = answers.lost.fetch_add(1, Ordering::Relaxed) + 1;
                    tracing::error!(%kind, %error, lost, "a live question was answered and its event is lost");
                })
                .ok()
        });
        tokio::time::timeout(KEEP_BUDGET, keeping).await.ok()?.ok()?
    }

    async fn decide(&self, question: &Question, message: &ServerMessage) -> Value {
        let answer = match message {
            ServerMessage::AssistantRequest => serde_json::to_value(assistant_request::answer(self, question).await),
            ServerMessage::ToolCalls(asked) => {
                serde_json::to_value(tool_calls::answer(self, question, &asked.calls).await)
            }
            ServerMessage::TransferDestinationRequest(asked) => {
                serde_json::to_value(transfer::destination(self, question, asked.parameters.as_ref()).await)
            }
            ServerMessage::HandoffDestinationRequest(asked) => {
                serde_json::to_value(transfer::handoff(self, question, asked.parameters.as_ref()).await)
            }
            ServerMessage::KnowledgeBaseRequest(asked) => {
                serde_json::to_value(knowledge::answer(self, question, asked.question()).await)
            }
            ServerMessage::CampaignPredial(asked) => {
                serde_json::to_value(predial::answer(self, question, asked.contact.as_ref()).await)
            }
            _ => return fallback(&question.head.kind, None),
        };
        answer.unwrap_or_else(|_| fallback(&question.head.kind, None))
    }

    /// What people set up for the organization; `None` if it was never read and cannot be.
    async fn reception(&self, question: &Question) -> Option<Arc<Reception>> {
        self.receptions.of(question.organization?).await
    }
}

/// What comes in time; an error or a delay is logged, and the answer does without.
async fn in_time<T>(what: &str, reading: impl Future<Output = Result<T>>) -> Option<T> {
    match tokio::time::timeout(READ_BUDGET, reading).await {
        Ok(Ok(read)) => Some(read),
        Ok(Err(error)) => {
            tracing::error!(?error, "a live answer does without {what}");
            None
        }
        Err(_) => {
            tracing::error!("a live answer does without {what}: it took too long");
            None
        }
    }
}

fn budget(kind: &MessageKind) -> Duration {
    match kind {
        MessageKind::AssistantRequest => ASSISTANT_BUDGET,
        MessageKind::ToolCalls => TOOLS_BUDGET,
        _ => OTHERS_BUDGET,
    }
}

/// A valid answer that needs to know nothing.
fn fallback(kind: &MessageKind, envelope: Option<&Envelope>) -> Value {
    let answer = match kind {
        MessageKind::AssistantRequest => {
            serde_json::to_value(AssistantRequestAnswer::Refuse { error: NOBODY.to_owned() })
        }
        MessageKind::ToolCalls => match envelope.map(|envelope| &envelope.message) {
            Some(ServerMessage::ToolCalls(asked)) => {
                let not_now = |call: &vapi::ToolCall| ToolResult::failure(&call.id, &call.name, NOT_NOW);
                serde_json::to_value(ToolCallsAnswer { results: asked.calls.iter().map(not_now).collect() })
            }
            _ => return json!({ "error": NOT_NOW }),
        },
        MessageKind::TransferDestinationRequest => {
            serde_json::to_value(TransferDestinationAnswer::Refuse { error: NO_DESTINATION.to_owned() })
        }
        MessageKind::HandoffDestinationRequest => serde_json::to_value(no_handoff()),
        MessageKind::KnowledgeBaseRequest => {
            serde_json::to_value(KnowledgeBaseAnswer::Documents { documents: Vec::new() })
        }
        MessageKind::CampaignPredial => serde_json::to_value(PredialAnswer { eligible: false }),
        MessageKind::CallEndpointingRequest => {
            serde_json::to_value(EndpointingAnswer { timeout_seconds: ENDPOINTING_SECONDS })
        }
        // No voice is ours.
        _ => return json!({}),
    };
    answer.unwrap_or_else(|_| json!({}))
}

/// The provider's schema wants a destination even then.
fn no_handoff() -> HandoffDestinationAnswer {
    let destination = [("type".to_owned(), json!("assistant"))].into_iter().collect();
    HandoffDestinationAnswer { destination, result: None, error: Some(NO_DESTINATION.to_owned()) }
}
