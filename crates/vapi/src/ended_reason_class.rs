//! What kind of end an `endedReason` is.
//!
//! The groups follow Vapi's documentation (`calls/call-ended-reason.mdx`), the rest is judgement. Values about the
//! line are listed; those about model, voice and transcriber are hundreds of combinations and are read by pattern.

use EndedReasonGroup as Group;

use crate::ended_reason_list::LINE_REASONS;

/// The kind of an end. What to do about it is for the caller to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedReasonClass {
    /// The kind.
    pub group: EndedReasonGroup,
    /// Whether a person picked up; `None` when the reason alone cannot tell. Then the start of the call and the
    /// person's words can: `customer-ended-call` is also what a voicemail box does that hangs up.
    pub answered: Option<bool>,
    /// Proof that no phone rang. True for a closed list of values only: a value that is new is no proof.
    pub never_dialed: bool,
    /// Whose doing it was.
    pub fault: Fault,
}

/// Kinds of ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndedReasonGroup {
    /// Picked up and over in a normal way.
    Answered,
    /// Picked up, and something about a transfer ended it.
    Transfer,
    /// It rang in vain.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// A voicemail box picked up.
    Voicemail,
    /// The carrier would not put the call through.
    Rejected,
    /// There is no such number.
    BadNumber,
    /// Something between Vapi and the phone failed.
    TelephonyFault,
    /// Another provider failed, and nothing else is known.
    ProviderFault,
    /// Vapi failed.
    VapiFault,
    /// All lines of the subscription were in use.
    Concurrency,
    /// The number called from may not make this call, or no more of them today.
    NumberQuota,
    /// Credit or standing of the Vapi account.
    Account,
    /// The assistant, the number or the trunk is set up wrongly.
    Configuration,
    /// Our server did not say who takes an inbound call.
    OurWebhook,
    /// Only inbound calls end so.
    InboundOnly,
    /// Only calls from browsers end so.
    WebOnly,
    /// Somebody cancelled it.
    Cancelled,
    /// Nothing could be heard of the person.
    Audio,
    /// Model, voice or transcriber is set up wrongly.
    PipelineConfiguration,
    /// Model, voice or transcriber is over its limit.
    PipelineQuota,
    /// Model, voice or transcriber failed.
    PipelineOutage,
    /// A value this crate does not know.
    Unknown,
}

/// Whose doing an end was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nobody's.
    None,
    /// Vapi's; as a rule not charged.
    Vapi,
    /// Another provider's, under Vapi's keys.
    Provider,
    /// Another provider's or Vapi's: the old form of the value does not say whose key was used.
    OwnKeyOrVapi,
    /// The telephone network's.
    Carrier,
    /// The Vapi account's.
    Account,
    /// Ours: a setting or an answer.
    Ours,
    /// It cannot be told.
    Unknown,
}

pub(crate) const YES: Option<bool> = Some(true);
pub(crate) const NO: Option<bool> = Some(false);
pub(crate) const UNSURE: Option<bool> = None;
pub(crate) const DIALED: bool = false;
pub(crate) const NEVER_DIALED: bool = true;

impl EndedReasonClass {
    pub(crate) fn of(reason: &str) -> Self {
        let listed = LINE_REASONS.iter().find(|(_, reasons)| reasons.contains(&reason));
        match listed {
            Some((class, _)) => *class,
            None => pipeline_class(reason).unwrap_or_else(|| class_by_prefix(reason)),
        }
    }
}

pub(crate) const fn class(group: Group, answered: Option<bool>, never_dialed: bool, fault: Fault) -> EndedReasonClass {
    EndedReasonClass { group, answered, never_dialed, fault }
}

/// How values about model, voice and transcriber begin, and whose fault that makes them.
const PIPELINE_PREFIXES: &[(&str, Fault)] = &[
    ("call.in-progress.error-vapifault-", Fault::Vapi),
    ("call.in-progress.error-providerfault-", Fault::Provider),
    ("call.in-progress.error-configfault-", Fault::Ours),
    ("call.in-progress.error-pipeline-", Fault::OwnKeyOrVapi),
    ("pipeline-error-", Fault::OwnKeyOrVapi),
];

