//! What a call leaves behind: words, recordings, extracted values.

use serde::Deserialize;

use crate::analysis::{StructuredOutput, structured_outputs};
use crate::{ConversationMessage, tolerance};

/// `artifact` of a message or a call.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct Artifact {
    /// The whole conversation as one text.
    pub transcript: Option<String>,
    /// The conversation turn by turn.
    pub messages: Vec<ConversationMessage>,
    /// Where its recordings are.
    pub recording: Recording,
    /// What structured outputs found.
    pub structured_outputs: Vec<StructuredOutput>,
}

/// Addresses of recordings. They may differ from one delivery to the next: do not compare them. The lasting way to
/// the audio is `GET /call/{id}/stereo-recording` with the key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recording {
    /// Both parties in one channel.
    pub mono_url: Option<String>,
    /// One party a channel.
    pub stereo_url: Option<String>,
    /// The assistant alone.
    pub assistant_url: Option<String>,
    /// The person alone.
    pub customer_url: Option<String>,
}

/// Recordings stand in `recording` and, under older names, beside it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire {
    #[serde(deserialize_with = "tolerance::text")]
    transcript: Option<String>,
    #[serde(deserialize_with = "tolerance::list")]
    messages: Vec<ConversationMessage>,
    #[serde(deserialize_with = "tolerance::optional")]
    recording: Option<RecordingWire>,
    #[serde(deserialize_with = "tolerance::optional")]
    recording_url: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    stereo_recording_url: Option<String>,
    #[serde(deserialize_with = "structured_outputs")]
    structured_outputs: Vec<StructuredOutput>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RecordingWire {
    #[serde(deserialize_with = "tolerance::optional")]
    stereo_url: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    mono: Option<MonoWire>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MonoWire {
    #[serde(rename = "combinedUrl", deserialize_with = "tolerance::optional")]
    combined: Option<String>,
    #[serde(rename = "assistantUrl", deserialize_with = "tolerance::optional")]
    assistant: Option<String>,
    #[serde(rename = "customerUrl", deserialize_with = "tolerance::optional")]
    customer: Option<String>,
}

impl From<Wire> for Artifact {
    fn from(wire: Wire) -> Self {
        let recording = wire.recording.unwrap_or_default();
        let mono = recording.mono.unwrap_or_default();
        Self {
            transcript: wire.transcript,
            messages: wire.messages,
            recording: Recording {
                mono_url: mono.combined.or(wire.recording_url),
                stereo_url: recording.stereo_url.or(wire.stereo_recording_url),
                assistant_url: mono.assistant,
                customer_url: mono.customer,
            },
            structured_outputs: wire.structured_outputs,
        }
    }
}
