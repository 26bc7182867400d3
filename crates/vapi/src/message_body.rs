//! The own fields of each type of message. Fields nobody can act on are left in the raw bytes.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{CallStatus, ConversationMessage, EndedReason, Role, ToolCall, tolerance};

/// The assistant calls tools.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "ToolCallsWire")]
pub struct ToolCalls {
    /// In order; each wants an answer.
    pub calls: Vec<ToolCall>,
}

/// The list has been called both names; the third way wraps each call with the tool's definition.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ToolCallsWire {
    #[serde(rename = "toolCallList", deserialize_with = "tolerance::list")]
    listed: Vec<ToolCall>,
    #[serde(rename = "toolCalls", deserialize_with = "tolerance::list")]
    legacy: Vec<ToolCall>,
    #[serde(rename = "toolWithToolCallList", deserialize_with = "tolerance::list")]
    wrapped: Vec<ToolWithToolCall>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolWithToolCall {
    tool_call: ToolCall,
}

impl From<ToolCallsWire> for ToolCalls {
    fn from(wire: ToolCallsWire) -> Self {
        let unwrapped = wire.wrapped.into_iter().map(|wrapped| wrapped.tool_call).collect();
        let lists = [wire.listed, wire.legacy, unwrapped];
        Self { calls: lists.into_iter().find(|calls| !calls.is_empty()).unwrap_or_default() }
    }
}

/// Which assistant shall go on?
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct HandoffDestinationRequest {
    /// What the assistant said about it.
    #[serde(deserialize_with = "tolerance::optional")]
    pub parameters: Option<Map<String, Value>>,
}

/// Where shall the call be transferred to?
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct TransferDestinationRequest {
    /// What the assistant said about it, if its tool has parameters.
    #[serde(deserialize_with = "tolerance::optional")]
    pub parameters: Option<Map<String, Value>>,
}

/// What is known about this conversation?
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct KnowledgeBaseRequest {
    /// The conversation so far.
    #[serde(deserialize_with = "tolerance::list")]
    pub messages: Vec<ConversationMessage>,
    /// The same in `OpenAI`'s format; the only one of the two that the specification promises.
    #[serde(rename = "messagesOpenAIFormatted", deserialize_with = "tolerance::list")]
    pub formatted: Vec<ConversationMessage>,
}

impl KnowledgeBaseRequest {
    /// What the person said last.
    pub fn question(&self) -> Option<&str> {
        let said = |messages: &'_ [ConversationMessage]| {
            messages.iter().rposition(|message| message.role == Role::User && !message.text.is_empty())
        };
        let formatted = said(&self.formatted).map(|place| self.formatted[place].text.as_str());
        formatted.or_else(|| said(&self.messages).map(|place| self.messages[place].text.as_str()))
    }
}

/// How long shall the assistant wait before it speaks?
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct CallEndpointingRequest {
    /// The conversation so far.
    #[serde(deserialize_with = "tolerance::list")]
    pub messages: Vec<ConversationMessage>,
}

/// May this contact of a campaign of Vapi's be called?
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CampaignPredial {
    /// The campaign at Vapi.
    #[serde(deserialize_with = "tolerance::optional")]
    pub campaign_id: Option<String>,
    /// Who would be called.
    #[serde(deserialize_with = "tolerance::optional")]
    pub contact: Option<Contact>,
}

/// A contact of a campaign of Vapi's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Vapi's id.
    #[serde(deserialize_with = "tolerance::optional")]
    pub id: Option<String>,
    /// E.164.
    #[serde(deserialize_with = "tolerance::optional")]
    pub number: Option<String>,
    /// A name, when one was given.
    #[serde(deserialize_with = "tolerance::optional")]
    pub name: Option<String>,
}

/// Speak this text with your voice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceRequest {
    /// What to say.
    #[serde(default, deserialize_with = "tolerance::words")]
    pub text: String,
    /// Samples a second of the 16-bit mono PCM that is to come back.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub sample_rate: Option<u32>,
}

/// The call has come further, or has ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusUpdate {
    /// How far; unlike the snapshot's this is current.
    pub status: CallStatus,
    /// Why it ended, with `ended`.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub ended_reason: Option<EndedReason>,
    /// Where it is transferred to, with `forwarding`.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub destination: Option<Value>,
    /// Why an inbound call was not admitted, as Vapi saw our answer to its `assistant-request`.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub inbound_phone_call_debugging_artifacts: Option<Map<String, Value>>,
}

/// The conversation so far.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct ConversationUpdate {
    /// Turn by turn.
    #[serde(deserialize_with = "tolerance::list")]
    pub messages: Vec<ConversationMessage>,
}

/// A piece of the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transcript {
    /// Who spoke.
    pub role: Role,
    /// `final`, or `partial` for a guess that will be replaced.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub transcript_type: Option<String>,
    /// What was said.
    #[serde(default, rename = "transcript", deserialize_with = "tolerance::words")]
    pub text: String,
}

impl Transcript {
    /// Whether the text will not change any more.
    pub fn is_final(&self) -> bool {
        self.transcript_type.as_deref() == Some("final")
    }
}

/// Somebody starts or stops speaking.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SpeechUpdate {
    /// `started` or `stopped`.
    pub status: String,
    /// Who.
    pub role: Role,
    /// The turn of the conversation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub turn: Option<i64>,
}

/// The person spoke into the assistant's words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UserInterrupted {
    /// The turn that was broken off.
    #[serde(deserialize_with = "tolerance::text")]
    pub turn_id: Option<String>,
}

/// A token of the model, or a call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ModelOutput {
    /// A text, or an object.
    #[serde(deserialize_with = "tolerance::optional")]
    pub output: Option<Value>,
    /// The turn it belongs to.
    #[serde(deserialize_with = "tolerance::text")]
    pub turn_id: Option<String>,
}

/// A transfer takes place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct TransferUpdate {
    /// Where to: `{type: number | sip | assistant, …}`.
    #[serde(deserialize_with = "tolerance::optional")]
    pub destination: Option<Map<String, Value>>,
}

/// The server has to do this itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PhoneCallControl {
    /// `forward` or `hang-up`.
    pub request: String,
    /// Where to forward.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub destination: Option<Map<String, Value>>,
}

/// The transcriber noticed another language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct LanguageChange {
    /// Such as `en` or `de-DE`.
    #[serde(deserialize_with = "tolerance::optional")]
    pub language: Option<String>,
}

/// What the person said, as given to the model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct VoiceInput {
    /// The words.
    #[serde(deserialize_with = "tolerance::text")]
    pub input: Option<String>,
}

/// The assistant starts to speak a text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct AssistantSpeech {
    /// The words.
    #[serde(deserialize_with = "tolerance::text")]
    pub text: Option<String>,
    /// The turn of the conversation.
    #[serde(deserialize_with = "tolerance::optional")]
    pub turn: Option<i64>,
    /// Where the text comes from: `model`, `force-say` or `custom-voice`.
    #[serde(deserialize_with = "tolerance::optional")]
    pub source: Option<String>,
}

/// Recordings and logs were uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ArtifactUpload {
    /// One by one.
    #[serde(deserialize_with = "tolerance::list")]
    pub artifacts: Vec<UploadedArtifact>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UploadedArtifact {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it can be fetched.
    pub success: bool,
}
