//! The types of messages Vapi sends to a server.

use crate::open_text::open_text;

open_text! {
    /// The `type` of a message. Those that wait for an answer are told apart by [`MessageKind::expects_answer`].
    MessageKind {
        /// An inbound call asks who is to answer. 7.5 s from end to end, whatever the server's timeout.
        AssistantRequest = "assistant-request",
        /// The assistant calls tools.
        ToolCalls = "tool-calls",
        /// The assistant wants to transfer and asks where to.
        TransferDestinationRequest = "transfer-destination-request",
        /// The assistant wants to hand over to another assistant and asks which.
        HandoffDestinationRequest = "handoff-destination-request",
        /// The assistant searches in a knowledge base of ours; 10 s.
        KnowledgeBaseRequest = "knowledge-base-request",
        /// A campaign of Vapi's asks whether a contact may be called.
        CampaignPredial = "campaign.predial",
        /// Text to be spoken by a voice of ours; the answer is raw audio.
        VoiceRequest = "voice-request",
        /// Asks how long to wait before speaking.
        CallEndpointingRequest = "call.endpointing.request",
        /// The call has come further.
        StatusUpdate = "status-update",
        /// Everything about a call that is over; comes after its analysis, some seconds after `ended`.
        EndOfCallReport = "end-of-call-report",
        /// The conversation so far; grows with the call.
        ConversationUpdate = "conversation-update",
        /// A piece of the transcript.
        Transcript = "transcript",
        /// A final piece of the transcript, when subscribed to by this odd name.
        FinalTranscript = "transcript[transcriptType=\"final\"]",
        /// Somebody starts or stops speaking.
        SpeechUpdate = "speech-update",
        /// The person spoke into the assistant's words.
        UserInterrupted = "user-interrupted",
        /// The assistant could not answer in time.
        Hang = "hang",
        /// A token of the model.
        ModelOutput = "model-output",
        /// A transfer takes place.
        TransferUpdate = "transfer-update",
        /// The server has to forward or hang up itself.
        PhoneCallControl = "phone-call-control",
        /// The transcriber noticed another language.
        LanguageChangeDetected = "language-change-detected",
        /// The old name of `language-change-detected`.
        LanguageChanged = "language-changed",
        /// What the person said, as given to the model.
        VoiceInput = "voice-input",
        /// The assistant starts to speak a text.
        AssistantSpeechStarted = "assistant.speechStarted",
        /// The assistant joined the call.
        AssistantStarted = "assistant.started",
        /// The form of `tool-calls` before 2024; still in Vapi's default list.
        FunctionCall = "function-call",
        /// A chat was created.
        ChatCreated = "chat.created",
        /// A chat was deleted.
        ChatDeleted = "chat.deleted",
        /// A session was created.
        SessionCreated = "session.created",
        /// A session was changed.
        SessionUpdated = "session.updated",
        /// A session was deleted.
        SessionDeleted = "session.deleted",
        /// A call was deleted.
        CallDeleted = "call.deleted",
        /// A call could not be deleted.
        CallDeleteFailed = "call.delete.failed",
        /// Recordings and logs were uploaded.
        CallArtifactUpload = "call.artifact.upload",
        /// A campaign of Vapi's started.
        CampaignStarted = "campaign.started",
        /// A campaign of Vapi's was cancelled.
        CampaignCancelled = "campaign.cancelled",
        /// A campaign of Vapi's ended.
        CampaignEnded = "campaign.ended",
        /// A campaign of Vapi's was archived.
        CampaignArchived = "campaign.archived",
        /// A campaign of Vapi's was taken from the archive.
        CampaignUnarchived = "campaign.unarchived",
        /// A campaign of Vapi's went on in another job.
        CampaignJobContinued = "campaign.job.continued",
        /// A contact of a campaign of Vapi's was dialed.
        ContactDispatched = "contact.dispatched",
        /// A contact of a campaign of Vapi's is done.
        ContactCompleted = "contact.completed",
        /// A contact of a campaign of Vapi's failed.
        ContactFailed = "contact.failed",
        /// A contact of a campaign of Vapi's was skipped.
        ContactSkipped = "contact.skipped",
        /// A contact of a campaign of Vapi's was not allowed, or nobody could say.
        ContactPredialFailed = "contact.predial-failed",
    }
}

impl MessageKind {
    /// Whether Vapi acts on the body of the answer. All others need any 2xx, at once.
    pub fn expects_answer(&self) -> bool {
        matches!(
            self,
            Self::AssistantRequest
                | Self::ToolCalls
                | Self::TransferDestinationRequest
                | Self::HandoffDestinationRequest
                | Self::KnowledgeBaseRequest
                | Self::CampaignPredial
                | Self::VoiceRequest
                | Self::CallEndpointingRequest
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_kind_reads_back_from_its_text() {
        for kind in MessageKind::KNOWN {
            assert_eq!(&MessageKind::from(kind.as_str()), kind);
        }
    }

    #[test]
    fn an_unknown_kind_is_kept() {
        let kind: MessageKind = serde_json::from_str(r#""call.teleported""#).unwrap();

        assert_eq!(kind, MessageKind::Unknown("call.teleported".into()));
        assert_eq!(serde_json::to_string(&kind).unwrap(), r#""call.teleported""#);
        assert!(!kind.expects_answer());
    }
}
