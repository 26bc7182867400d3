//! The request that makes a phone ring. Written strictly: Vapi refuses properties it does not know.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::AssistantOverrides;

/// The most characters of a call's or a customer's name; Vapi refuses a call with a longer one.
pub const LABEL_CHARS_MAX: usize = 40;

/// A text of at most [`LABEL_CHARS_MAX`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// Cuts what is too long.
    pub fn truncated(text: &str) -> Self {
        Self(text.chars().take(LABEL_CHARS_MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One outbound call: who is called, from which number, by which assistant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateCall {
    /// The assistant that talks.
    pub assistant_id: String,
    /// What this call changes in the assistant.
    pub assistant_overrides: AssistantOverrides,
    /// The number called from, by its id at Vapi.
    pub phone_number_id: String,
    /// The person called.
    pub customer: CustomerTarget,
    /// A free label, which comes back in the call. A UUID fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Comes back in the call. In no version of Vapi's schema, but accepted and echoed as of 2025-11; leave it out
    /// and use the overrides' metadata if Vapi answers `property metadata should not exist`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// Not before, and not after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_plan: Option<SchedulePlan>,
}

/// The person to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerTarget {
    /// E.164.
    pub number: String,
    /// Available to prompts as `{{customer.name}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// The caller's own id of the person; at most 40 characters, or the call is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// When Vapi may start the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchedulePlan {
    /// Not before this instant; one in the past means at once.
    #[serde(serialize_with = "milliseconds")]
    pub earliest_at: Timestamp,
    /// Not after this instant.
    #[serde(serialize_with = "optional_milliseconds", skip_serializing_if = "Option::is_none")]
    pub latest_at: Option<Timestamp>,
}

/// Vapi's own form: ISO 8601 with three decimals and `Z`.
fn milliseconds<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{instant:.3}"))
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn optional_milliseconds<S: Serializer>(instant: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => milliseconds(instant, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Backoff, BackoffPlan, MessageKind, Server};

    fn call() -> CreateCall {
        CreateCall {
            assistant_id: "a".into(),
            assistant_overrides: AssistantOverrides::default(),
            phone_number_id: "p".into(),
            customer: CustomerTarget { number: "+15555550101".into(), name: None, external_id: None },
            name: None,
            metadata: None,
            schedule_plan: None,
        }
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let sent = serde_json::to_value(call()).unwrap();

        let expected = serde_json::json!({
            "assistantId": "a",
            "assistantOverrides": {},
            "phoneNumberId": "p",
            "customer": {"number": "+15555550101"},
        });
        assert_eq!(sent, expected);
    }

    #[test]
    fn every_field_has_vapis_name() {
        let mut call = call();
        call.customer.name = Some(Label::truncated("Ada"));
        call.customer.external_id = Some("lead".into());
        call.name = Some(Label::truncated("attempt"));
        call.schedule_plan = Some(SchedulePlan {
            earliest_at: "2026-11-24T10:00:00Z".parse().unwrap(),
            latest_at: Some("2026-11-24T10:01:40.5Z".parse().unwrap()),
        });
        call.assistant_overrides = AssistantOverrides {
            server: Some(Server {
                url: "https://hooks.example.com".into(),
                timeout_seconds: Some(20),
                credential_id: Some("c".into()),
                backoff_plan: Some(BackoffPlan {
                    kind: Backoff::Exponential,
                    max_retries: 10,
                    base_delay_seconds: 10,
                    excluded_status_codes: vec![400],
                }),
                ..Server::default()
            }),
            server_messages: vec![MessageKind::StatusUpdate, MessageKind::EndOfCallReport],
            ..AssistantOverrides::default()
        };

        let sent = serde_json::to_value(call).unwrap();

        assert_eq!(sent["customer"]["externalId"], "lead");
        assert_eq!(
            sent["schedulePlan"],
            serde_json::json!({"earliestAt": "2026-11-24T10:00:00.000Z", "latestAt": "2026-11-24T10:01:40.500Z"})
        );
        assert_eq!(
            sent["assistantOverrides"],
            serde_json::json!({
                "server": {
                    "url": "https://hooks.example.com",
                    "timeoutSeconds": 20,
                    "credentialId": "c",
                    "backoffPlan": {
                        "type": "exponential", "maxRetries": 10, "baseDelaySeconds": 10, "excludedStatusCodes": [400],
                    },
                },
                "serverMessages": ["status-update", "end-of-call-report"],
            })
        );
    }

    #[test]
    fn a_label_is_cut_at_forty_characters_not_bytes() {
        assert_eq!(Label::truncated(&"é".repeat(50)).as_str(), "é".repeat(40));
        assert_eq!(Label::truncated("Ada").as_str(), "Ada");
    }
}
