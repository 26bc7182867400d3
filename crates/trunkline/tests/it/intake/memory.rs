//! What a node remembers of the database: right on every node, and only for as long as changes are heard of.

use super::status_update;
use crate::support::{Client, World};
use jiff::tz::TimeZone;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use trunkline::app::{Node, Settings};
use trunkline::store;

/// One of two nodes over one database, which hears of changes.
struct Other {
    node: Node,
    url: String,
    hearing: JoinHandle<store::Result<()>>,
}

impl Other {
    async fn beside(world: &World) -> Self {
        let node = Node::new(Settings {
            db: world.database.app(),
            clock: world.clock.clone(),
            vault: world.vault.clone(),
            public_url: world.base_url.clone(),
            agency: "Relay Agency".to_owned(),
            zone: TimeZone::UTC,
            simulated: true,
            decisions_kept: jiff::SignedDuration::from_hours(24),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/vapi", listener.local_addr().unwrap());
        let router = node.router();
        tokio::spawn(trunkline::server::serve(listener, router, std::future::pending()));
        let (changes, db) = (node.changes.clone(), node.db.clone());
        let hearing = tokio::spawn(async move { changes.follow(&db).await });
        node.changes.caught_up().await;
        Self { node, url, hearing }
    }

    /// Has this node told of a call that no ledger knows; returns the answer's status and whose the event is.
    async fn told(&self, world: &World, call: &str, assistant: &str) -> (StatusCode, String) {
        let mut message: Value = status_update(call, "ringing", 1);
        message["message"]["call"]["assistantId"] = assistant.into();
        let secret = world.webhook_secret().await;
        let request = world.browser.post(&self.url).header("x-vapi-secret", secret).json(&message);
        let status = request.send().await.unwrap().status();
        let owner = format!("select organization_id from events where provider_call_id = '{call}'");
        (status, world.sql(&owner).await.pop().unwrap_or_default())
    }
}

async fn give(world: &World, assistant: &str, client: &Client) {
    let (organization, agent) = (client.id, client.agent);
    let owner = format!("organization_id = '{organization}', agent_id = '{agent}'");
    world.sql(&format!("update agent_deployments set {owner} where assistant_id = '{assistant}'")).await;
}

#[tokio::test]
async fn what_is_changed_anywhere_counts_on_every_node() {
    let world = World::new().await;
    let (acme, rival) = (world.client("Acme").await, world.client("Rival").await);
    world.sql(&format!("delete from agent_deployments where assistant_id = '{}'", rival.assistant_id)).await;
    let nodes = [Other::beside(&world).await, Other::beside(&world).await];

    for (place, node) in nodes.iter().enumerate() {
        let told = node.told(&world, &format!("before-{place}"), &acme.assistant_id).await;
        assert_eq!(told, (StatusCode::OK, acme.id.to_string()));
    }
    give(&world, &acme.assistant_id, &rival).await;
    for (place, node) in nodes.iter().enumerate() {
        node.node.changes.caught_up().await;
        let told = node.told(&world, &format!("after-{place}"), &acme.assistant_id).await;
        assert_eq!(told, (StatusCode::OK, rival.id.to_string()));
    }
}

#[tokio::test]
async fn whose_a_message_is_and_who_sent_it_are_remembered_while_nothing_changes() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let node = Other::beside(&world).await;
    node.told(&world, "first", &acme.assistant_id).await;

    let secret = world.webhook_secret().await;
    for table in ["agent_deployments", "phone_numbers", "webhook_credentials"] {
        world.sql(&format!("alter table {table} rename to {table}_that_are_away")).await;
    }
    let message = status_update("second", "ringing", 1);
    let request = world.browser.post(&node.url).header("x-vapi-secret", secret).json(&message);

    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn what_a_node_remembers_ends_with_the_connection_that_tells_of_changes() {
    let world = World::new().await;
    let (acme, rival) = (world.client("Acme").await, world.client("Rival").await);
    world.sql(&format!("delete from agent_deployments where assistant_id = '{}'", rival.assistant_id)).await;
    let node = Other::beside(&world).await;
    node.told(&world, "before", &acme.assistant_id).await;

    let killed = "select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and query like '%pg_notify%' and pid <> pg_backend_pid()";
    assert_eq!(world.sql(killed).await, ["t"]);
    assert!(node.hearing.await.unwrap().is_err());
    give(&world, &acme.assistant_id, &rival).await;

    let other = Other { hearing: tokio::spawn(async { Ok(()) }), ..node };
    assert_eq!(other.told(&world, "after", &acme.assistant_id).await, (StatusCode::OK, rival.id.to_string()));
}

#[tokio::test]
async fn the_ledger_tells_better_than_what_is_remembered() {
    let world = World::new().await;
    let (acme, rival) = (world.client("Acme").await, world.client("Rival").await);
    let call = super::quiet_call(&world, &acme, super::MAYA).await;
    let node = Other::beside(&world).await;

    assert_eq!(node.told(&world, &call, &rival.assistant_id).await, (StatusCode::OK, acme.id.to_string()));
}
