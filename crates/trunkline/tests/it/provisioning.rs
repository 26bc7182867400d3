//! Assistants and numbers at the provider are pointed at this installation, and nothing else of them changes.

use crate::support::World;
use serde_json::{Value, json};
use std::sync::Arc;
use trunkline::commands::provision::{Found, look};
use trunkline::dialer::accounts::Accounts;

async fn looked(world: &World, apply: bool) -> Vec<Found> {
    let accounts = Accounts::new(world.node.db.clone(), world.vault.clone(), world.clock.clone());
    look(&world.node.db, &Arc::new(accounts), &world.base_url, apply).await.unwrap()
}

async fn at_provider(world: &World, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
    let request = world.browser.request(method, format!("{}{path}", world.provider.base_url()));
    let request = request.bearer_auth("sim-key-1").header("user-agent", "by hand");
    let request = if let Some(body) = body { request.json(&body) } else { request };
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn what_is_pointed_elsewhere_is_shown_and_then_pointed_here_and_the_rest_of_it_stays() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let path = format!("/assistant/{}", acme.assistant_id);
    let by_hand = json!({
        "server": { "url": "https://elsewhere.example.com", "timeoutSeconds": 5 },
        "serverMessages": ["transcript", "status-update"],
        "firstMessage": "Hi there.",
    });
    at_provider(&world, reqwest::Method::PATCH, &path, Some(by_hand)).await;

    let shown = looked(&world, false).await;
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|found| found.differs.contains(&"server.url".to_owned()) && !found.is_mended));
    let mended = looked(&world, true).await;
    assert!(mended.iter().all(|found| found.is_mended && found.problem.is_none()), "{mended:?}");

    let assistant = at_provider(&world, reqwest::Method::GET, &path, None).await;
    assert_eq!(assistant["server"]["url"], format!("{}/webhooks/vapi", world.base_url));
    assert_eq!(assistant["server"]["backoffPlan"]["maxRetries"], 10);
    assert_eq!(assistant["firstMessage"], "Hi there.");
    let messages = assistant["serverMessages"].as_array().unwrap();
    assert!(messages.contains(&json!("transcript")) && messages.contains(&json!("end-of-call-report")));
    let again = looked(&world, true).await;
    assert!(again.iter().all(|found| found.differs.is_empty()), "{again:?}");
}

#[tokio::test]
async fn a_number_that_is_pointed_here_asks_who_takes_its_calls() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    looked(&world, true).await;
    let number = world.sql("select number from phone_numbers").await.remove(0);

    world.provider.inbound_call(&number, "+12125550146").unwrap();
    world.finish_calls().await;

    let taken = "select agent_id from calls where direction = 'inbound' and outcome = 'answered'";
    assert_eq!(world.sql(taken).await, [acme.agent.to_string()]);
    assert_eq!(world.provider.totals().webhooks_failed, 0);
}