#[rustfmt::skip]
const QUOTA_SIGNS: &[&str] = &["-429-", "quota-exceeded", "rate-limited", "concurrent-requests", "system-busy"];

/// What a key or a plan does not allow. Under Vapi's own keys that is Vapi's failure, not our setting.
#[rustfmt::skip]
const KEY_SIGNS: &[&str] = &[
    "-401-", "-403-", "unauthorized", "auth-failed", "insufficent-funds", "paid-only", "api-key", "only-for", "free-plan",
    "probation", "out-of-credits",
];

#[rustfmt::skip]
const SETTING_SIGNS: &[&str] = &[
    "-400-", "-404-", "voice-not-", "invalid-", "upgrade", "requested-payment", "disabled-by-owner", "against-their-policy",
    "missing-samples", "not-allowed", "limit-exceeded", "terms-of-service", "valid-voice", "no-available-llm", "unsupported",
];

fn pipeline_class(reason: &str) -> Option<EndedReasonClass> {
    let (rest, fault) = PIPELINE_PREFIXES
        .iter()
        .find_map(|(prefix, fault)| Some((format!("-{}", reason.strip_prefix(prefix)?), *fault)))?;
    // A new value about the carrier, not about the pipeline.
    if rest.contains("-outbound-sip-") || rest.contains("-transport-") && fault != Fault::Ours {
        return None;
    }
    let shows = |signs: &[&str]| signs.iter().any(|sign| rest.contains(sign));
    let key_is_not_ours = matches!(fault, Fault::Vapi | Fault::Provider);
    let group = if shows(QUOTA_SIGNS) {
        Group::PipelineQuota
    } else if shows(KEY_SIGNS) && key_is_not_ours {
        Group::PipelineOutage
    } else if shows(KEY_SIGNS) || shows(SETTING_SIGNS) {
        Group::PipelineConfiguration
    } else {
        Group::PipelineOutage
    };
    // Such a fault comes after the pick-up as a rule, but who picked up it does not say.
    Some(class(group, UNSURE, DIALED, fault))
}

