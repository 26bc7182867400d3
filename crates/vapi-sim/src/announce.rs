//! What a call tells its server: which messages it wants, and what is in them.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::Call;
use crate::call_view::{Aftermath, Recordings};
use crate::conversation::{Said, Transcript};
use crate::dialogue::{Dialogue, tool_call};
use crate::message::{Fields, Frame, Message};
use crate::moment::iso;
use crate::shelf::raw;
use crate::world::World;

/// `serverMessages` of an assistant that names none.
const KINDS_DEFAULT: [&str; 11] = [
    "conversation-update",
    "end-of-call-report",
    "function-call",
    "hang",
    "speech-update",
    "status-update",
    "tool-calls",
    "transfer-destination-request",
    "handoff-destination-request",
    "user-interrupted",
    "assistant.started",
];
/// Kinds that follow every sentence.
const KINDS_OF_WORDS: [&str; 4] =
    ["conversation-update", "speech-update", "transcript", "transcript[transcriptType=\"final\"]"];
/// Sent now and then under the `unknown_types` knob; no list of types has it.
const UNKNOWN_KIND: &str = "call.weather-changed";

impl Call {
    pub(crate) fn wants(&self, kind: &str) -> bool {
        match self.setting("serverMessages") {
            Some(Value::Array(kinds)) => kinds.iter().any(|wanted| wanted == kind),
            _ => KINDS_DEFAULT.contains(&kind),
        }
    }

    fn message(&self, kind: &'static str, at: Timestamp, fields: Fields) -> Option<Message> {
        let frame = Arc::clone(self.frame.as_ref()?);
        let (call_id, status, artifact, recordings) = (self.id, None, Fields::new(), None);
        Some(Message { kind, status, call_id, at, fields, artifact, recordings, frame, wants_answer: false })
    }

    /// What every message about this call will carry.
    pub(crate) fn new_frame(&self, base_url: &str, timestamp_is_text: bool) -> Frame {
        let order = &self.order;
        let assistant = order.assistant.as_ref().map(|assistant| {
            if order.overrides.is_empty() {
                return Arc::clone(&assistant.raw);
            }
            let body = Value::Object(assistant.body.clone());
            raw(&crate::call::merged(&body, &Value::Object(order.overrides.clone())))
        });
        Frame {
            call: raw(&self.snapshot(base_url)),
            assistant,
            phone_number: order.phone_number.as_ref().map(|number| Arc::clone(&number.raw)),
            customer: raw(&order.customer),
            timestamp_is_text,
        }
    }
}

impl World {
    /// Sends a message if the call's server wants its kind.
    fn announce(&mut self, message: Option<Message>, said: Option<&Said>) {
        let Some(message) = message else { return };
        let wants = self.calls.get(&message.call_id).is_some_and(|call| call.wants(message.kind));
        if let Some(target) = self.target_for(message.call_id, said).filter(|_| wants) {
            self.dispatch(message, target);
        }
    }

    pub(crate) fn wants_words(&self, id: Uuid) -> bool {
        self.calls.get(&id).is_some_and(|call| KINDS_OF_WORDS.iter().any(|kind| call.wants(kind)))
    }

    /// `status-update` with the call's status as it is now.
    pub(crate) fn announce_status(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.calls.get(&id) else { return };
        let status = call.status.as_str();
        let mut fields = vec![("status", raw(&status))];
        if let Some(reason) = &call.ended_reason {
            fields.push(("endedReason", raw(reason)));
        }
        if let Some(destination) = &call.destination {
            fields.push(("destination", raw(destination)));
        }
        if let (true, Some(error)) = (call.order.is_inbound, &call.admission_error) {
            fields.push(("inboundPhoneCallDebuggingArtifacts", raw(&json!({ "assistantRequestError": error }))));
        }
        let message = call.message("status-update", at, fields);
        let message = message.map(|message| Message { status: Some(status), ..message });
        let follows_unknown = self.chance_of(id, status.as_bytes()).happens(self.knobs.unknown_types);
        self.announce(message, None);
        if follows_unknown {
            let message = self.calls.get(&id).and_then(|call| call.message(UNKNOWN_KIND, at, Fields::new()));
            if let (Some(message), Some(target)) = (message, self.target_for(id, None)) {
                self.dispatch(message, target);
            }
        }
    }

