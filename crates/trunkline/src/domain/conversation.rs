//! What was said in a call, turn by turn, as kept in `call_reports.messages`.
//!
//! As JSON: `{"who": "lead", "text": "Tuesday is fine", "at_ms": 6340, "lasted_ms": 3380}`. Whoever applies a provider's
//! report turns its messages into these; nothing else reads a provider's form.

use serde::{Deserialize, Serialize};

/// One thing in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    #[serde(flatten)]
    pub said: Said,
    /// Since the beginning of the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u32>,
    /// How long it was spoken, or how long the tool took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasted_ms: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Said {
    Agent {
        text: String,
    },
    Lead {
        text: String,
    },
    /// The agent used a tool; `result` is empty where none came.
    Tool {
        name: String,
        result: String,
    },
}

/// How long the lead waited for each turn, in milliseconds: known where the agent answers a lead and both times are. A
/// tool in between does not interrupt the wait; an agent that speaks before the lead is done is not slow but early.
pub fn response_times(turns: &[Turn]) -> Vec<Option<u32>> {
    let mut lead_ended_ms = None;
    turns
        .iter()
        .map(|turn| match &turn.said {
            Said::Lead { .. } => {
                lead_ended_ms = turn.at_ms.zip(turn.lasted_ms).map(|(at, lasted)| at.saturating_add(lasted));
                None
            }
            Said::Agent { .. } => turn.at_ms.zip(lead_ended_ms.take()).map(|(at, ended)| at.saturating_sub(ended)),
            Said::Tool { .. } => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(json: serde_json::Value) -> Vec<Turn> {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_wait_runs_from_the_leads_last_word_to_the_agents_first_over_tools() {
        let turns = turns(serde_json::json!([
            {"who": "agent", "text": "Hi there.", "at_ms": 0, "lasted_ms": 900},
            {"who": "lead", "text": "Is Tuesday free?", "at_ms": 1500, "lasted_ms": 1000},
            {"who": "tool", "name": "find_slots", "result": "10:00", "at_ms": 2600, "lasted_ms": 400},
            {"who": "agent", "text": "Yes, at ten.", "at_ms": 3400},
            {"who": "agent", "text": "Shall I book it?", "at_ms": 5000},
            {"who": "lead", "text": "Yes", "at_ms": 6000},
            {"who": "agent", "text": "Done.", "at_ms": 7000},
        ]));

        assert_eq!(response_times(&turns), [None, None, None, Some(900), None, None, None]);
    }

    #[test]
    fn turns_are_read_as_they_are_written() {
        let written = serde_json::json!([
            {"who": "lead", "text": "Yes", "at_ms": 6000},
            {"who": "tool", "name": "book", "result": ""},
        ]);

        assert_eq!(serde_json::to_value(turns(written.clone())).unwrap(), written);
    }
}