/// For values newer than this crate; the first prefix or part that fits.
fn class_by_prefix(reason: &str) -> EndedReasonClass {
    let starts = |prefix: &str| reason.starts_with(prefix);
    if reason.contains("vapifault") {
        class(Group::VapiFault, UNSURE, DIALED, Fault::Vapi)
    } else if reason.contains("-outbound-sip-") || starts("sip-outbound-") {
        class(Group::TelephonyFault, UNSURE, DIALED, Fault::Carrier)
    } else if reason.contains("providerfault") {
        class(Group::ProviderFault, UNSURE, DIALED, Fault::Provider)
    } else if starts("call.start.error-subscription-") {
        class(Group::Account, NO, DIALED, Fault::Account)
    } else if starts("call.start.") {
        class(Group::Configuration, NO, DIALED, Fault::Unknown)
    } else if starts("call.forwarding.") {
        class(Group::Transfer, YES, DIALED, Fault::Unknown)
    } else if starts("call.ringing.") {
        class(Group::InboundOnly, NO, DIALED, Fault::Unknown)
    } else if starts("assistant-request-") {
        class(Group::OurWebhook, NO, DIALED, Fault::Ours)
    } else if starts("twilio-") || starts("vonage-") {
        class(Group::TelephonyFault, UNSURE, DIALED, Fault::Carrier)
    } else {
        class(Group::Unknown, UNSURE, DIALED, Fault::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reason: &str, group: Group, answered: Option<bool>, fault: Fault) {
        let found = EndedReasonClass::of(reason);
        assert_eq!((found.group, found.answered, found.fault), (group, answered, fault), "{reason}");
    }

    #[test]
    fn ends_about_the_line_are_listed() {
        check("customer-ended-call", Group::Answered, YES, Fault::None);
        check("silence-timed-out", Group::Answered, UNSURE, Fault::None);
        check("call.forwarding.operator-busy", Group::Transfer, YES, Fault::Ours);
        check("customer-did-not-answer", Group::NoAnswer, NO, Fault::None);
        check("customer-busy", Group::Busy, NO, Fault::None);
        check("voicemail", Group::Voicemail, NO, Fault::None);
        check("vonage-rejected", Group::Rejected, NO, Fault::Carrier);
        check("twilio-reported-customer-misdialed", Group::BadNumber, NO, Fault::None);
        check("twilio-failed-to-connect-call", Group::TelephonyFault, NO, Fault::Carrier);
        check("call.in-progress.error-vapifault-worker-died", Group::VapiFault, UNSURE, Fault::Vapi);
        check("call.start.error-subscription-concurrency-limit-reached", Group::Concurrency, NO, Fault::Account);
        check("call.start.error-vapi-number-outbound-daily-limit", Group::NumberQuota, NO, Fault::Account);
        check("call.start.error-subscription-frozen", Group::Account, NO, Fault::Account);
        check("assistant-not-found", Group::Configuration, NO, Fault::Ours);
        check("assistant-request-failed", Group::OurWebhook, NO, Fault::Ours);
        check("call.ringing.hook-executed-say", Group::InboundOnly, NO, Fault::None);
        check("customer-did-not-give-microphone-permission", Group::WebOnly, NO, Fault::None);
        check("manually-canceled", Group::Cancelled, UNSURE, Fault::None);
        check("call.in-progress.error-assistant-did-not-receive-customer-audio", Group::Audio, UNSURE, Fault::Unknown);
    }

    #[test]
    fn ends_of_the_pipeline_are_read_by_pattern() {
        let check = |reason, group, fault| check(reason, group, UNSURE, fault);
        check("pipeline-error-openai-401-unauthorized", Group::PipelineConfiguration, Fault::OwnKeyOrVapi);
        check("call.in-progress.error-vapifault-openai-401-unauthorized", Group::PipelineOutage, Fault::Vapi);
        check(
            "call.in-progress.error-vapifault-openai-400-bad-request-validation-failed",
            Group::PipelineConfiguration,
            Fault::Vapi,
        );
        check("pipeline-error-openai-429-exceeded-quota", Group::PipelineQuota, Fault::OwnKeyOrVapi);
        check("call.in-progress.error-providerfault-openai-500-server-error", Group::PipelineOutage, Fault::Provider);
        check(
            "call.in-progress.error-configfault-transport-unsupported-for-model",
            Group::PipelineConfiguration,
            Fault::Ours,
        );
        check("pipeline-error-custom-llm-llm-failed", Group::PipelineOutage, Fault::OwnKeyOrVapi);
    }

    #[test]
    fn a_new_value_is_classed_by_its_prefix() {
        check("pipeline-error-brandnew-voice-failed", Group::PipelineOutage, UNSURE, Fault::OwnKeyOrVapi);
        check("call.start.error-vapifault-brandnew", Group::VapiFault, UNSURE, Fault::Vapi);
        check("call.start.error-brandnew", Group::Configuration, NO, Fault::Unknown);
        check("call.start.error-subscription-brandnew", Group::Account, NO, Fault::Account);
        check(
            "call.in-progress.error-providerfault-outbound-sip-603-decline",
            Group::TelephonyFault,
            UNSURE,
            Fault::Carrier,
        );
        check("assistant-request-brandnew", Group::OurWebhook, NO, Fault::Ours);
        check("hangup", Group::Unknown, UNSURE, Fault::Unknown);
    }

    #[test]
    fn only_listed_ends_prove_that_no_phone_rang() {
        let check = |reason: &str, expected: bool| {
            assert_eq!(EndedReasonClass::of(reason).never_dialed, expected, "{reason}");
        };
        check("call.start.error-subscription-concurrency-limit-reached", true);
        check("call.start.error-vapi-number-outbound-daily-limit", true);
        check("assistant-not-found", true);
        check("call.start.error-brandnew", false);
        check("customer-did-not-answer", false);
        check("twilio-failed-to-connect-call", false);
        check("scheduled-call-deleted", false);
        check("call.in-progress.error-vapifault-worker-not-available", false);
    }

    #[test]
    fn no_value_is_listed_twice() {
        let mut all: Vec<_> = LINE_REASONS.iter().flat_map(|(_, reasons)| *reasons).collect();
        let listed = all.len();
        all.sort_unstable();
        all.dedup();

        assert_eq!(all.len(), listed);
    }
}
