//! One call: what was asked for, where it stands, and what its assistant was told.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::chance::Chance;
use crate::conversation::{Setting, Tools, Transcript};
use crate::message::Frame;
use crate::moment::seconds_between;
use crate::shelf::Resource;
use crate::{Account, Outcome, Scene};

/// Vapi's default for `maxDurationSeconds`.
const TALK_SECONDS_MAX_DEFAULT: f64 = 600.0;

/// Where a call stands; it only moves downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Scheduled,
    Queued,
    Ringing,
    InProgress,
    Forwarding,
    Ended,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Forwarding => "forwarding",
            Self::Ended => "ended",
        }
    }
}

/// What was asked for; nothing of it changes but the name.
#[derive(Debug, Default)]
pub(crate) struct Order {
    pub(crate) is_inbound: bool,
    pub(crate) customer: Map<String, Value>,
    /// The other party's number.
    pub(crate) phone: String,
    /// The number of ours.
    pub(crate) from_number: String,
    pub(crate) phone_number: Option<Arc<Resource>>,
    /// Without an id when it came with the request.
    pub(crate) assistant: Option<Arc<Resource>>,
    pub(crate) overrides: Map<String, Value>,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Option<Value>,
    pub(crate) schedule_plan: Option<Value>,
    /// Not to be started after this.
    pub(crate) latest_at: Option<Timestamp>,
}

/// One call.
pub(crate) struct Call {
    pub(crate) id: Uuid,
    pub(crate) org_id: String,
    pub(crate) subscription: String,
    pub(crate) order: Order,
    pub(crate) status: Status,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) visible_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) ended_reason: Option<String>,
    /// Why it will end when its end comes.
    pub(crate) will_end_because: Option<String>,
    /// What the far end will do; known from the dialing to the ringing.
    pub(crate) outcome: Option<Outcome>,
    /// What is played once somebody picks up, and for how long if that was scripted.
    pub(crate) scene: Option<(Scene, Option<f64>)>,
    /// Why a call that came in was not let in.
    pub(crate) admission_error: Option<String>,
    pub(crate) is_reported: bool,
    pub(crate) is_deleted: bool,
    pub(crate) holds_line: bool,
    pub(crate) destination: Option<Value>,
    /// What our servers answered, by tool call id.
    pub(crate) tool_results: BTreeMap<String, String>,
    pub(crate) tools: Arc<Tools>,
    /// What every message about the call carries along; let go after the report.
    pub(crate) frame: Option<Arc<Frame>>,
}

impl Call {
    /// A call as it is created: queued, or ringing when it comes in.
    pub(crate) fn new(id: Uuid, account: &Account, order: Order, created_at: Timestamp) -> Self {
        Self {
            id,
            org_id: account.org_id.clone(),
            subscription: account.subscription.clone(),
            status: if order.is_inbound { Status::Ringing } else { Status::Queued },
            order,
            created_at,
            updated_at: created_at,
            visible_at: created_at,
            started_at: None,
            ended_at: None,
            ended_reason: None,
            will_end_because: None,
            outcome: None,
            scene: None,
            admission_error: None,
            is_reported: false,
            is_deleted: false,
            holds_line: false,
            destination: None,
            tool_results: BTreeMap::new(),
            tools: Arc::default(),
            frame: None,
        }
    }

    /// A setting of the assistant with the overrides of the call merged into it.
    pub(crate) fn setting(&self, key: &str) -> Option<Value> {
        let stored = self.order.assistant.as_ref().and_then(|assistant| assistant.body.get(key));
        match (stored, self.order.overrides.get(key)) {
            (Some(stored), Some(over)) => Some(merged(stored, over)),
            (stored, over) => stored.or(over).cloned(),
        }
    }

    pub(crate) fn assistant_id(&self) -> Option<&str> {
        self.order.assistant.as_ref().map(|assistant| assistant.id.as_str()).filter(|id| !id.is_empty())
    }

    /// `metadata` of the request, or of its overrides.
    pub(crate) fn marker_metadata(&self) -> Option<&Value> {
        self.order.metadata.as_ref().or_else(|| self.order.overrides.get("metadata"))
    }

    /// `variableValues` with the names Vapi adds by itself.
    pub(crate) fn variables(&self) -> Map<String, Value> {
        let mut variables = match self.setting("variableValues") {
            Some(Value::Object(given)) => given,
            _ => Map::new(),
        };
        variables.insert("customer".into(), Value::Object(self.order.customer.clone()));
        variables
    }

    pub(crate) fn detects_voicemail(&self) -> bool {
        self.setting("voicemailDetection").is_some_and(|detection| detection != "off" && !detection.is_null())
    }

    /// Words that tell the assistant's job: what the drawn conversation is about.
    pub(crate) fn job(&self) -> String {
        let texts = ["name", "firstMessage"].map(|key| self.setting(key));
        texts.iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The conversation, played again from the seed; `None` when nobody picked up.
    pub(crate) fn transcript(&self, seed: u64) -> Option<Transcript> {
        let (scene, talk_seconds) = self.scene?;
        self.started_at?;
        let first_message = self.setting("firstMessage");
        let voicemail_message = self.setting("voicemailMessage");
        let max = self.setting("maxDurationSeconds").and_then(|max| max.as_f64());
        let setting = Setting {
            scene,
            variables: &self.variables(),
            customer_name: self.order.customer.get("name").and_then(Value::as_str),
            phone: &self.order.phone,
            first_message: first_message.as_ref().and_then(Value::as_str),
            voicemail_message: voicemail_message.as_ref().and_then(Value::as_str),
            tools: &self.tools,
            talk_seconds_max: max.unwrap_or(TALK_SECONDS_MAX_DEFAULT),
            talk_seconds,
        };
        let mut transcript = Transcript::play(Chance::of(seed, &[b"talk", self.id.as_bytes()]), &setting);
        if let (Some(start), Some(end)) = (self.started_at, self.ended_at) {
            // A call that broke off has said nothing after its end.
            let spoken = seconds_between(start, end);
            transcript.items.retain(|item| item.end <= spoken + 0.001);
        }
        Some(transcript)
    }

    /// Seconds between pick-up and end.
    pub(crate) fn talk_seconds(&self) -> f64 {
        self.started_at.zip(self.ended_at).map_or(0.0, |(start, end)| seconds_between(start, end))
    }

    /// Where the assistant's transfer tool leads, if it names a place.
    pub(crate) fn transfer_destination(&self) -> Option<Value> {
        let transfer = self.tools.0.iter().find(|tool| tool["type"] == "transferCall")?;
        transfer.pointer("/destinations/0").cloned()
    }

    pub(crate) fn system_prompt(&self) -> String {
        let model = self.setting("model").unwrap_or_default();
        let messages = model.get("messages").and_then(Value::as_array);
        let system = messages.into_iter().flatten().find(|message| message["role"] == "system");
        system.and_then(|message| message["content"].as_str()).unwrap_or_default().to_owned()
    }
}

/// `over` merged into `stored`, objects deeply, as Vapi does with `assistantOverrides`.
pub(crate) fn merged(stored: &Value, over: &Value) -> Value {
    let (Value::Object(stored), Value::Object(over)) = (stored, over) else {
        return over.clone();
    };
    let mut both = stored.clone();
    for (key, value) in over {
        let value = both.get(key).map_or_else(|| value.clone(), |old| merged(old, value));
        both.insert(key.clone(), value);
    }
    Value::Object(both)
}
