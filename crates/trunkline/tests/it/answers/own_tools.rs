//! An organization's own tools: what its server gets, and that whatever it answers never breaks the call.

use super::{MAYA, call_tool};
use crate::support::{Client, World};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use trunkline::store::tools::{self, Tool};
use trunkline::vault::tool_place;

/// What the organization's server was asked.
type Asked = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A server of the organization's that answers each path in its own way.
async fn server() -> (String, Asked) {
    let asked = Asked::default();
    let router = axum::Router::new()
        .route("/slots", axum::routing::post(slots))
        .route("/broken", axum::routing::post(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/moved", axum::routing::post(|| async { Redirect::temporary("/slots") }))
        .route("/endless", axum::routing::post(|| async { "x".repeat(100_000) }))
        .route("/lines", axum::routing::post(|| async { "one\r\n\u{2028}two\n" }))
        .route("/silent", axum::routing::post(std::future::pending::<Response>))
        .with_state(asked.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn slots(State(asked): State<Asked>, headers: HeaderMap, body: String) -> Response {
    asked.lock().unwrap().push((headers, body));
    axum::Json(json!({ "result": { "slots": ["10:00", "11:30"] } })).into_response()
}

async fn add_tool(world: &World, client: &Client, name: &str, url: &str) {
    let secret = SecretString::from("whsec-acme");
    let tool = Tool {
        name: name.to_owned(),
        url: url.to_owned(),
        sealed_secret: world.vault.seal(&tool_place(client.id, name), &secret),
        timeout_ms: 300,
    };
    let tx = world.node.db.tenant(client.id).await.unwrap();
    tools::put(&tx, &tool, world.now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_tool_of_an_organization_is_asked_with_its_arguments_and_a_signature() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let (url, asked) = server().await;
    add_tool(&world, &acme, "find_slots", &format!("{url}/slots")).await;

    let result = call_tool(&world, &acme, MAYA, ("find_slots", json!({ "day": "Tuesday" }))).await;

    assert_eq!(result["result"], r#"{"slots":["10:00","11:30"]}"#);
    let (headers, body) = asked.lock().unwrap().remove(0);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "tool": "find_slots", "arguments": { "day": "Tuesday" }, "call_id": "call-1" }));
    assert_eq!(headers["webhook-id"], "call-1/t1");
    assert_eq!(headers["webhook-timestamp"], world.now().as_second().to_string().as_str());
    assert!(headers["webhook-signature"].to_str().unwrap().starts_with("v1,"));
}

#[tokio::test]
async fn a_tool_that_fails_in_any_way_is_a_sentence_for_the_model() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let (url, asked) = server().await;

    for path in ["broken", "moved", "endless", "silent", "missing"] {
        add_tool(&world, &acme, path, &format!("{url}/{path}")).await;
        let result = call_tool(&world, &acme, MAYA, (path, json!({}))).await;
        assert_eq!(result, json!({ "toolCallId": "t1", "name": path, "error": "the tool did not answer" }));
    }
    assert!(asked.lock().unwrap().is_empty(), "a redirect was followed");

    add_tool(&world, &acme, "lines", &format!("{url}/lines")).await;
    assert_eq!(call_tool(&world, &acme, MAYA, ("lines", json!({}))).await["result"], "one two");
}

#[tokio::test]
async fn one_organizations_tools_are_not_anothers() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let rival = world.client("Rival").await;
    let (url, asked) = server().await;
    add_tool(&world, &acme, "find_slots", &format!("{url}/slots")).await;

    let result = call_tool(&world, &rival, MAYA, ("find_slots", json!({}))).await;

    assert_eq!(result["error"], "there is no such tool here");
    assert!(asked.lock().unwrap().is_empty());
}
