//! A tool the assistant calls, in any of the shapes Vapi has used for it.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::tolerance;

/// One call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct ToolCall {
    /// Has to be repeated exactly in the answer.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// Its arguments by name. Empty when there are none, or none that are an object.
    pub arguments: Map<String, Value>,
}

/// Name and arguments are inside `function` or beside it; the arguments are an object or a JSON text of one.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(deserialize_with = "tolerance::text")]
    id: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    name: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    arguments: Option<Value>,
    #[serde(deserialize_with = "tolerance::optional")]
    parameters: Option<Value>,
    #[serde(deserialize_with = "tolerance::optional")]
    function: Option<Function>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Function {
    #[serde(deserialize_with = "tolerance::optional")]
    name: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    arguments: Option<Value>,
    #[serde(deserialize_with = "tolerance::optional")]
    parameters: Option<Value>,
}

impl From<Wire> for ToolCall {
    fn from(wire: Wire) -> Self {
        let Wire { id, name, arguments, parameters, function } = wire;
        let function = function.unwrap_or_default();
        let arguments = function.arguments.or(function.parameters).or(arguments).or(parameters);
        Self {
            id: id.unwrap_or_default(),
            name: function.name.or(name).unwrap_or_default(),
            arguments: arguments.and_then(object).unwrap_or_default(),
        }
    }
}

fn object(arguments: Value) -> Option<Map<String, Value>> {
    match arguments {
        Value::Object(fields) => Some(fields),
        Value::String(json) => serde_json::from_str(&json).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_arguments_are_found_in_every_shape() {
        let check = |json: &str| {
            let call: ToolCall = serde_json::from_str(json).unwrap();
            let arguments = serde_json::json!({"city": "Danville"});
            assert_eq!((call.id.as_str(), call.name.as_str()), ("call_1", "weather"), "{json}");
            assert_eq!(Value::Object(call.arguments), arguments, "{json}");
        };
        check(
            r#"{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Danville\"}"}}"#,
        );
        check(r#"{"id":"call_1","type":"function","function":{"name":"weather","arguments":{"city":"Danville"}}}"#);
        check(r#"{"id":"call_1","function":{"name":"weather","parameters":{"city":"Danville"}}}"#);
        check(r#"{"id":"call_1","name":"weather","parameters":{"city":"Danville"}}"#);
        check(r#"{"id":"call_1","name":"weather","arguments":"{\"city\":\"Danville\"}"}"#);
    }

    #[test]
    fn arguments_that_are_no_object_read_as_none() {
        let check = |json: &str| {
            let call: ToolCall = serde_json::from_str(json).unwrap();
            assert!(call.arguments.is_empty(), "{json}");
        };
        check(r#"{"id":"call_1","name":"weather"}"#);
        check(r#"{"id":"call_1","name":"weather","arguments":""}"#);
        check(r#"{"id":"call_1","name":"weather","arguments":"not json"}"#);
        check(r#"{"id":"call_1","name":"weather","arguments":[1]}"#);
    }
}
