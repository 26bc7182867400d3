//! What a server may answer to the messages that wait for it. Always with status 200: Vapi ignores the body of others.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{AssistantOverrides, Destination};

/// Who takes an inbound call. Due within 7.5 s from end to end, whatever the server's timeout says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum AssistantRequestAnswer {
    /// A stored assistant.
    Assistant {
        /// Its id at Vapi.
        assistant_id: String,
        /// What this call changes in it.
        #[serde(skip_serializing_if = "Option::is_none")]
        assistant_overrides: Option<AssistantOverrides>,
    },
    /// An assistant that exists for this call only.
    TransientAssistant {
        /// Its JSON.
        assistant: Map<String, Value>,
    },
    /// A stored squad.
    Squad {
        /// Its id at Vapi.
        squad_id: String,
    },
    /// Nobody of ours: the call goes on to another party.
    Forward {
        /// Which.
        destination: Destination,
    },
    /// Nobody: the text is spoken and the call ends.
    Refuse {
        /// Must not be empty: Vapi would speak of an unknown error and a support desk.
        error: String,
    },
}

/// The results of tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolCallsAnswer {
    /// One for each call.
    pub results: Vec<ToolResult>,
}

/// The result of one call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolResult {
    tool_call_id: String,
    name: String,
    #[serde(flatten)]
    outcome: ToolOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum ToolOutcome {
    Result(String),
    Error(String),
}

impl ToolResult {
    /// What the tool found. Vapi wants one line of text: line breaks become spaces.
    pub fn success(tool_call_id: &str, name: &str, result: &str) -> Self {
        Self::new(tool_call_id, name, ToolOutcome::Result(single_line(result)))
    }

    /// Why the tool found nothing; told to the model.
    pub fn failure(tool_call_id: &str, name: &str, error: &str) -> Self {
        Self::new(tool_call_id, name, ToolOutcome::Error(single_line(error)))
    }

    fn new(tool_call_id: &str, name: &str, outcome: ToolOutcome) -> Self {
        Self { tool_call_id: tool_call_id.to_owned(), name: name.to_owned(), outcome }
    }
}

/// Whatever may end a line somewhere: `\r` alone and Unicode's own separators too.
fn single_line(text: &str) -> String {
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.split(ends_line).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where to transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TransferDestinationAnswer {
    /// There.
    Transfer {
        /// Where.
        destination: Destination,
    },
    /// Nowhere; the text is for the model.
    Refuse {
        /// Why.
        error: String,
    },
}

/// Which assistant goes on. Vapi's schema wants a destination even in an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandoffDestinationAnswer {
    /// `{type: "assistant", assistantId | assistantName | assistant, …}`.
    pub destination: Map<String, Value>,
    /// Told to the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why there is no hand-over; told to the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What is known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum KnowledgeBaseAnswer {
    /// Passages for the model.
    Documents {
        /// The best first.
        documents: Vec<KnowledgeDocument>,
    },
    /// A ready answer.
    Message {
        /// `{role, content}` in `OpenAI`'s format.
        message: Map<String, Value>,
    },
}

/// A passage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnowledgeDocument {
    /// Its text.
    pub content: String,
    /// How well it fits, 0 to 1.
    pub similarity: f64,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
}

/// Whether a contact of a campaign of Vapi's may be called. Anything else than this counts as no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PredialAnswer {
    /// Yes or no.
    pub eligible: bool,
}

/// How long to wait before speaking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointingAnswer {
    /// 0 to 15.
    pub timeout_seconds: f64,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "the cases are written as literals")]
    fn check(answer: impl Serialize, expected: Value) {
        assert_eq!(serde_json::to_value(answer).unwrap(), expected);
    }

    #[test]
    fn an_inbound_call_is_taken_forwarded_or_refused() {
        check(
            AssistantRequestAnswer::Assistant { assistant_id: "a".into(), assistant_overrides: None },
            json!({"assistantId": "a"}),
        );
        check(AssistantRequestAnswer::Squad { squad_id: "s".into() }, json!({"squadId": "s"}));
        let destination = Destination::Number {
            number: "+15555550101".into(),
            caller_id: None,
            extension: Some("7".into()),
            message: None,
        };
        check(
            AssistantRequestAnswer::Forward { destination },
            json!({"destination": {"type": "number", "number": "+15555550101", "extension": "7"}}),
        );
        check(AssistantRequestAnswer::Refuse { error: "We are closed.".into() }, json!({"error": "We are closed."}));
    }

    #[test]
    fn a_tools_result_is_one_line_with_its_calls_id_and_name() {
        let results = vec![
            ToolResult::success("call_1", "find", "two\r\n  slots\n\r\u{2028}free\u{b}"),
            ToolResult::failure("call_2", "book", "taken"),
        ];

        check(
            ToolCallsAnswer { results },
            json!({"results": [
                {"toolCallId": "call_1", "name": "find", "result": "two slots free"},
                {"toolCallId": "call_2", "name": "book", "error": "taken"},
            ]}),
        );
    }

    #[test]
    fn the_other_answers_have_vapis_names() {
        let destination = Destination::Assistant { assistant_name: "sales".into(), message: None };
        check(
            TransferDestinationAnswer::Transfer { destination },
            json!({"destination": {"type": "assistant", "assistantName": "sales"}}),
        );
        let destination = Destination::Sip {
            sip_uri: "sip:desk@example.com".into(),
            sip_headers: [("X-Lead".to_owned(), "7".to_owned())].into(),
            message: None,
        };
        check(
            TransferDestinationAnswer::Transfer { destination },
            json!({"destination": {"type": "sip", "sipUri": "sip:desk@example.com", "sipHeaders": {"X-Lead": "7"}}}),
        );
        check(PredialAnswer { eligible: false }, json!({"eligible": false}));
        check(EndpointingAnswer { timeout_seconds: 0.5 }, json!({"timeoutSeconds": 0.5}));
        let documents = vec![KnowledgeDocument { content: "c".into(), similarity: 0.5, uuid: None }];
        check(
            KnowledgeBaseAnswer::Documents { documents },
            json!({"documents": [{"content": "c", "similarity": 0.5}]}),
        );
    }
}
