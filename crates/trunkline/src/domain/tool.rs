//! The tools that agents have from Trunkline, and what they are given.

use super::text_enum::text_enum;
use serde_json::{Map, Value};

text_enum! {
    /// A tool that is answered here. An organization's own tools go by other names.
    pub enum BuiltIn ("built-in tool") {
        /// The person does not want to be called again.
        OptOut = "opt_out",
        /// What is known of the person in the call, and of nobody else.
        LookUpLead = "look_up_lead",
        /// Something to be remembered of the call.
        LeaveNote = "leave_note",
        /// The person wants to be called at another time.
        BookCallBack = "book_call_back",
    }
}

impl BuiltIn {
    /// The tool of this name, however its words are joined: `opt_out`, `optOut`, `Opt-Out`.
    pub fn named(name: &str) -> Option<Self> {
        let wanted = plain(name);
        Self::ALL.iter().copied().find(|tool| plain(tool.as_str()) == wanted)
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The text of the first of `names` that is given, or the only text there is: assistants name their arguments freely.
pub fn text_argument(arguments: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let by_name = names.iter().find_map(|name| text(arguments.get(*name)?));
    let mut texts = arguments.values().filter_map(text);
    by_name.or_else(|| texts.next().filter(|_| texts.next().is_none()))
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// At most so many characters of `text`.
pub fn shortened(text: &str, chars_max: usize) -> &str {
    text.char_indices().nth(chars_max).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tool_is_known_however_its_words_are_joined() {
        for name in ["opt_out", "optOut", "Opt-Out", "OPT OUT"] {
            assert_eq!(BuiltIn::named(name), Some(BuiltIn::OptOut), "{name}");
        }
        for name in ["", "opt", "opt_out_2", "öpt_out"] {
            assert_eq!(BuiltIn::named(name), None, "{name}");
        }
    }

    #[test]
    fn an_argument_is_found_by_name_or_because_it_is_the_only_text() {
        let given = |arguments: Value| text_argument(arguments.as_object().unwrap(), &["text", "note"]);

        assert_eq!(given(json!({ "note": " Has a dog. ", "x": "y" })).as_deref(), Some("Has a dog."));
        assert_eq!(given(json!({ "remark": "Has a dog.", "sure": true })).as_deref(), Some("Has a dog."));
        assert_eq!(given(json!({ "note": 7 })).as_deref(), Some("7"));
        assert_eq!(given(json!({ "a": "x", "b": "y" })), None);
        assert_eq!(given(json!({ "note": "  ", "list": ["x"] })), None);
    }

    #[test]
    fn a_text_is_shortened_between_characters() {
        assert_eq!(shortened("äöü", 2), "äö");
        assert_eq!(shortened("äöü", 3), "äöü");
    }
}
