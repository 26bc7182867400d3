//! Vapi's wire format and a typed client that places a call at most once.
//!
//! Three things live here: the REST client ([`Client`], and [`Connection`] for the one request that must never be
//! sent twice), the webhook side ([`WebhookAuth`], [`MessageHead`], [`Envelope`], the answers), and the words of the
//! provider ([`EndedReason`], [`Blame`]). Responses and messages are read loosely, because Vapi adds fields and
//! values without notice; requests are written strictly, because Vapi refuses unknown properties.
//!
//! This crate keeps nothing and reads no clock: `now` is an argument.
#![warn(missing_docs)]

mod analysis;
mod artifact;
mod assistant;
mod assistant_overrides;
mod call;
mod client;
mod connection;
mod conversation;
mod cost;
mod create_call;
mod created_call;
mod destination;
mod end_of_call_report;
mod ended_reason;
mod ended_reason_class;
mod ended_reason_list;
mod ended_reason_words;
mod envelope;
mod error;
mod fetched;
mod hmac_auth;
mod listing;
mod merge;
mod message_answer;
mod message_body;
mod message_kind;
#[cfg(feature = "mutants")]
pub mod mutants;
#[cfg(not(feature = "mutants"))]
mod mutants;
mod open_text;
mod phone_number;
mod refusal;
mod response;
mod server;
mod server_message;
mod signed_payload;
mod snapshot;
mod tls;
mod tolerance;
mod tool_call;
mod webhook_auth;

pub use analysis::{Analysis, StructuredOutput};
pub use artifact::{Artifact, Recording};
pub use assistant::Assistant;
pub use assistant_overrides::AssistantOverrides;
pub use call::{Call, CallKind, CallStatus};
pub use client::{Client, ClientConfig, ConfigError};
pub use connection::{ConnectError, Connection};
pub use conversation::{ConversationMessage, Role};
pub use cost::{AnalysisCost, CostBreakdown, CostItem, CostKind};
pub use create_call::{CreateCall, CustomerTarget, LABEL_CHARS_MAX, Label, SchedulePlan};
pub use created_call::{CreatedCall, SubscriptionLimits};
pub use destination::Destination;
pub use end_of_call_report::EndOfCallReport;
pub use ended_reason::EndedReason;
pub use ended_reason_class::{EndedReasonClass, EndedReasonGroup, Fault};
pub use envelope::{Envelope, MessageHead, ParseError};
pub use error::{Error, Unanswered};
pub use fetched::Fetched;
pub use hmac_auth::{HmacAlgorithm, HmacAuth, SignatureEncoding};
pub use listing::{CALLS_PER_PAGE_MAX, CallFilter, Listed, ListingError, Paging, Progress};
pub use merge::deep_merge;
pub use message_answer::{
    AssistantRequestAnswer, EndpointingAnswer, HandoffDestinationAnswer, KnowledgeBaseAnswer, KnowledgeDocument,
    PredialAnswer, ToolCallsAnswer, ToolResult, TransferDestinationAnswer,
};
pub use message_body::{
    ArtifactUpload, AssistantSpeech, CallEndpointingRequest, CampaignPredial, Contact, ConversationUpdate,
    HandoffDestinationRequest, KnowledgeBaseRequest, LanguageChange, ModelOutput, PhoneCallControl, SpeechUpdate,
    StatusUpdate, ToolCalls, Transcript, TransferDestinationRequest, TransferUpdate, UploadedArtifact, UserInterrupted,
    VoiceInput, VoiceRequest,
};
pub use message_kind::MessageKind;
pub use phone_number::{PhoneNumber, PhoneNumberStatus};
pub use refusal::{Blame, Refusal};
pub use response::RESPONSE_BYTES_MAX;
pub use server::{Backoff, BackoffPlan, Server};
pub use server_message::ServerMessage;
pub use snapshot::{CallSnapshot, CustomerSnapshot, OverridesSnapshot, ServerSnapshot};
pub use tool_call::ToolCall;
pub use webhook_auth::{AuthError, BearerAuth, WebhookAuth, WebhookRequest};
