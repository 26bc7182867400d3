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
async fn a_number_that_calls_no_more_by_itself_is_shown_with_its_reason_and_what_a_person_did_is_not() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    let by_hand = world.second_number(&acme).await;
    let third = world.second_number(&acme).await;
    let told = async || {
        let body = world.get(&operator, "/").await.body;
        body.split("id=\"needs\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
    };
    assert!(told().await.contains("Nothing waits for you"));

    world.post(&operator, &format!("/o/acme/numbers/{by_hand}/pause"), &[("because", "spring cleaning")]).await;
    let fate = |id, change: &str| format!("update phone_numbers set {change} where id = '{id}'");
    world.sql(&fate(acme.number, "status = 'dead', status_reason = 'the number does not exist'")).await;
    world.sql(&fate(third, "calls_per_day_max = 4")).await;
    let day = "insert into phone_number_days (organization_id, phone_number_id, day, calls, calls_max)";
    world.sql(&format!("{day} values ('{}', '{third}', '2026-03-04', 4, 4)", acme.id)).await;

    let needs = told().await;
    for text in
        ["1 number is out of use", "the number does not exist", "1 number has made its calls of today", "4 of 4"]
    {
        assert!(needs.contains(text), "{text}: {needs}");
    }
    assert!(needs.contains("/o/acme/why?number=") && !needs.contains("spring cleaning"), "{needs}");
}

#[tokio::test]
async fn what_was_set_aside_is_applied_again_on_demand() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    odd_event(&world, &format!("'{}'", acme.id), "set_aside").await;
    let before = world.get(&operator, "/webhooks").await.body;

    let answer = world.post(&operator, "/webhooks/replay", &[]).await;

    assert!(before.contains("All 1 webhook") && before.contains("the end is before the beginning"));
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.sql("select state from events").await, ["kept"]);
    world.sql("delete from events").await;
}

#[tokio::test]
async fn one_event_that_was_set_aside_is_applied_again_or_those_of_the_last_hours() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    odd_event(&world, &format!("'{}'", acme.id), "set_aside").await;
    let other = "insert into events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
                 'dedupe_key', 'other', 'received_at', e.received_at - interval '2 hours'))).* from events e";
    world.sql(other).await;
    let states = || world.sql("select state from events order by received_at desc");
    let ids = world.sql("select id from events order by received_at desc").await;
    let page = world.get(&operator, "/webhooks").await.body;
    assert!(ids.iter().all(|id| page.contains(&format!(r#"name="event" value="{id}""#))), "{page}");

    world.post(&operator, "/webhooks/replay", &[("event", &ids[1])]).await;
    assert_eq!(states().await, ["set_aside", "kept"]);
    world.sql("update events set state = 'set_aside'").await;
    world.post(&operator, "/webhooks/replay", &[("hours", "1")]).await;
    assert_eq!(states().await, ["kept", "set_aside"]);
    world.post(&operator, "/webhooks/replay", &[("event", &ids[0])]).await;
    assert_eq!(states().await, ["kept", "set_aside"]);
    let wrong = world.post(&operator, "/webhooks/replay", &[("hours", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
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
