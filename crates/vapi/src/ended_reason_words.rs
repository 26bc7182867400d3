//! How a call ended, in a sentence for people.

use crate::ended_reason_class::{EndedReasonClass, EndedReasonGroup as Group, Fault};

/// Values that deserve better words than those of their group.
const OWN_WORDS: &[(&str, &str)] = &[
    ("customer-ended-call", "Lead hung up"),
    ("assistant-ended-call", "Agent ended the call"),
    ("assistant-ended-call-with-hangup-task", "Agent ended the call"),
    ("assistant-ended-call-after-message-spoken", "Agent ended the call"),
    ("assistant-said-end-call-phrase", "Agent said goodbye and ended the call"),
    ("assistant-forwarded-call", "Agent transferred the call"),
    ("silence-timed-out", "Silence, nobody spoke"),
    ("exceeded-max-duration", "Reached the length limit"),
    ("call.forwarding.operator-busy", "Transfer failed: the other party was busy"),
    ("call.forwarding.no-answer", "Transfer failed: the other party did not answer"),
    ("customer-ended-call-before-warm-transfer", "Lead hung up before the transfer"),
    ("customer-ended-call-during-transfer", "Lead hung up during the transfer"),
    ("customer-ended-call-after-warm-transfer-attempt", "Lead hung up after a transfer was tried"),
    ("call.start.error-subscription-insufficient-credits", "Provider account is out of credit"),
    ("call.start.error-subscription-frozen", "Provider account is frozen"),
    ("call.start.error-vapi-number-outbound-daily-limit", "Our number has used up its calls for the day"),
    ("call.start.error-vapi-number-international", "Our number cannot call abroad"),
    ("assistant-not-found", "The assistant does not exist at the provider"),
    ("assistant-not-valid", "The assistant is set up wrongly"),
    (
        "call.in-progress.error-providerfault-outbound-sip-407-proxy-authentication-required",
        "The phone trunk refused our login",
    ),
    ("scheduled-call-deleted", "Cancelled before it was dialed"),
    ("sip-outbound-carrier-released-call", "The carrier ended the call"),
];

/// `None` for values about which nothing is known.
pub(crate) fn plain_words(reason: &str) -> Option<&'static str> {
    if let Some((_, words)) = OWN_WORDS.iter().find(|(known, _)| *known == reason) {
        return Some(words);
    }
    let class = EndedReasonClass::of(reason);
    Some(match class.group {
        Group::Answered => "Call completed",
        Group::Transfer => "Transfer failed",
        Group::NoAnswer => "No answer",
        Group::Busy => "Busy",
        Group::Voicemail => "Voicemail",
        Group::Rejected => "The carrier rejected the call",
        Group::BadNumber => "The number does not exist",
        Group::TelephonyFault => "The phone network failed",
        Group::VapiFault => "Vapi failed, not charged",
        Group::Concurrency => "No free line at the provider (retried)",
        Group::NumberQuota => "Our number may not make this call",
        Group::Account => "The provider account may not make calls",
        Group::Configuration => "The call is set up wrongly",
        Group::OurWebhook => "Our server did not say who takes the call",
        Group::InboundOnly => "Ended before it was taken",
        Group::WebOnly => "No permission to use the microphone",
        Group::Cancelled => "Cancelled",
        Group::Audio => "Nothing could be heard of the lead",
        Group::PipelineQuota => "Provider is over its limit",
        Group::PipelineConfiguration => "Model, voice or transcriber is set up wrongly",
        Group::PipelineOutage if class.fault == Fault::Vapi => "Vapi failed, not charged",
        Group::PipelineOutage | Group::ProviderFault => "A provider failed (not you)",
        Group::Unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::EndedReason;

    #[test]
    fn people_read_words_not_codes() {
        let check = |reason: &str, words: &str| assert_eq!(EndedReason::from(reason).plain_words(), words);
        check("customer-did-not-answer", "No answer");
        check("customer-busy", "Busy");
        check("voicemail", "Voicemail");
        check("customer-ended-call", "Lead hung up");
        check("assistant-ended-call", "Agent ended the call");
        check("silence-timed-out", "Silence, nobody spoke");
        check("exceeded-max-duration", "Reached the length limit");
        check("call.start.error-subscription-concurrency-limit-reached", "No free line at the provider (retried)");
        check("call.start.error-subscription-insufficient-credits", "Provider account is out of credit");
        check("pipeline-error-openai-429-exceeded-quota", "Provider is over its limit");
        check("call.in-progress.error-providerfault-openai-llm-failed", "A provider failed (not you)");
        check("call.in-progress.error-vapifault-worker-died", "Vapi failed, not charged");
        check("call.in-progress.error-vapifault-openai-llm-failed", "Vapi failed, not charged");
    }

    #[test]
    fn an_unknown_value_stands_for_itself() {
        assert_eq!(EndedReason::from("hangup").plain_words(), "hangup");
    }
}
