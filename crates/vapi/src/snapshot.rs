//! The call as it rides along in messages and lists: who, from where, and the caller's own marks.

use serde::Deserialize;
use serde_json::Value;

use crate::tolerance;

/// `message.call`: a picture of the call taken when it was created.
///
/// Its `status` is left out on purpose: it still says `queued` in the report of a call that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallSnapshot {
    /// Vapi's id of the call.
    pub id: String,
    /// The Vapi organization, hence the key, the call belongs to.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub org_id: Option<String>,
    /// Absent when the assistant was given inline.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub assistant_id: Option<String>,
    /// The number of ours that was called or called from.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub phone_number_id: Option<String>,
    /// `inboundPhoneCall`, `outboundPhoneCall`, `webCall`…
    #[serde(default, rename = "type", deserialize_with = "tolerance::optional")]
    pub kind: Option<crate::CallKind>,
    /// The label given at creation.
    #[serde(default, deserialize_with = "tolerance::text")]
    pub name: Option<String>,
    /// The metadata given at creation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub metadata: Option<Value>,
    /// The other party.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub customer: Option<CustomerSnapshot>,
    /// The overrides given at creation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub assistant_overrides: Option<OverridesSnapshot>,
}

/// The other party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerSnapshot {
    /// E.164, as a rule; absent when the caller withheld it or came by SIP.
    #[serde(deserialize_with = "tolerance::optional")]
    pub number: Option<String>,
    /// A name, when one was given.
    #[serde(deserialize_with = "tolerance::text")]
    pub name: Option<String>,
    /// The caller's own id of the person.
    #[serde(deserialize_with = "tolerance::optional")]
    pub external_id: Option<String>,
}

/// The overrides that carry marks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OverridesSnapshot {
    /// The overrides' own metadata.
    #[serde(deserialize_with = "tolerance::optional")]
    pub metadata: Option<Value>,
    /// Values of placeholders.
    #[serde(deserialize_with = "tolerance::optional")]
    pub variable_values: Option<Value>,
    /// Where its messages go.
    #[serde(deserialize_with = "tolerance::optional")]
    pub server: Option<ServerSnapshot>,
}

/// The server that was given for one call. Its secrets are not told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ServerSnapshot {
    /// Its address.
    #[serde(deserialize_with = "tolerance::text")]
    pub url: Option<String>,
}

impl CallSnapshot {
    /// A text the caller left in the call under `key`: in its metadata, or else in its overrides.
    pub fn mark(&self, key: &str) -> Option<&str> {
        mark(self.metadata.as_ref(), self.assistant_overrides.as_ref(), key)
    }
}

/// The places are tried in this order because the first is in no published schema and may go away.
pub(crate) fn mark<'a>(
    metadata: Option<&'a Value>,
    overrides: Option<&'a OverridesSnapshot>,
    key: &str,
) -> Option<&'a str> {
    let in_overrides = overrides.and_then(|overrides| overrides.metadata.as_ref());
    let in_variables = overrides.and_then(|overrides| overrides.variable_values.as_ref());
    [metadata, in_overrides, in_variables].into_iter().flatten().find_map(|place| place.get(key)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_in_metadata_or_overrides() {
        let check = |json: &str| {
            let call: CallSnapshot = serde_json::from_str(json).unwrap();
            assert_eq!(call.mark("attempt"), Some("7"), "{json}");
        };
        check(r#"{"id":"c","metadata":{"attempt":"7"}}"#);
        check(r#"{"id":"c","metadata":null,"assistantOverrides":{"metadata":{"attempt":"7"}}}"#);
        check(r#"{"id":"c","assistantOverrides":{"variableValues":{"attempt":"7"}}}"#);
        check(r#"{"id":"c","metadata":{"attempt":"7"},"assistantOverrides":{"metadata":{"attempt":"8"}}}"#);
    }

    #[test]
    fn a_call_without_marks_has_none() {
        let call: CallSnapshot = serde_json::from_str(r#"{"id":"c","metadata":"none"}"#).unwrap();

        assert_eq!(call.mark("attempt"), None);
    }
}
