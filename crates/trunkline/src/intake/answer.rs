//! Answers to the messages that steer a live call. Always a valid body: whatever is wrong, the call gets an answer.

use crate::domain::ids::{OrganizationId, ProviderAccountId};
use crate::store::{Db, Result, inbound_agents};
use serde_json::{Value, json};
use vapi::{AssistantRequestAnswer, Envelope, ServerMessage, ToolCallsAnswer, ToolResult};

/// Spoken to a caller for whom nobody is there.
const NOBODY: &str = "Sorry, nobody can take your call right now. Goodbye.";

/// The body of the answer. `organization` is `None` for a message that is nobody's.
pub(super) async fn answer(
    db: &Db,
    account: ProviderAccountId,
    organization: Option<OrganizationId>,
    envelope: &Envelope,
) -> Value {
    let body = match &envelope.message {
        ServerMessage::AssistantRequest => {
            let answer = assistant_for(db, account, organization, envelope).await.unwrap_or_else(|error| {
                tracing::error!(?error, "a caller is turned away: the database did not say who takes the call");
                nobody()
            });
            serde_json::to_value(answer)
        }
        ServerMessage::ToolCalls(calls) => {
            let unknown =
                |call: &vapi::ToolCall| ToolResult::failure(&call.id, &call.name, "there is no such tool here");
            serde_json::to_value(ToolCallsAnswer { results: calls.calls.iter().map(unknown).collect() })
        }
        ServerMessage::TransferDestinationRequest | ServerMessage::HandoffDestinationRequest(_) => {
            Ok(json!({ "error": "no destination is set up for this call" }))
        }
        ServerMessage::KnowledgeBaseRequest(_) => Ok(json!({ "documents": [] })),
        // Campaigns are ours; none at the provider is ours to say yes to.
        ServerMessage::CampaignPredial(_) => Ok(json!({ "eligible": false })),
        // The others do not wait for an answer.
        _ => Ok(json!({})),
    };
    body.unwrap_or_else(|_| json!({}))
}

fn nobody() -> AssistantRequestAnswer {
    AssistantRequestAnswer::Refuse { error: NOBODY.to_owned() }
}

async fn assistant_for(
    db: &Db,
    account: ProviderAccountId,
    organization: Option<OrganizationId>,
    envelope: &Envelope,
) -> Result<AssistantRequestAnswer> {
    let Some(organization) = organization else { return Ok(nobody()) };
    let phone = envelope.head.customer.as_ref().and_then(|customer| customer.number.as_deref());
    let tx = db.tenant(organization).await?;
    let assistant = inbound_agents::assistant_for(&tx, account, phone).await?;
    tx.commit().await?;
    Ok(match assistant {
        Some(assistant_id) => AssistantRequestAnswer::Assistant { assistant_id, assistant_overrides: None },
        None => nobody(),
    })
}
