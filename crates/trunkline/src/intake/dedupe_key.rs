//! By what a repetition is recognized. The provider numbers its messages in no way.

use axum::body::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use vapi::{MessageHead, MessageKind};

/// A repetition has the same type, call and time; its body may differ, as signed addresses in it do (contract §1.4), so the
/// body is compared only where there is no time.
pub(super) fn of(head: Option<&MessageHead>, body: &Bytes) -> String {
    let known = head.and_then(|head| Some((head, head.call.as_ref()?, head.timestamp?)));
    match known {
        Some((head, call, at)) => {
            let status = status_in(head, body).unwrap_or_default();
            format!("{}/{}/{}/{status}", head.kind.as_str(), call.id, at.as_millisecond())
        }
        None => format!("sha256/{}", hex::encode(Sha256::digest(body))),
    }
}

/// Two updates of one call may bear the same millisecond.
fn status_in(head: &MessageHead, body: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Outer {
        message: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        status: Option<String>,
    }
    // The longest messages have none.
    if matches!(head.kind, MessageKind::EndOfCallReport | MessageKind::ConversationUpdate) {
        return None;
    }
    serde_json::from_slice::<Outer>(body).ok()?.message.status
}
