//! What Vapi makes of a conversation after it ended. Empty for calls with fewer than two messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::tolerance;

/// Summary, verdict and extracted fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Analysis {
    /// A few sentences.
    #[serde(deserialize_with = "tolerance::text")]
    pub summary: Option<String>,
    /// Fields as the assistant's own schema asks for them.
    #[serde(deserialize_with = "tolerance::optional")]
    pub structured_data: Option<Value>,
    /// A text in the assistant's own scale: `true`, `7`, `Excellent`…
    #[serde(rename = "successEvaluation", deserialize_with = "tolerance::text")]
    pub success: Option<String>,
}

/// One value that was extracted by a structured output of the Vapi organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructuredOutput {
    /// The output's id at Vapi.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What was found; null when nothing was.
    pub result: Value,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "tolerance::optional")]
    name: Option<String>,
    #[serde(default)]
    result: Value,
}

/// A map by id on the wire; anything else reads as empty.
pub(crate) fn structured_outputs<'de, D>(deserializer: D) -> Result<Vec<StructuredOutput>, D::Error>
where
    D: Deserializer<'de>,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    let outputs: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    let read = |(id, raw): (String, &RawValue)| {
        let Wire { name, result } = serde_json::from_str(raw.get()).ok()?;
        Some(StructuredOutput { id, name, result })
    };
    Ok(outputs.into_iter().filter_map(read).collect())
}
