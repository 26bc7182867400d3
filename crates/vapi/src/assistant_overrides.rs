//! What one call changes in its assistant. Vapi merges these deeply, unlike a `PATCH`.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{MessageKind, Server};

/// The overrides this crate sends; absent fields keep the assistant's own values.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssistantOverrides {
    /// Values of the `{{placeholders}}` in prompts. `now`, `date`, `time` and `customer` are Vapi's own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub variable_values: Map<String, Value>,
    /// Comes back in the call; a place for the caller's own mark that is in Vapi's published schema.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Where this call's messages go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
    /// Which messages are sent at all; empty keeps the assistant's list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub server_messages: Vec<MessageKind>,
    /// The first sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_message: Option<String>,
    /// 10 to 43,200; Vapi takes 600 when neither this nor the assistant says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duration_seconds: Option<u16>,
}
