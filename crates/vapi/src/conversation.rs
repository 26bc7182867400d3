//! What was said, turn by turn.

use jiff::Timestamp;
use serde::Deserialize;

use crate::open_text::open_text;
use crate::{ToolCall, tolerance};

open_text! {
    /// Who or what a turn comes from.
    Role {
        /// The prompt.
        System = "system",
        /// The assistant's voice.
        Bot = "bot",
        /// The assistant, in newer messages and in those in `OpenAI`'s format.
        Assistant = "assistant",
        /// The person.
        User = "user",
        /// The assistant calls tools.
        ToolCalls = "tool_calls",
        /// A tool answers.
        ToolCallResult = "tool_call_result",
        /// A tool answers, in `OpenAI`'s format.
        Tool = "tool",
    }
}

impl Role {
    /// Whether the assistant speaks.
    pub fn is_assistant(&self) -> bool {
        matches!(self, Self::Bot | Self::Assistant)
    }
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct ConversationMessage {
    /// Who speaks.
    pub role: Role,
    /// What was said, or what a tool answered; empty for calls of tools.
    pub text: String,
    /// When it began.
    pub at: Option<Timestamp>,
    /// Seconds since the start of the recording. Begins again when a squad changes its assistant.
    pub seconds_from_start: Option<f64>,
    /// How long it was spoken. Vapi's `duration` is in milliseconds, though its specification says seconds; reports
    /// of 2024-07 had seconds, which shows against the time that passed, and they are converted.
    pub duration_ms: Option<f64>,
    /// The tools called.
    pub tool_calls: Vec<ToolCall>,
    /// The tool that answers.
    pub tool_name: Option<String>,
    /// The call it answers.
    pub tool_call_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    role: Role,
    #[serde(default, deserialize_with = "tolerance::text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "tolerance::text")]
    content: Option<String>,
    #[serde(default, deserialize_with = "tolerance::text")]
    result: Option<String>,
    #[serde(default, deserialize_with = "tolerance::instant")]
    time: Option<Timestamp>,
    #[serde(default, deserialize_with = "tolerance::instant")]
    end_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    seconds_from_start: Option<f64>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    duration: Option<f64>,
    #[serde(default, alias = "tool_calls", deserialize_with = "tolerance::list")]
    tool_calls: Vec<ToolCall>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    name: Option<String>,
    #[serde(default, alias = "tool_call_id", deserialize_with = "tolerance::optional")]
    tool_call_id: Option<String>,
}

impl From<Wire> for ConversationMessage {
    fn from(wire: Wire) -> Self {
        let elapsed_ms = wire.time.zip(wire.end_time).map(|(from, to)| to.duration_since(from).as_secs_f64() * 1000.0);
        let text = [wire.message, wire.content, wire.result].into_iter().flatten().find(|text| !text.is_empty());
        Self {
            role: wire.role,
            text: text.unwrap_or_default(),
            at: wire.time,
            seconds_from_start: wire.seconds_from_start,
            duration_ms: duration_ms(wire.duration, elapsed_ms),
            tool_calls: wire.tool_calls,
            tool_name: wire.name,
            tool_call_id: wire.tool_call_id,
        }
    }
}

fn duration_ms(given: Option<f64>, elapsed_ms: Option<f64>) -> Option<f64> {
    match (given, elapsed_ms) {
        // A hundredth of the time that passed can only be seconds.
        (Some(given), Some(elapsed)) if given * 100.0 < elapsed => Some(given * 1000.0),
        (given, elapsed) => given.or(elapsed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> ConversationMessage {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_turn_has_its_text_and_its_place_in_the_recording() {
        let turn = read(
            r#"{"role":"user","message":"Hello?","time":1731437684106,"endTime":1731437684606,
                "secondsFromStart":10.96,"duration":500}"#,
        );

        assert_eq!((turn.role, turn.text.as_str()), (Role::User, "Hello?"));
        assert_eq!(turn.seconds_from_start, Some(10.96));
        assert_eq!(turn.duration_ms, Some(500.0));
    }

    #[test]
    fn a_duration_in_seconds_is_recognized() {
        let turn = read(r#"{"role":"user","message":"x","time":1722115413717,"endTime":1722115417097,"duration":4.5}"#);

        assert_eq!(turn.duration_ms, Some(4500.0));
    }

    #[test]
    fn without_a_duration_the_time_that_passed_is_taken() {
        assert_eq!(read(r#"{"role":"bot","message":"x","time":1000,"endTime":1750}"#).duration_ms, Some(750.0));
        assert_eq!(read(r#"{"role":"bot","message":"x"}"#).duration_ms, None);
    }

    #[test]
    fn tool_calls_and_their_results_are_turns() {
        let called = read(
            r#"{"role":"tool_calls","message":"","toolCalls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]}"#,
        );
        let answered = read(r#"{"role":"tool_call_result","name":"f","result":"fine","toolCallId":"c1"}"#);

        assert_eq!(called.tool_calls[0].name, "f");
        assert_eq!((answered.text.as_str(), answered.tool_call_id.as_deref()), ("fine", Some("c1")));
    }

    #[test]
    fn the_openai_format_reads_alike() {
        let turn = read(r#"{"role":"assistant","content":"Hi there."}"#);

        assert!(turn.role.is_assistant());
        assert_eq!(turn.text, "Hi there.");
    }
}
