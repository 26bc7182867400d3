//! Where Vapi sends messages, and how stubbornly.

use std::collections::BTreeMap;

use serde::Serialize;

/// A `server` object: on an assistant, a phone number, or the overrides of one call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Server {
    /// The address that messages are posted to.
    pub url: String,
    /// How long Vapi waits for an answer, 1 to 300; Vapi takes 20 when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u16>,
    /// The webhook credential at Vapi with which messages are signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_id: Option<String>,
    /// Headers of every message. `Authorization` here overrides the credential.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Without it Vapi does not repeat a message that was not taken, and the message is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff_plan: Option<BackoffPlan>,
}

/// How Vapi repeats a message that was not answered with a 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackoffPlan {
    /// How the delays grow.
    #[serde(rename = "type")]
    pub kind: Backoff,
    /// 0 to 10.
    pub max_retries: u8,
    /// 0 to 10.
    pub base_delay_seconds: u8,
    /// Statuses after which Vapi does not try again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excluded_status_codes: Vec<u16>,
}

/// How delays between repetitions grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Backoff {
    /// The base delay each time.
    Fixed,
    /// The base delay at first, then doubling.
    Exponential,
}
