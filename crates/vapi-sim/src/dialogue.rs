//! A transcript in the two notations Vapi sends: its own message items and `OpenAI`'s chat messages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::conversation::{Item, Said};

/// What a tool answered when the server did not.
const NO_RESULT: &str = "No result returned.";
/// What Vapi's own transfer tool answers.
const TRANSFERRED: &str = "Success.";

/// A conversation so far.
pub(crate) struct Dialogue<'a> {
    pub(crate) started_at: Timestamp,
    pub(crate) system_prompt: &'a str,
    pub(crate) items: &'a [Item],
    /// By tool call id.
    pub(crate) tool_results: &'a BTreeMap<String, String>,
}

impl Dialogue<'_> {
    /// Vapi's items. `time` and `endTime` are milliseconds since 1970, `secondsFromStart` seconds;
    /// `duration` is milliseconds, although the specification says seconds.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let start = self.started_at.as_millisecond();
        let system = json!({ "role": "system", "message": self.system_prompt, "time": start, "secondsFromStart": 0 });
        std::iter::once(system).chain(self.items.iter().map(|item| self.message(start, item))).collect()
    }

    fn message(&self, start: i64, item: &Item) -> Value {
        let time = start + milliseconds(item.start);
        let end_time = start + milliseconds(item.end);
        let seconds = rounded(item.start);
        match &item.said {
            Said::Agent(text) => json!({
                "role": "bot", "message": text, "time": time, "endTime": end_time,
                "secondsFromStart": seconds, "duration": end_time - time, "source": "",
            }),
            Said::Person(text) => json!({
                "role": "user", "message": text, "time": time, "endTime": end_time,
                "secondsFromStart": seconds, "duration": end_time - time,
            }),
            Said::ToolCall { id, name, arguments, .. } => json!({
                "role": "tool_calls", "message": "", "time": time, "secondsFromStart": seconds,
                "toolCalls": [tool_call(id, name, arguments)],
            }),
            Said::ToolResult { id, name } => json!({
                "role": "tool_call_result", "time": time, "secondsFromStart": seconds,
                "name": name, "result": self.result_of(id, name), "toolCallId": id,
            }),
        }
    }

    /// The same for a language model.
    pub(crate) fn openai_messages(&self) -> Vec<Value> {
        let system = json!({ "role": "system", "content": self.system_prompt });
        std::iter::once(system).chain(self.items.iter().map(|item| self.openai_message(item))).collect()
    }

    fn openai_message(&self, item: &Item) -> Value {
        match &item.said {
            Said::Agent(text) => json!({ "role": "assistant", "content": text }),
            Said::Person(text) => json!({ "role": "user", "content": text }),
            Said::ToolCall { id, name, arguments, .. } => {
                json!({ "role": "assistant", "tool_calls": [tool_call(id, name, arguments)] })
            }
            Said::ToolResult { id, name } => {
                json!({ "role": "tool", "tool_call_id": id, "content": self.result_of(id, name) })
            }
        }
    }

    fn result_of(&self, id: &str, name: &str) -> &str {
        let unanswered = if name == "transferCall" { TRANSFERRED } else { NO_RESULT };
        self.tool_results.get(id).map_or(unanswered, String::as_str)
    }
}

/// A tool call as Vapi has sent it since 2025: the arguments are JSON in a string.
pub(crate) fn tool_call(id: &str, name: &str, arguments: &Value) -> Value {
    json!({ "id": id, "type": "function", "function": { "name": name, "arguments": arguments.to_string() } })
}

#[expect(clippy::cast_possible_truncation, reason = "a call lasts hours at most")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
