//! Why a call ended, in Vapi's words. The list had 168 values in 2024-10 and 595 in 2026-08: it is open text.

use serde::{Deserialize, Serialize};

use crate::EndedReasonClass;
use crate::ended_reason_words::plain_words;

/// A value of `endedReason`, known or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EndedReason(String);

impl EndedReason {
    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of end it is. Unknown values are classed by their prefix where it tells, else as unknown.
    pub fn classify(&self) -> EndedReasonClass {
        EndedReasonClass::of(&self.0)
    }

    /// A short sentence for people; the value itself when nothing is known about it.
    pub fn plain_words(&self) -> &str {
        plain_words(&self.0).unwrap_or(&self.0)
    }
}

impl From<&str> for EndedReason {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for EndedReason {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for EndedReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