    /// What the item at `index` of the conversation makes Vapi say.
    pub(crate) fn announce_turn(&mut self, id: Uuid, transcript: &Transcript, index: usize, at: Timestamp) {
        let said = &transcript.items[index].said;
        let (role, text) = match said {
            Said::ToolCall { .. } => return self.announce_tool_call(id, said, at),
            Said::ToolResult { .. } => return,
            Said::Agent(text) => ("assistant", text),
            Said::Person(text) => ("user", text),
        };
        let Some(call) = self.calls.get(&id) else { return };
        let speech = vec![("status", raw(&"stopped")), ("role", raw(&role)), ("turn", raw(&index))];
        let words = vec![("role", raw(&role)), ("transcriptType", raw(&"final")), ("transcript", raw(text))];
        let messages = [
            call.message("speech-update", at, speech),
            call.message("transcript", at, words.clone()),
            call.message("transcript[transcriptType=\"final\"]", at, words),
            call.wants("conversation-update").then(|| conversation_update(call, transcript, index, at)).flatten(),
        ];
        for message in messages {
            self.announce(message, None);
        }
    }

    fn announce_tool_call(&mut self, id: Uuid, said: &Said, at: Timestamp) {
        let Said::ToolCall { id: tool_call_id, tool, name, arguments } = said else {
            return;
        };
        let Some(call) = self.calls.get(&id) else { return };
        let tool_call = tool_call(tool_call_id, name, arguments);
        let list = raw(&[&tool_call]);
        let message = if tool["type"] == "transferCall" {
            call.message("transfer-destination-request", at, Fields::new())
        } else {
            let mut with_tool = (**tool).clone();
            with_tool["toolCall"] = tool_call;
            let fields = vec![
                ("toolCalls", Arc::clone(&list)),
                ("toolCallList", list),
                ("toolWithToolCallList", raw(&[with_tool])),
            ];
            call.message("tool-calls", at, fields)
        };
        self.announce(message.map(|message| Message { wants_answer: true, ..message }), Some(said));
    }

    /// `end-of-call-report`: everything known about the call, most of it twice, as Vapi does.
    pub(crate) fn announce_report(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.calls.get(&id).filter(|call| call.wants("end-of-call-report")) else {
            return;
        };
        let aftermath = call.aftermath(&self.base_url, self.seed);
        let message = report(call, aftermath, at);
        self.announce(message, None);
    }
}

fn conversation_update(call: &Call, transcript: &Transcript, index: usize, at: Timestamp) -> Option<Message> {
    let dialogue = Dialogue {
        started_at: call.started_at?,
        system_prompt: &call.system_prompt(),
        items: &transcript.items[..=index],
        tool_results: &call.tool_results,
    };
    let messages = raw(&dialogue.messages());
    let openai = raw(&dialogue.openai_messages());
    let fields = vec![
        ("conversation", Arc::clone(&openai)),
        ("messages", Arc::clone(&messages)),
        ("messagesOpenAIFormatted", Arc::clone(&openai)),
    ];
    let artifact = vec![("messages", messages), ("messagesOpenAIFormatted", openai)];
    Some(Message { artifact, ..call.message("conversation-update", at, fields)? })
}

fn report(call: &Call, aftermath: Aftermath, at: Timestamp) -> Option<Message> {
    let Aftermath { messages, openai_messages, transcript_text, analysis, bill, recordings } = aftermath;
    let talk_seconds = call.talk_seconds();
    let messages = raw(&messages);
    let transcript = raw(&transcript_text);
    let mut fields = vec![
        ("endedReason", raw(&call.ended_reason)),
        ("cost", raw(&bill.total())),
        ("costBreakdown", raw(&bill.breakdown())),
        ("costs", raw(&bill.items())),
        ("durationMs", raw(&(talk_seconds * 1000.0).round())),
        ("durationSeconds", raw(&talk_seconds)),
        ("durationMinutes", raw(&((talk_seconds / 60.0 * 10_000.0).round() / 10_000.0))),
        ("transcript", Arc::clone(&transcript)),
        ("messages", Arc::clone(&messages)),
    ];
    fields.extend(call.started_at.map(|at| ("startedAt", raw(&iso(at)))));
    fields.extend(call.ended_at.map(|at| ("endedAt", raw(&iso(at)))));
    fields.extend(call.destination.as_ref().map(|destination| ("destination", raw(destination))));
    fields.extend(analysis.get("summary").map(|summary| ("summary", raw(summary))));
    fields.push(("analysis", raw(&analysis)));
    let mut artifact = vec![
        ("messages", messages),
        ("messagesOpenAIFormatted", raw(&openai_messages)),
        ("transcript", transcript),
        ("variableValues", raw(&call.variables())),
    ];
    if let Some(Recordings { mono, stereo, .. }) = &recordings {
        fields.push(("recordingUrl", raw(mono)));
        fields.push(("stereoRecordingUrl", raw(stereo)));
        artifact.push(("recordingUrl", raw(mono)));
        artifact.push(("stereoRecordingUrl", raw(stereo)));
    }
    artifact.extend(recordings.as_ref().map(|urls| ("recording", raw(&urls.nested()))));
    Some(Message { artifact, recordings, ..call.message("end-of-call-report", at, fields)? })
}
