//! One delivery of Vapi to a server: `{"message": {"type": …, …}}`, and what all messages have in common.
//!
//! Authenticate the raw bytes first, with [`WebhookAuth`](crate::WebhookAuth). Nesting is bounded: `serde_json` refuses
//! more than 128 levels of what it builds, and skips what it does not build without recursion.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{CallSnapshot, CustomerSnapshot, MessageKind, ServerMessage, tolerance};

/// What every message tells: enough to know whose it is and what to do with it, at the price of one pass over the
/// bytes in which everything else is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageHead {
    /// Its type.
    pub kind: MessageKind,
    /// When Vapi wrote it.
    pub timestamp: Option<Timestamp>,
    /// The call it is about, with the ids and marks that tell whose it is.
    pub call: Option<CallSnapshot>,
    /// The assistant that talks, if it is a stored one.
    pub assistant_id: Option<String>,
    /// The number of ours, as the message names it beside the call.
    pub phone_number_id: Option<String>,
    /// The other party.
    pub customer: Option<CustomerSnapshot>,
}

/// A whole delivery.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// What all messages have.
    pub head: MessageHead,
    /// What this one has.
    pub message: ServerMessage,
}

/// The bytes are no message of Vapi's. Tells the place, never the content, which is people's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a vapi message: unreadable at line {line}, column {column}")]
pub struct ParseError {
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
}

impl From<serde_json::Error> for ParseError {
    fn from(cause: serde_json::Error) -> Self {
        Self { line: cause.line(), column: cause.column() }
    }
}

impl MessageHead {
    /// Reads the head of a delivery.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let Outer { message, call } = read(bytes)?;
        // Old senders put the call beside the message.
        let call = message.call.or(call);
        let call_customer = call.as_ref().and_then(|call| call.customer.clone());
        Ok(Self {
            kind: message.kind,
            timestamp: message.timestamp,
            assistant_id: message
                .assistant
                .and_then(|assistant| assistant.id)
                .or_else(|| call.as_ref()?.assistant_id.clone()),
            phone_number_id: message
                .phone_number
                .and_then(|number| number.id)
                .or_else(|| call.as_ref()?.phone_number_id.clone()),
            customer: message.customer.or(call_customer),
            call,
        })
    }
}

impl Envelope {
    /// Reads a whole delivery. A message of unknown type is kept as [`ServerMessage::Unknown`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let head = MessageHead::parse(bytes)?;
        let message = ServerMessage::parse(&head.kind, bytes)?;
        Ok(Self { head, message })
    }
}

/// The body of a message, as a `T`.
pub(crate) fn read_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ParseError> {
    #[derive(Deserialize)]
    struct Outer<T> {
        message: T,
    }
    Ok(read::<Outer<T>>(bytes)?.message)
}

/// A message that names a key twice is read by what it says last, as JavaScript reads it.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(bytes).or_else(|cause| {
        let said_last: Value = serde_json::from_slice(bytes).map_err(|_| cause)?;
        serde_json::from_slice(&serde_json::to_vec(&said_last)?)
    })
}

#[derive(Deserialize)]
struct Outer {
    message: HeadWire,
    #[serde(default, deserialize_with = "tolerance::optional")]
    call: Option<CallSnapshot>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeadWire {
    #[serde(rename = "type")]
    kind: MessageKind,
    #[serde(default, deserialize_with = "tolerance::instant")]
    timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    call: Option<CallSnapshot>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    assistant: Option<Identified>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    phone_number: Option<Identified>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    customer: Option<CustomerSnapshot>,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(default, deserialize_with = "tolerance::optional")]
    id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(json: &str) -> MessageHead {
        MessageHead::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_head_tells_whose_message_it_is() {
        let head = head(
            r#"{"message":{"type":"status-update","timestamp":1749546420647,"status":"ended",
                "call":{"id":"c","orgId":"o","assistantId":"a","phoneNumberId":"p","name":"attempt",
                        "metadata":{"attempt":"7"},"customer":{"number":"+15555550101"}}}}"#,
        );

        let call = head.call.clone().unwrap();
        assert_eq!(head.kind, MessageKind::StatusUpdate);
        assert_eq!(head.timestamp, Some("2025-06-10T09:07:00.647Z".parse().unwrap()));
        assert_eq!((call.id.as_str(), call.org_id.as_deref(), call.name.as_deref()), ("c", Some("o"), Some("attempt")));
        assert_eq!((head.assistant_id.as_deref(), head.phone_number_id.as_deref()), (Some("a"), Some("p")));
        assert_eq!(head.customer.unwrap().number.as_deref(), Some("+15555550101"));
        assert_eq!(call.mark("attempt"), Some("7"));
    }

    #[test]
    fn the_call_may_stand_beside_the_message() {
        let head = head(r#"{"message":{"type":"hang"},"call":{"id":"c"}}"#);

        assert_eq!(head.call.unwrap().id, "c");
    }

    #[test]
    fn ids_beside_the_call_come_first() {
        let head = head(
            r#"{"message":{"type":"hang","assistant":{"id":"a2"},"phoneNumber":{"id":"p2"},"customer":{"number":"n2"},
                "call":{"id":"c","assistantId":"a1","phoneNumberId":"p1","customer":{"number":"n1"}}}}"#,
        );

        assert_eq!((head.assistant_id.as_deref(), head.phone_number_id.as_deref()), (Some("a2"), Some("p2")));
        assert_eq!(head.customer.unwrap().number.as_deref(), Some("n2"));
    }

    #[test]
    fn a_message_without_any_optional_field_is_read() {
        let head = head(r#"{"message":{"type":"campaign.started"}}"#);

        assert_eq!((head.call, head.timestamp, head.assistant_id), (None, None, None));
    }

    #[test]
    fn what_is_no_message_is_refused_without_telling_its_content() {
        let check = |bytes: &[u8]| {
            let text = Envelope::parse(bytes).unwrap_err().to_string();
            assert!(text.starts_with("not a vapi message: unreadable at line 1, column "), "{text}");
        };
        check(b"");
        check(b"+15555550101");
        check(br#"{"message":{}}"#);
        check(br#"{"message":{"type":7}}"#);
        check(br#"{"message":{"type":"hang"}"#);
        check(b"{\"message\":{\"type\":\"\xff\"}}");
    }

    #[test]
    fn deep_nesting_is_skipped_or_read_as_absent() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let json =
            format!(r#"{{"message":{{"type":"hang","artifact":{deep},"call":{{"id":"c","metadata":{deep}}}}}}}"#);

        let call = head(&json).call.unwrap();

        assert_eq!((call.id.as_str(), call.metadata), ("c", None));
    }

    #[test]
    fn what_is_said_twice_is_read_as_it_is_said_last() {
        let twice = br#"{"message":{"type":"hang","type":"status-update","status":"queued","status":"ended"}}"#;

        let envelope = Envelope::parse(twice).unwrap();

        assert_eq!(envelope.head.kind, MessageKind::StatusUpdate);
        assert!(
            matches!(envelope.message, ServerMessage::StatusUpdate(update) if update.status == crate::CallStatus::Ended)
        );
    }
}
