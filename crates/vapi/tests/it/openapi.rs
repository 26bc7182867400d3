//! What this crate sends and knows, against Vapi's published specification.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use vapi::{
    AssistantOverrides, Backoff, BackoffPlan, CreateCall, CustomerTarget, Label, MessageKind, SchedulePlan, Server,
};

use crate::facts;

fn schema<'a>(specification: &'a Value, name: &str) -> &'a Value {
    &specification["components"]["schemas"][name]
}

/// A call with every field set.
fn full_call() -> CreateCall {
    let some = || json!({"key": "value"}).as_object().unwrap().clone();
    CreateCall {
        assistant_id: "a".into(),
        assistant_overrides: AssistantOverrides {
            variable_values: some(),
            metadata: some(),
            server: Some(Server {
                url: "https://hooks.example.com".into(),
                timeout_seconds: Some(20),
                credential_id: Some("c".into()),
                headers: BTreeMap::from([("x".to_owned(), "y".to_owned())]),
                backoff_plan: Some(BackoffPlan {
                    kind: Backoff::Exponential,
                    max_retries: 10,
                    base_delay_seconds: 10,
                    excluded_status_codes: vec![400],
                }),
            }),
            server_messages: vec![MessageKind::StatusUpdate],
            first_message: Some("Hi.".into()),
            max_duration_seconds: Some(600),
        },
        phone_number_id: "p".into(),
        customer: CustomerTarget {
            number: "+15555550101".into(),
            name: Some(Label::truncated("Ada")),
            external_id: Some("lead".into()),
        },
        name: Some(Label::truncated("attempt")),
        metadata: Some(some()),
        schedule_plan: Some(SchedulePlan {
            earliest_at: "2026-11-24T10:00:00Z".parse().unwrap(),
            latest_at: Some("2026-11-24T10:01:40Z".parse().unwrap()),
        }),
    }
}

#[test]
fn every_property_of_a_new_call_is_in_the_specification() {
    let Some(specification) = facts::json("openapi.json") else {
        return;
    };
    let sent = serde_json::to_value(full_call()).unwrap();
    let check = |object: &Value, schema_name: &str, known_extra: &[&str]| {
        let known: &Map<String, Value> = schema(&specification, schema_name)["properties"].as_object().unwrap();
        for name in object.as_object().unwrap().keys() {
            assert!(known.contains_key(name) || known_extra.contains(&name.as_str()), "{schema_name}.{name}");
        }
    };
    let overrides = &sent["assistantOverrides"];
    check(&sent, "CreateCallDTO", &["metadata"]);
    check(&sent["customer"], "CreateCustomerDTO", &[]);
    check(&sent["schedulePlan"], "SchedulePlan", &[]);
    check(overrides, "AssistantOverrides", &[]);
    check(&overrides["server"], "Server", &[]);
    check(&overrides["server"]["backoffPlan"], "BackoffPlan", &[]);
}

#[test]
fn every_type_of_message_in_the_specification_is_known() {
    let Some(specification) = facts::json("openapi.json") else {
        return;
    };
    let messages = schema(&specification, "ServerMessage")["properties"]["message"]["oneOf"].as_array().unwrap();
    for message in messages {
        let name = message["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        for type_ in schema(&specification, name)["properties"]["type"]["enum"].as_array().unwrap() {
            let kind = MessageKind::from(type_.as_str().unwrap());
            assert!(!matches!(kind, MessageKind::Unknown(_)), "{name}: {kind}");
        }
    }
    assert!(messages.len() >= 29);
}

#[test]
fn every_type_an_assistant_can_subscribe_to_is_known() {
    let Some(specification) = facts::json("openapi.json") else {
        return;
    };
    let subscribed = &schema(&specification, "AssistantOverrides")["properties"]["serverMessages"]["items"]["enum"];
    for type_ in subscribed.as_array().unwrap() {
        let kind = MessageKind::from(type_.as_str().unwrap());
        assert!(!matches!(kind, MessageKind::Unknown(_)), "{kind}");
    }
}
