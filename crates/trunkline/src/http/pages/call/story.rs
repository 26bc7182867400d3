//! What was said in a call and how it ended, as a page tells it.

use crate::domain::conversation::{Said, Turn};
use crate::domain::outcome::Outcome;
use crate::store::call_detail::CallDetail;
use serde_json::Value;
use ui::view::{Recording, Transcript};

/// Fields of the analysis that are shown.
const FIELDS_MAX: usize = 40;
const FIELD_CHARS_MAX: usize = 500;

/// In plain words; `None` while it goes on, and for a reason that we have no words for.
pub(crate) fn how_it_ended(reason: Option<&str>) -> Option<String> {
    ui::words::how_it_ended(reason?).map(str::to_owned)
}

/// What the agent noted.
pub(super) fn fields(analysis: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = analysis else {
        return Vec::new();
    };
    let shown = fields.iter().filter(|(_, value)| !value.is_null()).take(FIELDS_MAX);
    shown.map(|(name, value)| (name_in_words(name), value_in_words(value))).collect()
}

/// `appointmentDate` and `appointment_date` are both `Appointment date`.
pub(crate) fn name_in_words(name: &str) -> String {
    let mut words = String::new();
    for character in name.trim().chars() {
        if character == '_' || character == '-' {
            words.push(' ');
        } else if words.is_empty() {
            words.extend(character.to_uppercase());
        } else if character.is_uppercase() && words.ends_with(char::is_lowercase) {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
    }
    words
}

/// `callback_requested`: one of an agent's fixed answers.
fn is_code(text: &str) -> bool {
    text.contains('_') && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn value_in_words(value: &Value) -> String {
    let text = match value {
        Value::String(text) if is_code(text) => name_in_words(text),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    match text.char_indices().nth(FIELD_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The turns with how long the lead waited for each; else the plain text of the report.
pub(super) fn transcript(
    detail: &CallDetail,
    turns: &[Turn],
    waits: &[Option<u32>],
    plain: Option<&str>,
) -> Transcript {
    if !turns.is_empty() {
        return Transcript::Turns(turns.iter().zip(waits).map(|(turn, wait)| drawn(turn, *wait)).collect());
    }
    match plain.map(plain_turns) {
        Some(turns) if !turns.is_empty() => Transcript::Turns(turns),
        _ if detail.has_report => Transcript::Nothing,
        _ => Transcript::Pending,
    }
}

fn drawn(turn: &Turn, response_ms: Option<u32>) -> ui::view::Turn {
    let at = turn.at_ms.map(|ms| ms / 1000);
    match &turn.said {
        Said::Agent { text } => ui::view::Turn::Agent { at, text: text.clone(), response_ms },
        Said::Lead { text } => ui::view::Turn::Lead { at, text: text.clone() },
        Said::Tool { name, result } => {
            ui::view::Turn::Tool { at, name: name.clone(), result: result.clone(), took_ms: turn.lasted_ms }
        }
    }
}

/// A transcript as text has a line for each turn, which begins with who speaks: `AI: …` or `User: …`.
fn plain_turns(text: &str) -> Vec<ui::view::Turn> {
    let turn = |line: &str| {
        let line = line.trim();
        let lead =
            line.strip_prefix("User:").map(|said| ui::view::Turn::Lead { at: None, text: said.trim().to_owned() });
        let agent = |said: &str| ui::view::Turn::Agent { at: None, text: said.trim().to_owned(), response_ms: None };
        (!line.is_empty()).then(|| lead.unwrap_or_else(|| agent(line.strip_prefix("AI:").unwrap_or(line))))
    };
    text.lines().filter_map(turn).collect()
}

pub(super) fn recording(detail: &CallDetail) -> Recording {
    let was_picked_up = match detail.call.outcome {
        Some(Outcome::Answered | Outcome::Voicemail) => true,
        Some(Outcome::NoAnswer | Outcome::Busy | Outcome::Refused | Outcome::Failed) => false,
        None => return Recording::Pending,
    };
    if detail.has_recording {
        let seconds = detail.call.duration_ms.map_or(0, super::row::whole_seconds);
        return Recording::Ready { seconds, peaks: None };
    }
    match (was_picked_up, detail.has_report) {
        (false, _) => Recording::NotAnswered,
        (true, true) => Recording::NotRecorded,
        (true, false) => Recording::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_agent_noted_is_told_in_words() {
        let analysis = json!({"appointmentDate": "Tue 10:00", "wants_callback": true, "note": null, "seats": 2, "end": "call_back"});

        let fields = fields(&analysis);

        let expected =
            [("Appointment date", "Tue 10:00"), ("End", "Call back"), ("Seats", "2"), ("Wants callback", "Yes")];
        let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.sort_unstable();
        assert_eq!(fields, expected);
    }

    #[test]
    fn an_analysis_that_is_no_object_has_no_fields() {
        assert_eq!((fields(&json!(null)), fields(&json!("x"))), (vec![], vec![]));
    }

    #[test]
    fn a_transcript_without_times_is_split_by_speaker() {
        let turns = plain_turns("AI: Hello, this is Riley.\nUser: Hi.\n\nAI: Is Tuesday free?\n");

        let said: Vec<_> = turns
            .iter()
            .map(|turn| match turn {
                ui::view::Turn::Agent { text, .. } => format!("agent {text}"),
                ui::view::Turn::Lead { text, .. } => format!("lead {text}"),
                ui::view::Turn::Tool { name, .. } => format!("tool {name}"),
            })
            .collect();
        assert_eq!(said, ["agent Hello, this is Riley.", "lead Hi.", "agent Is Tuesday free?"]);
    }
}
