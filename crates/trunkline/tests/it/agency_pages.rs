//! What the agency sees over all organizations: the overview, the organizations, the webhooks.

use crate::support::World;
use reqwest::StatusCode;

const PHONES: [&str; 3] = ["+12125550146", "+12125550147", "+12125550148"];

/// A webhook in a state that waits for a person.
async fn odd_event(world: &World, organization: &str, state: &str) {
    let event = format!(
        "insert into events (id, organization_id, provider_account_id, source, type, dedupe_key, received_at, body,
                             state, problem)
         values (gen_random_uuid(), {organization}, '{}', 'webhook', 'status-update', '{state}', '{}', '', '{state}',
                 'the end is before the beginning')",
        world.account,
        world.now(),
    );
    world.sql(&event).await;
}

#[tokio::test]
async fn the_overview_counts_the_day_and_says_what_needs_a_person() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    world.campaign(&acme, &PHONES).await;
    world.finish_calls().await;
    odd_event(&world, "null", "unattributed").await;

    let overview = world.get(&operator, "/").await.body;
    let webhooks = world.get(&operator, "/webhooks").await.body;

    assert!(overview.contains("Calls today") && overview.contains("1 webhook belongs to nobody"));
    assert!(overview.contains("Acme"));
    assert!(webhooks.contains("status-update") && webhooks.contains("unknown here"));
    world.sql("delete from events where state = 'unattributed'").await;
}

#[tokio::test]
async fn what_was_set_aside_is_applied_again_on_demand() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    odd_event(&world, &format!("'{}'", acme.id), "set_aside").await;
    let before = world.get(&operator, "/webhooks").await.body;

    let answer = world.post(&operator, "/webhooks/replay", &[]).await;

    assert!(before.contains("Apply 1 webhook again") && before.contains("the end is before the beginning"));
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.sql("select state from events").await, ["kept"]);
    world.sql("delete from events").await;
}

#[tokio::test]
async fn organizations_are_found_by_name_the_busiest_first() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.client("Northwind Dental").await;
    let operator = world.operator().await;
    world.campaign(&acme, &PHONES).await;
    world.dial().await;

    let all = world.get(&operator, "/organizations").await.body;
    let found = world.get(&operator, "/organizations?q=north").await.body;

    let main = |body: &str| body.split("<main").nth(1).unwrap().to_owned();
    let (all, found) = (main(&all), main(&found));
    assert!(all.find("Acme").unwrap() < all.find("Northwind").unwrap());
    assert!(found.contains("Northwind Dental") && !found.contains("Acme"));
    world.finish_calls().await;
}
