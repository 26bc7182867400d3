//! Live questions while the database is slow or away: an answer all the same, and the call goes on.

use super::{MAYA, NOBODY, question};
use crate::support::World;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_live_question_is_answered_even_if_its_event_cannot_be_kept() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.sql("alter table events rename to events_that_are_away").await;

    let (status, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;

    assert_eq!((status, answer), (StatusCode::OK, json!({ "assistantId": acme.assistant_id })));
    let (status, _) = world.webhook(&question(&acme, "status-update", MAYA, json!({ "status": "ringing" }))).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn behind_a_database_that_does_not_answer_a_caller_is_taken_from_memory() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let asked = question(&acme, "assistant-request", MAYA, json!({}));
    let taken = json!({ "assistantId": acme.assistant_id });
    let secret = world.webhook_secret().await;
    let headers = [("x-vapi-secret", secret.as_str())];
    let ask = || world.webhook_with(&headers, asked.to_string());
    assert_eq!(ask().await.1, taken);

    let session = world.database.superuser().await;
    session
        .batch_execute("begin; lock table events, webhook_credentials, agents, agent_deployments, leads")
        .await
        .unwrap();
    assert_eq!(ask().await, (StatusCode::OK, taken.clone()));

    let unknown = question(&acme, "assistant-request", MAYA, json!({ "call": { "id": "call-2" } }));
    let unknown = world.webhook_with(&headers, unknown.to_string()).await;
    assert_eq!(unknown, (StatusCode::OK, json!({ "error": NOBODY })));
    session.batch_execute("rollback").await.unwrap();

    assert_eq!(ask().await.1, taken);
}
