//! The messages Vapi sends, one variant for each body. The answers are in [`message_answer`](crate::ToolCallsAnswer).

use crate::envelope::{ParseError, read_body};
use crate::message_body::{
    ArtifactUpload, AssistantSpeech, CallEndpointingRequest, CampaignPredial, ConversationUpdate,
    HandoffDestinationRequest, KnowledgeBaseRequest, LanguageChange, ModelOutput, PhoneCallControl, SpeechUpdate,
    StatusUpdate, ToolCalls, Transcript, TransferDestinationRequest, TransferUpdate, UserInterrupted, VoiceInput,
    VoiceRequest,
};
use crate::{EndOfCallReport, MessageKind};

/// What a message says. Which call it is about is in its [`MessageHead`](crate::MessageHead).
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each variant is described by its body and by the MessageKind of the same name")]
pub enum ServerMessage {
    AssistantRequest,
    ToolCalls(ToolCalls),
    TransferDestinationRequest(TransferDestinationRequest),
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
            Kind::TransferDestinationRequest => Self::TransferDestinationRequest(read_body(bytes)?),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallStatus, Envelope, Role};

    fn read(message: &str) -> ServerMessage {
        Envelope::parse(format!(r#"{{"message":{message}}}"#).as_bytes()).unwrap().message
    }

    #[test]
    fn a_call_that_ended_says_why() {
        let ServerMessage::StatusUpdate(update) =
            read(r#"{"type":"status-update","status":"ended","endedReason":"customer-did-not-answer"}"#)
        else {
            panic!("not a status update");
        };

        assert_eq!(update.status, CallStatus::Ended);
        assert_eq!(update.ended_reason.unwrap().as_str(), "customer-did-not-answer");
    }

    #[test]
    fn tool_calls_are_found_in_any_of_their_lists() {
        let check = |list: &str| {
            let ServerMessage::ToolCalls(asked) = read(&format!(r#"{{"type":"tool-calls",{list}}}"#)) else {
                panic!("not tool calls");
            };
            assert_eq!(asked.calls.len(), 1, "{list}");
            assert_eq!((asked.calls[0].id.as_str(), asked.calls[0].name.as_str()), ("c1", "f"), "{list}");
        };
        check(r#""toolCallList":[{"id":"c1","name":"f","parameters":{}}]"#);
        check(r#""toolCalls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]"#);
        check(r#""toolWithToolCallList":[{"type":"function","toolCall":{"id":"c1","function":{"name":"f"}}}]"#);
    }

    #[test]
    fn a_transcript_is_read_under_both_its_types() {
        let check = |type_: &str| {
            let message = format!(r#"{{"type":{type_},"role":"user","transcriptType":"final","transcript":"Hi."}}"#);
            let ServerMessage::Transcript(transcript) = read(&message) else {
                panic!("not a transcript");
            };
            assert!(transcript.is_final());
            assert_eq!((transcript.role, transcript.text.as_str()), (Role::User, "Hi."));
        };
        check(r#""transcript""#);
        check(r#""transcript[transcriptType=\"final\"]""#);
    }

    #[test]
    fn a_predial_question_names_its_contact() {
        let ServerMessage::CampaignPredial(asked) =
            read(r#"{"type":"campaign.predial","campaignId":"k","contact":{"id":"c","number":"+15555550101"}}"#)
        else {
            panic!("not a predial question");
        };

        assert_eq!(asked.campaign_id.as_deref(), Some("k"));
        assert_eq!(asked.contact.unwrap().number.as_deref(), Some("+15555550101"));
    }

    #[test]
    fn a_question_about_knowledge_is_what_the_person_said_last() {
        let asked = |list: &str| {
            let ServerMessage::KnowledgeBaseRequest(asked) =
                read(&format!(r#"{{"type":"knowledge-base-request",{list}}}"#))
            else {
                panic!("not a question about knowledge");
            };
            asked.question().map(str::to_owned)
        };
        let said = r#"[{"role":"user","content":"Hi."},{"role":"assistant","content":"Hello."},
                       {"role":"user","content":"When do you open?"},{"role":"assistant","content":""}]"#;
        assert_eq!(asked(&format!(r#""messagesOpenAIFormatted":{said}"#)).as_deref(), Some("When do you open?"));
        assert_eq!(asked(r#""messages":[{"role":"user","message":"Hi."}]"#).as_deref(), Some("Hi."));
        assert_eq!(asked(r#""messages":7"#), None);
    }

    #[test]
    fn every_known_type_is_read_from_its_required_fields() {
        for kind in MessageKind::KNOWN {
            let mut message = serde_json::json!({
                "type": kind, "status": "started", "role": "user", "text": "t", "transcript": "t", "request": "hang-up",
            });
            message["sampleRate"] = 24_000.into();
            let read = read(&message.to_string());
            assert!(!matches!(read, ServerMessage::Unknown { .. }), "{kind}");
        }
    }

    #[test]
    fn an_unknown_type_is_kept() {
        let message = read(r#"{"type":"call.teleported","to":[1,2,3]}"#);

        assert!(matches!(message, ServerMessage::Unknown { type_ } if type_ == "call.teleported"));
    }
}
