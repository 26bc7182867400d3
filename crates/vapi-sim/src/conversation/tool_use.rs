//! Which of an assistant's tools is used in a scene, and with what arguments.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::Words;

/// The function tools of one assistant: as declared inline and by id.
#[derive(Default)]
pub(crate) struct Tools(pub(crate) Vec<Arc<Value>>);

impl Tools {
    /// The first tool whose name contains a hint, in the order of the hints.
    pub(crate) fn fitting(&self, hints: &[&str]) -> Option<Arc<Value>> {
        let named = |hint: &&str| {
            self.0.iter().find(|tool| name_of(tool).is_some_and(|name| name.to_lowercase().contains(*hint)))
        };
        hints.iter().find_map(named).cloned()
    }
}

/// `function.name` of a function tool; a transfer tool goes by its type.
pub(crate) fn name_of(tool: &Value) -> Option<&str> {
    let function = tool.get("function").and_then(|function| function.get("name"));
    function.or_else(|| tool.get("type").filter(|kind| *kind == "transferCall")).and_then(Value::as_str)
}

/// Arguments that fit the tool's own schema, filled with the words of the conversation.
pub(crate) fn arguments_for(tool: &Value, words: &Words) -> Value {
    let properties = tool.pointer("/function/parameters/properties").and_then(Value::as_object);
    let filled = properties.into_iter().flatten();
    Value::Object(filled.map(|(name, schema)| (name.clone(), argument(name, schema, words))).collect::<Map<_, _>>())
}

fn argument(name: &str, schema: &Value, words: &Words) -> Value {
    if let Some(choice) = schema.get("enum").and_then(|choices| choices.get(0)) {
        return choice.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("number" | "integer") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => Value::String(text_argument(&name.to_lowercase(), words)),
    }
}

fn text_argument(name: &str, words: &Words) -> String {
    let hints: [(&str, &str); 12] = [
        ("first", "{first}"),
        ("name", "{name}"),
        ("phone", "{phone}"),
        ("number", "{phone}"),
        ("time", "{time}"),
        ("date", "{day}"),
        ("day", "{day}"),
        ("service", "{service}"),
        ("reason", "{service}"),
        ("amount", "{amount}"),
        ("price", "{amount}"),
        ("company", "{company}"),
    ];
    let hint = hints.iter().find(|(hint, _)| name.contains(hint));
    words.fill(hint.map_or("{first}: {service}", |(_, template)| template))
}
