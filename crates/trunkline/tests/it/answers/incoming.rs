//! Calls that come in: who takes them, and what becomes of a caller whom nobody takes.

use super::{MAYA, NOBODY, point_numbers_here, question};
use crate::support::{Client, World, hours};
use jiff::SignedDuration;
use serde_json::json;
use trunkline::domain::ids::AgentId;
use trunkline::domain::inbound_policy::{InboundPlan, Overflow};
use trunkline::store::agents::{self, NewAgent, NewDeployment};
use trunkline::store::inbound_plans;
use vapi_sim::Outcome;

const DESK: &str = "+12125550100";

async fn plan(world: &World, client: &Client, plan: InboundPlan) {
    let tx = world.node.db.tenant(client.id).await.unwrap();
    inbound_plans::put(&tx, Some(client.number), &plan, world.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn second_agent(world: &World, client: &Client) -> (AgentId, String) {
    let assistant_id = world.provider.add_assistant("org-1", json!({ "name": "Noel" }));
    let agent = AgentId::new();
    let new = NewAgent { id: agent, name: "Noel".to_owned(), lines_max: 5, detects_voicemail: false };
    let tx = world.node.db.tenant(client.id).await.unwrap();
    agents::create(&tx, &[new], world.now() + SignedDuration::from_secs(1)).await.unwrap();
    let deployment = NewDeployment { agent, account: world.account, assistant_id: assistant_id.clone() };
    agents::deploy(&tx, &[deployment], world.now()).await.unwrap();
    tx.commit().await.unwrap();
    (agent, assistant_id)
}

/// A call to the client's number, to its end. Returns why it ended.
async fn call_in(world: &World, phone: &str) -> String {
    point_numbers_here(world).await;
    let number = world.sql("select number from phone_numbers").await.remove(0);
    let call = world.provider.inbound_call(&number, phone).unwrap();
    world.finish_calls().await;
    world.sql(&format!("select ended_reason from calls where provider_call_id = '{call}'")).await.remove(0)
}

#[tokio::test]
async fn who_calls_back_talks_to_the_agent_that_called_and_is_known_to_it() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer]);
    world.campaign(&acme, &[MAYA]).await;
    world.sql("update leads set variables = '{\"city\": \"Danville\"}'").await;
    world.finish_calls().await;
    let (other, _) = second_agent(&world, &acme).await;
    plan(&world, &acme, InboundPlan { agent: Some(other), ..InboundPlan::default() }).await;

    let (_, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;
    let variables = json!({ "variableValues": { "city": "Danville" } });
    assert_eq!(answer, json!({ "assistantId": acme.assistant_id, "assistantOverrides": variables }));
    let reason = call_in(&world, MAYA).await;

    assert_ne!(reason, "assistant-request-failed");
    let inbound = world.sql("select agent_id from calls where direction = 'inbound' and outcome = 'answered'").await;
    assert_eq!(inbound, [acme.agent.to_string()]);
    assert_eq!(world.sql("select count(*) from calls where lead_id is null").await, ["0"]);
}

#[tokio::test]
async fn a_number_has_an_agent_of_its_own_for_those_whom_nobody_called() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let (noel, assistant_id) = second_agent(&world, &acme).await;
    plan(&world, &acme, InboundPlan { agent: Some(noel), ..InboundPlan::default() }).await;

    let (_, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;

    assert_eq!(answer, json!({ "assistantId": assistant_id }));
}

#[tokio::test]
async fn outside_its_hours_a_number_sends_its_callers_to_another_phone() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let overflow = Overflow { number: Some(DESK.to_owned()), ..Overflow::default() };
    // It is noon where the organization is.
    let closed = InboundPlan { hours: Some(hours("13:00-17:00")), overflow, ..InboundPlan::default() };
    plan(&world, &acme, closed).await;

    let (_, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;
    assert_eq!(answer, json!({ "destination": { "type": "number", "number": DESK } }));
    assert_eq!(call_in(&world, MAYA).await, "assistant-request-returned-forwarding-phone-number");

    world.advance(SignedDuration::from_hours(1));
    let (_, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;
    assert_eq!(answer, json!({ "assistantId": acme.assistant_id }));
}

#[tokio::test]
async fn when_all_lines_are_taken_a_caller_hears_the_organizations_words() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 1).await;
    let words = "All of us are talking. Please call again.";
    let overflow = Overflow { message: Some(words.to_owned()), ..Overflow::default() };
    plan(&world, &acme, InboundPlan { overflow, ..InboundPlan::default() }).await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;

    let asked = question(&acme, "assistant-request", "+12125550147", json!({}));
    let (_, answer) = world.webhook(&asked).await;
    assert_eq!(answer, json!({ "error": words }));
    world.finish_calls().await;

    let asked = question(&acme, "assistant-request", "+12125550148", json!({}));
    assert_eq!(world.webhook(&asked).await.1, json!({ "assistantId": acme.assistant_id }));
}

#[tokio::test]
async fn an_organization_that_is_suspended_takes_no_call() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.sql("update organizations set status = 'suspended'").await;

    let (_, answer) = world.webhook(&question(&acme, "assistant-request", MAYA, json!({}))).await;

    assert_eq!(answer, json!({ "error": NOBODY }));
}

#[tokio::test]
async fn a_caller_without_a_number_is_taken_like_any_other() {
    let world = World::new().await;
    let acme = world.client("Acme").await;

    for phone in ["anonymous", "", "+0", "sip:ada@example.com"] {
        let (_, answer) = world.webhook(&question(&acme, "assistant-request", phone, json!({}))).await;
        assert_eq!(answer, json!({ "assistantId": acme.assistant_id }), "{phone}");
    }
}
