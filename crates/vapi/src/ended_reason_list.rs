//! The `endedReason` values about the line, the account and the set-up of a call, as of 2026-09.

use crate::ended_reason_class::{
    DIALED, EndedReasonClass, EndedReasonGroup as Group, Fault, NEVER_DIALED, NO, UNSURE, YES, class,
};

/// The values of each class.
///
/// Invariant: no value stands twice (`no_value_is_listed_twice`).
#[rustfmt::skip]
pub(crate) const LINE_REASONS: &[(EndedReasonClass, &[&str])] = &[
    (class(Group::Answered, UNSURE, DIALED, Fault::None), &[
        "silence-timed-out",
        "call.ending.hook-executed-say",
        "call.ending.hook-executed-transfer",
    ]),
    (class(Group::Answered, YES, DIALED, Fault::None), &[
        "vonage-completed",
        "call.in-progress.twilio-completed-call",
        "call.in-progress.sip-completed-call",
        "assistant-ended-call",
        "assistant-said-end-call-phrase",
        "assistant-ended-call-with-hangup-task",
        "assistant-ended-call-after-message-spoken",
        "assistant-forwarded-call",
        "customer-ended-call",
        "exceeded-max-duration",
    ]),
    (class(Group::Transfer, YES, DIALED, Fault::None), &[
        "customer-ended-call-before-warm-transfer",
        "customer-ended-call-after-warm-transfer-attempt",
        "customer-ended-call-during-transfer",
    ]),
    (class(Group::Transfer, YES, DIALED, Fault::Ours), &[
        "call.in-progress.error-warm-transfer-max-duration",
        "call.in-progress.error-warm-transfer-assistant-cancelled",
        "call.in-progress.error-warm-transfer-silence-timeout",
        "call.in-progress.error-warm-transfer-microphone-timeout",
        "call.in-progress.error-transfer-failed",
        "call.forwarding.operator-busy",
        "call.forwarding.no-answer",
    ]),
    (class(Group::NoAnswer, NO, DIALED, Fault::Carrier), &[
        "call.in-progress.error-providerfault-outbound-sip-408-request-timeout",
        "call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable",
    ]),
    (class(Group::NoAnswer, NO, DIALED, Fault::None), &[
        "customer-did-not-answer",
    ]),
    (class(Group::Busy, NO, DIALED, Fault::None), &[
        "customer-busy",
    ]),
    (class(Group::Voicemail, NO, DIALED, Fault::None), &[
        "voicemail",
    ]),
    (class(Group::Rejected, NO, DIALED, Fault::Carrier), &[
        "call.in-progress.error-providerfault-outbound-sip-403-forbidden",
        "vonage-rejected",
    ]),
    (class(Group::BadNumber, NO, DIALED, Fault::None), &[
        "twilio-reported-customer-misdialed",
        "sip-outbound-unallocated-number",
    ]),
    (class(Group::TelephonyFault, NO, DIALED, Fault::Carrier), &[
        "vonage-failed-to-connect-call",
        "call.in-progress.error-providerfault-transport-never-connected",
        "call.in-progress.error-providerfault-outbound-sip-503-service-unavailable",
        "call.in-progress.error-sip-outbound-call-failed-to-connect",
        "twilio-failed-to-connect-call",
    ]),
    (class(Group::TelephonyFault, NO, DIALED, Fault::Ours), &[
        "phone-call-provider-bypass-enabled-but-no-call-received",
    ]),
    (class(Group::TelephonyFault, UNSURE, DIALED, Fault::Carrier), &[
        "vonage-disconnected",
        "phone-call-provider-closed-websocket",
        "sip-outbound-carrier-released-call",
    ]),
    (class(Group::VapiFault, NO, DIALED, Fault::Vapi), &[
        "call.in-progress.error-vapifault-worker-not-available",
        "call.in-progress.error-vapifault-transport-never-connected",
        "call.in-progress.error-vapifault-transport-connected-but-call-not-active",
        "call.in-progress.error-vapifault-call-started-but-connection-to-transport-missing",
        "call.in-progress.error-vapifault-chat-pipeline-failed-to-start",
    ]),
    (class(Group::VapiFault, NO, NEVER_DIALED, Fault::Vapi), &[
        "call.start.error-vapifault-get-org",
        "call.start.error-vapifault-get-subscription",
        "call.start.error-vapifault-database-error",
        "call.start.error-vapifault-worker-not-available",
    ]),
    (class(Group::VapiFault, UNSURE, DIALED, Fault::Vapi), &[
        "worker-shutdown",
        "call.in-progress.error-vapifault-worker-died",
        "assistant-join-timed-out",
    ]),
    (class(Group::Concurrency, NO, NEVER_DIALED, Fault::Account), &[
        "call.start.error-subscription-concurrency-limit-reached",
    ]),
    (class(Group::NumberQuota, NO, NEVER_DIALED, Fault::Account), &[
        "call.start.error-vapi-number-outbound-daily-limit",
    ]),
    (class(Group::NumberQuota, NO, NEVER_DIALED, Fault::Ours), &[
        "call.start.error-vapi-number-international",
    ]),
    (class(Group::Account, NO, NEVER_DIALED, Fault::Account), &[
        "call.start.error-subscription-wallet-does-not-exist",
        "call.start.error-fraud-check-failed",
        "call.start.error-subscription-frozen",
        "call.start.error-subscription-insufficient-credits",
        "call.start.error-subscription-upgrade-failed",
        "call.start.error-enterprise-feature-not-available-recording-consent",
    ]),
    (class(Group::Configuration, NO, DIALED, Fault::Ours), &[
        "call.in-progress.error-providerfault-outbound-sip-407-proxy-authentication-required",
    ]),
    (class(Group::Configuration, NO, NEVER_DIALED, Fault::Ours), &[
        "call-start-error-neither-assistant-nor-server-set",
        "call.start.error-get-assistant",
        "call.start.error-get-phone-number",
        "call.start.error-get-customer",
        "call.start.error-get-resources-validation",
        "call.start.error-get-transport",
        "call.start.assistant-version-error-validation",
        "assistant-not-valid",
        "assistant-not-found",
        "call.start.squad-version-error-validation",
    ]),
    (class(Group::Configuration, NO, NEVER_DIALED, Fault::Unknown), &[
        "call.start.error-get-org",
        "call.start.error-get-subscription",
    ]),
    (class(Group::OurWebhook, NO, DIALED, Fault::Ours), &[
        "assistant-request-failed",
        "assistant-request-returned-error",
        "assistant-request-returned-unspeakable-error",
        "assistant-request-returned-invalid-assistant",
        "assistant-request-returned-no-assistant",
    ]),
    (class(Group::InboundOnly, NO, DIALED, Fault::Carrier), &[
        "call.in-progress.error-sip-inbound-call-failed-to-connect",
        "call.ringing.error-sip-inbound-call-failed-to-connect",
        "call.ringing.sip-inbound-caller-hungup-before-call-connect",
    ]),
    (class(Group::InboundOnly, NO, DIALED, Fault::None), &[
        "assistant-request-returned-forwarding-phone-number",
        "call.ringing.hook-executed-say",
        "call.ringing.hook-executed-transfer",
    ]),
    (class(Group::WebOnly, NO, DIALED, Fault::None), &[
        "customer-did-not-give-microphone-permission",
    ]),
    (class(Group::Cancelled, UNSURE, DIALED, Fault::None), &[
        "scheduled-call-deleted",
        "manually-canceled",
        "call-deleted",
    ]),
    (class(Group::Audio, UNSURE, DIALED, Fault::Unknown), &[
        "call.in-progress.error-assistant-did-not-receive-customer-audio",
    ]),
];
