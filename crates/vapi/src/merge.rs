//! Changing a stored object at Vapi.
//!
//! Vapi's `PATCH` is partial at the top level only: a nested object that is sent replaces the stored one whole,
//! silently. So a change is merged into the stored object here, and complete nested objects are sent.

use serde_json::{Map, Value};

/// Merges `change` into `stored`: objects key by key, everything else replaced. A null removes a key, as in
/// RFC 7396.
pub fn deep_merge(stored: &mut Value, change: &Value) {
    let Value::Object(changes) = change else {
        *stored = change.clone();
        return;
    };
    if !stored.is_object() {
        *stored = Value::Object(Map::new());
    }
    let fields = stored.as_object_mut().expect("it was made an object above");
    for (key, value) in changes {
        if value.is_null() {
            fields.remove(key);
        } else {
            deep_merge(fields.entry(key).or_insert(Value::Null), value);
        }
    }
}

/// The body of a `PATCH` that brings `change` into `stored`: the complete new value of every top-level key that is
/// not yet as wanted. A top-level null is sent as null, which clears the field.
pub(crate) fn patch_body(stored: &Value, change: &Map<String, Value>) -> Map<String, Value> {
    let mut body = Map::new();
    for (key, wanted) in change {
        let before = stored.get(key).cloned().unwrap_or(Value::Null);
        let mut after = before.clone();
        deep_merge(&mut after, wanted);
        if after != before {
            body.insert(key.clone(), after);
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "the cases are written as literals")]
    fn check(stored: Value, change: Value, expected: Value) {
        let body = patch_body(&stored, change.as_object().unwrap());
        assert_eq!(Value::Object(body), expected);
    }

    #[test]
    fn a_nested_object_is_sent_whole() {
        check(
            json!({"name": "n", "server": {"url": "old", "timeoutSeconds": 20, "backoffPlan": {"type": "fixed", "maxRetries": 1}}}),
            json!({"server": {"url": "new", "backoffPlan": {"maxRetries": 5}}}),
            json!({"server": {"url": "new", "timeoutSeconds": 20, "backoffPlan": {"type": "fixed", "maxRetries": 5}}}),
        );
    }

    #[test]
    fn what_is_already_so_is_not_sent() {
        check(
            json!({"name": "n", "server": {"url": "u", "timeoutSeconds": 20}}),
            json!({"name": "n", "server": {"url": "u"}}),
            json!({}),
        );
    }

    #[test]
    fn a_list_is_replaced() {
        check(
            json!({"serverMessages": ["hang"]}),
            json!({"serverMessages": ["tool-calls"]}),
            json!({"serverMessages": ["tool-calls"]}),
        );
    }

    #[test]
    fn null_clears_a_field_and_removes_a_nested_key() {
        check(json!({"voice": {"a": 1}}), json!({"voice": null}), json!({"voice": null}));
        check(
            json!({"server": {"url": "u", "credentialId": "c"}}),
            json!({"server": {"credentialId": null}}),
            json!({"server": {"url": "u"}}),
        );
        check(json!({}), json!({"voice": null}), json!({}));
    }

    #[test]
    fn an_object_may_take_the_place_of_a_plain_value() {
        check(
            json!({"voicemailDetection": "off"}),
            json!({"voicemailDetection": {"provider": "vapi", "x": null}}),
            json!({"voicemailDetection": {"provider": "vapi"}}),
        );
    }
}
