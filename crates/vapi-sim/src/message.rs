//! Server messages: the JSON Vapi posts to a server. Rendered late, because some of it differs per delivery.

use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::call_view::Recordings;
use crate::moment::iso;

/// Presigned addresses are good for this long.
const PRESIGNED_FOR: SignedDuration = SignedDuration::from_mins(30);
/// What the `big_bodies` knob adds.
const PADDING_BYTES: usize = 1_000_000;

/// Named parts of a message, each already JSON text.
pub(crate) type Fields = Vec<(&'static str, Arc<RawValue>)>;

/// What every message of a call carries along, made once when the call is created. `call` is never
/// brought up to date: Vapi sends the snapshot of the creation even with the end-of-call report.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) call: Arc<RawValue>,
    pub(crate) assistant: Option<Arc<RawValue>>,
    pub(crate) phone_number: Option<Arc<RawValue>>,
    pub(crate) customer: Arc<RawValue>,
    pub(crate) timestamp_is_text: bool,
}

/// One message, before it is known how often and when it is sent.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) kind: &'static str,
    /// `message.status`, where the type has one.
    pub(crate) status: Option<&'static str>,
    pub(crate) call_id: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) fields: Fields,
    pub(crate) artifact: Fields,
    /// Signed anew for each delivery.
    pub(crate) recordings: Option<Recordings>,
    pub(crate) frame: Arc<Frame>,
    /// Whether the call waits for the answer.
    pub(crate) wants_answer: bool,
}

/// How one delivery of a message differs from the next.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dress {
    /// Signs the addresses of recordings.
    pub(crate) delivery_number: u64,
    /// Without `assistant`, `customer` and `phoneNumber`.
    pub(crate) is_bare: bool,
    /// With a megabyte of prompt.
    pub(crate) is_big: bool,
}

impl Message {
    /// The body of one delivery.
    pub(crate) fn render(&self, dress: Dress) -> Bytes {
        let envelope = Envelope { message: Body { message: self, dress } };
        Bytes::from(serde_json::to_vec(&envelope).expect("a message serializes"))
    }
}

#[derive(serde::Serialize)]
struct Envelope<'a> {
    message: Body<'a>,
}

struct Body<'a> {
    message: &'a Message,
    dress: Dress,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { message, dress } = self;
        let frame = &message.frame;
        let mut map = serializer.serialize_map(None)?;
        if frame.timestamp_is_text {
            map.serialize_entry("timestamp", &iso(message.at))?;
        } else {
            map.serialize_entry("timestamp", &message.at.as_millisecond())?;
        }
        map.serialize_entry("type", message.kind)?;
        for (name, value) in &message.fields {
            map.serialize_entry(name, &**value)?;
        }
        map.serialize_entry("artifact", &Artifact { message, delivery_number: dress.delivery_number })?;
        map.serialize_entry("call", &*frame.call)?;
        if !dress.is_bare {
            map.serialize_entry("customer", &*frame.customer)?;
            if let Some(number) = &frame.phone_number {
                map.serialize_entry("phoneNumber", &**number)?;
            }
            if let Some(assistant) = &frame.assistant {
                map.serialize_entry("assistant", &**assistant)?;
            }
        }
        if dress.is_big {
            map.serialize_entry("systemPromptRendered", &"You are a helpful assistant. ".repeat(PADDING_BYTES / 29))?;
        }
        map.end()
    }
}

struct Artifact<'a> {
    message: &'a Message,
    delivery_number: u64,
}

impl Serialize for Artifact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.message.artifact {
            map.serialize_entry(name, &**value)?;
        }
        if let Some(Recordings { mono, stereo, assistant, customer }) = &self.message.recordings {
            let urls = [
                ("presignedMonoUrl", mono),
                ("presignedStereoUrl", stereo),
                ("presignedAssistantUrl", assistant),
                ("presignedCustomerUrl", customer),
            ];
            for (name, url) in urls {
                let signature = self.delivery_number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                map.serialize_entry(name, &format!("{url}?signature={signature:016x}"))?;
            }
            map.serialize_entry("presignedUrlsExpiresAt", &iso(self.message.at + PRESIGNED_FOR))?;
        }
        map.end()
    }
}
