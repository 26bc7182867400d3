//! The messages Vapi sends, one variant for each body. The answers are in [`message_answer`](crate::ToolCallsAnswer).

use crate::envelope::{ParseError, read_body};
use crate::message_body::{
    ArtifactUpload, AssistantSpeech, CallEndpointingRequest, CampaignPredial, ConversationUpdate,
    HandoffDestinationRequest, KnowledgeBaseRequest, LanguageChange, ModelOutput, PhoneCallControl,
    SpeechUpdate, StatusUpdate, ToolCalls, Transcript, TransferUpdate, UserInterrupted, VoiceInput,
    VoiceRequest,
};
use crate::{EndOfCallReport, MessageKind};

/// What a message says. Which call it is about is in its [`MessageHead`](crate::MessageHead).
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "each variant is described by its body and by the MessageKind of the same name"
)]
pub enum ServerMessage {
    AssistantRequest,
    ToolCalls(ToolCalls),
    TransferDestinationRequest,
    HandoffDestinationRequest(HandoffDestinationRequest),
    KnowledgeBaseRequest(KnowledgeBaseRequest),
    CampaignPredial(CampaignPredial),
    VoiceRequest(VoiceRequest),
    CallEndpointingRequest(CallEndpointingRequest),
    StatusUpdate(StatusUpdate),
    EndOfCallReport(Box<EndOfCallReport>),
    ConversationUpdate(ConversationUpdate),
    Transcript(Transcript),
    SpeechUpdate(SpeechUpdate),
    UserInterrupted(UserInterrupted),
    Hang,
    ModelOutput(ModelOutput),
    TransferUpdate(TransferUpdate),
    PhoneCallControl(PhoneCallControl),
    LanguageChange(LanguageChange),
    VoiceInput(VoiceInput),
    AssistantSpeechStarted(AssistantSpeech),
    ArtifactUpload(ArtifactUpload),
    /// A known type that says all it has to say by its name and its call: the life of chats, sessions, deleted
    /// calls and Vapi's own campaigns.
    Notice(MessageKind),
    /// A type this crate does not know. Keep the bytes: they may be understood later.
    Unknown {
        type_: String,
    },
}

impl ServerMessage {
    pub(crate) fn parse(kind: &MessageKind, bytes: &[u8]) -> Result<Self, ParseError> {
        use MessageKind as Kind;

        Ok(match kind {
            Kind::AssistantRequest => Self::AssistantRequest,
            Kind::ToolCalls => Self::ToolCalls(read_body(bytes)?),
            Kind::TransferDestinationRequest => Self::TransferDestinationRequest,
            Kind::HandoffDestinationRequest => Self::HandoffDestinationRequest(read_body(bytes)?),
            Kind::KnowledgeBaseRequest => Self::KnowledgeBaseRequest(read_body(bytes)?),
            Kind::CampaignPredial => Self::CampaignPredial(read_body(bytes)?),
            Kind::VoiceRequest => Self::VoiceRequest(read_body(bytes)?),
            Kind::CallEndpointingRequest => Self::CallEndpointingRequest(read_body(bytes)?),
            Kind::StatusUpdate => Self::StatusUpdate(read_body(bytes)?),
            Kind::EndOfCallReport => Self::EndOfCallReport(read_body(bytes)?),
            Kind::ConversationUpdate => Self::ConversationUpdate(read_body(bytes)?),
            Kind::Transcript | Kind::FinalTranscript => Self::Transcript(read_body(bytes)?),
            Kind::SpeechUpdate => Self::SpeechUpdate(read_body(bytes)?),
            Kind::UserInterrupted => Self::UserInterrupted(read_body(bytes)?),
            Kind::Hang => Self::Hang,
            Kind::ModelOutput => Self::ModelOutput(read_body(bytes)?),
            Kind::TransferUpdate => Self::TransferUpdate(read_body(bytes)?),
            Kind::PhoneCallControl => Self::PhoneCallControl(read_body(bytes)?),
            Kind::LanguageChangeDetected | Kind::LanguageChanged => Self::LanguageChange(read_body(bytes)?),
            Kind::VoiceInput => Self::VoiceInput(read_body(bytes)?),
            Kind::AssistantSpeechStarted => Self::AssistantSpeechStarted(read_body(bytes)?),
            Kind::CallArtifactUpload => Self::ArtifactUpload(read_body(bytes)?),
            Kind::AssistantStarted
            | Kind::FunctionCall
            | Kind::ChatCreated
            | Kind::ChatDeleted
            | Kind::SessionCreated
            | Kind::SessionUpdated
            | Kind::SessionDeleted
            | Kind::CallDeleted
            | Kind::CallDeleteFailed
            | Kind::CampaignStarted
            | Kind::CampaignCancelled
            | Kind::CampaignEnded
            | Kind::CampaignArchived
            | Kind::CampaignUnarchived
            | Kind::CampaignJobContinued
            | Kind::ContactDispatched
            | Kind::ContactCompleted
            | Kind::ContactFailed
            | Kind::ContactSkipped
            | Kind::ContactPredialFailed => Self::Notice(kind.clone()),
            Kind::Unknown(type_) => Self::Unknown { type_: type_.clone() },
        })
    }
}
