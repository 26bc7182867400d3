//! By what a repetition is recognized. The provider numbers its messages in no way.

use axum::body::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use vapi::{MessageHead, MessageKind, ToolCalls};

/// A repetition has the same type, call and time; its body may differ, as signed addresses in it do (contract §1.4), so the
/// body is compared only where there is no time.
pub(super) fn of(head: Option<&MessageHead>, body: &Bytes) -> String {
    let known = head.and_then(|head| Some((head, head.call.as_ref()?, head.timestamp?)));
    match known {
        Some((head, call, at)) => {
            let within = within_a_millisecond(&head.kind, body).unwrap_or_default();
            format!("{}/{}/{}/{within}", head.kind.as_str(), call.id, at.as_millisecond())
        }
        None => format!("sha256/{}", hex::encode(Sha256::digest(body))),
    }
}

/// What tells two messages of one type, call and millisecond apart: the status of updates, the ids of tool calls.
fn within_a_millisecond(kind: &MessageKind, body: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Outer<T> {
        message: T,
    }
    #[derive(Deserialize)]
    struct Updated {
        status: Option<String>,
    }
    match kind {
        // The longest messages have neither.
        MessageKind::EndOfCallReport | MessageKind::ConversationUpdate => None,
        MessageKind::ToolCalls => {
            let asked = serde_json::from_slice::<Outer<ToolCalls>>(body).ok()?.message;
            let ids: Vec<&str> = asked.calls.iter().map(|call| call.id.as_str()).collect();
            // Of any length: a key has its place in an index.
            Some(hex::encode(Sha256::digest(ids.join("/"))))
        }
        _ => serde_json::from_slice::<Outer<Updated>>(body).ok()?.message.status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(message: &serde_json::Value) -> String {
        let body = Bytes::from(json!({ "message": message }).to_string());
        of(MessageHead::parse(&body).ok().as_ref(), &body)
    }

    #[test]
    fn a_repetition_has_the_key_of_the_first_whatever_addresses_it_bears() {
        let told = |url: &str| {
            key(&json!({ "type": "end-of-call-report", "timestamp": 1, "call": { "id": "c" }, "recordingUrl": url }))
        };

        assert_eq!(told("a?signed=1"), told("a?signed=2"));
    }

    #[test]
    fn updates_and_tool_calls_of_one_millisecond_are_told_apart() {
        let update = |status: &str| {
            key(&json!({ "type": "status-update", "timestamp": 1, "call": { "id": "c" }, "status": status }))
        };
        let tool = |id: &str| {
            let calls = json!([{ "id": id, "function": { "name": "leave_note", "arguments": {} } }]);
            key(&json!({ "type": "tool-calls", "timestamp": 1, "call": { "id": "c" }, "toolCallList": calls }))
        };

        assert_ne!(update("ringing"), update("in-progress"));
        assert_ne!(tool("t1"), tool("t2"));
        assert_eq!(tool("t1"), tool("t1"));
    }

    #[test]
    fn without_a_time_or_a_call_the_whole_body_counts() {
        assert_ne!(
            key(&json!({ "type": "hang", "call": { "id": "c" } })),
            key(&json!({ "type": "hang", "call": { "id": "d" } }))
        );
    }
}
