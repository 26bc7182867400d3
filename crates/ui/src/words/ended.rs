//! How a call ended, in plain words that name no supplier.

/// What a provider's reason for the end of a call means; `None` for a reason we have no words for.
pub fn how_it_ended(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "customer-ended-call" => "The lead hung up",
        "assistant-ended-call" | "assistant-said-end-call-phrase" | "assistant-ended-call-after-message-spoken" => {
            "The agent ended the call"
        }
        "customer-did-not-answer" => "Nobody answered",
        "customer-busy" => "The line was busy",
        "voicemail" => "Voicemail answered",
        "silence-timed-out" => "Silence: nobody spoke",
        "exceeded-max-duration" => "The call reached its length limit",
        "assistant-forwarded-call" => "The call was passed to a person",
        "customer-did-not-give-microphone-permission" => "The lead could not be heard",
        "manually-canceled" | "assistant-ended-call-with-hangup-task" => "Somebody ended the call by hand",
        _ => return how_it_failed(reason),
    })
}

fn how_it_failed(reason: &str) -> Option<&'static str> {
    let has = |part: &str| reason.contains(part);
    if has("concurrency-limit-reached") {
        Some("No line was free; it will be tried again")
    } else if has("insufficient-credits") || has("subscription-frozen") {
        Some("The provider account cannot place calls at the moment")
    } else if has("-429-") || has("rate-limit") {
        Some("The provider was over its limit")
    } else if has("providerfault") || has("vapifault") || has("vonage") || has("twilio") || has("pipeline-error") {
        Some("The phone system failed; neither side hung up")
    } else if has("sip-") && has("failed-to-connect") {
        Some("The phone network could not connect the call")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_reasons_have_plain_words() {
        assert_eq!(how_it_ended("customer-busy"), Some("The line was busy"));
        assert_eq!(
            how_it_ended("call.in-progress.error-vapifault-openai-voice-failed"),
            Some("The phone system failed; neither side hung up")
        );
        assert_eq!(
            how_it_ended("call.start.error-subscription-concurrency-limit-reached"),
            Some("No line was free; it will be tried again")
        );
    }

    #[test]
    fn a_reason_nobody_knows_is_not_guessed() {
        assert_eq!(how_it_ended("call.ended.by-moon-phase"), None);
    }

    #[test]
    fn no_words_name_a_supplier() {
        for reason in ["vapifault", "twilio-failed", "call.start.error-subscription-insufficient-credits"] {
            assert!(!how_it_ended(reason).unwrap().to_lowercase().contains("vapi"));
        }
    }
}
