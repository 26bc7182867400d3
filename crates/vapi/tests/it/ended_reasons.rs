//! Every ended reason known in 2026-11, with the groups given to them when they were collected.

use vapi::{EndedReason, EndedReasonGroup as Group, Fault};

use crate::facts;

#[test]
fn all_known_values_are_classed_as_they_were_when_collected() {
    let Some(facts) = facts::json("ended-reasons.json") else {
        return;
    };
    let reasons = facts["reasons"].as_array().unwrap();
    for fact in reasons {
        let text = |column: &str| fact[column].as_str().unwrap();
        let reason = EndedReason::from(text("reason"));
        let class = reason.classify();

        assert_eq!(class.group, group(text("reason"), text("group")), "{reason}");
        assert_eq!(class.answered, answered(text("answered")), "{reason}");
        assert_eq!(class.fault, fault(text("fault")), "{reason}");
        assert!(!class.never_dialed || class.answered == Some(false), "{reason}");
        assert_ne!(reason.plain_words(), reason.as_str(), "{reason}");
    }
    assert_eq!(reasons.len(), 606);
}

fn group(reason: &str, group: &str) -> Group {
    match group {
        "answered" if reason.ends_with("did-not-receive-customer-audio") => Group::Audio,
        "answered" => Group::Answered,
        "transfer" => Group::Transfer,
        "no-answer" => Group::NoAnswer,
        "busy" => Group::Busy,
        "voicemail" => Group::Voicemail,
        "rejected" => Group::Rejected,
        "bad-number" => Group::BadNumber,
        "telephony" => Group::TelephonyFault,
        "vapi-fault" => Group::VapiFault,
        "concurrency" => Group::Concurrency,
        "number-quota" => Group::NumberQuota,
        "account" => Group::Account,
        "config" => Group::Configuration,
        "our-webhook" => Group::OurWebhook,
        "inbound" | "inbound-hook" => Group::InboundOnly,
        "web" => Group::WebOnly,
        "cancelled" => Group::Cancelled,
        "pipeline-config" => Group::PipelineConfiguration,
        "pipeline-quota" => Group::PipelineQuota,
        "pipeline-outage" => Group::PipelineOutage,
        unknown => panic!("a group without a counterpart: {unknown}"),
    }
}

fn answered(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" | "machine" => Some(false),
        _ => None,
    }
}

fn fault(text: &str) -> Fault {
    match text {
        "none" => Fault::None,
        "vapi" => Fault::Vapi,
        "provider" => Fault::Provider,
        "byok-or-platform" => Fault::OwnKeyOrVapi,
        "carrier" => Fault::Carrier,
        "account" => Fault::Account,
        "ours" => Fault::Ours,
        "unknown" => Fault::Unknown,
        unknown => panic!("a fault without a counterpart: {unknown}"),
    }
}
