//! The list of calls, one call, and its recording, as people get them over HTTP.

use crate::support::{Client, Person, World};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, RANGE};
use reqwest::{Method, StatusCode};
use std::collections::HashSet;
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";

/// `count` calls of a client, a minute apart, the latest at `latest`; as they stand in the ledger.
async fn calls(world: &World, client: &Client, count: u32, latest: &str) {
    let insert = format!(
        "insert into calls (organization_id, id, provider_account_id, provider_call_id, direction, agent_id, phone, status,
                            placed_at, ended_at, ended_reason, outcome, duration_ms, cost, updated_at)
         select '{}', gen_random_uuid(), '{}', gen_random_uuid(), 'outbound', '{}', '{MAYA}', 'ended', at, at, 'customer-busy',
                (array['busy', 'answered', 'no_answer'])[1 + n % 3], 1000 * n, 0.0725, at
         from generate_series(0, {count} - 1) n, lateral (select timestamptz '{latest}' - n * interval '1 minute') t (at)",
        client.id, world.account, client.agent,
    );
    world.sql(&insert).await;
}

/// The ids of the rows of a page of calls, in their order.
fn ids(body: &str) -> Vec<String> {
    body.split("id=\"call-").skip(1).map(|rest| rest[..36].to_owned()).collect()
}

/// The address of the page beside this one.
fn link(body: &str, cursor: &str) -> Option<String> {
    let mut hrefs = body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    hrefs.find(|href| href.contains(&format!("{cursor}=")))
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat_a_call_while_new_ones_arrive() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    calls(&world, &acme, 120, "2026-03-04T16:00:00Z").await;
    let all: HashSet<_> = world.sql("select id from calls").await.into_iter().collect();

    let mut seen = Vec::new();
    let mut next = Some("/o/acme/calls".to_owned());
    while let Some(path) = next {
        let page = world.get(&manager, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        seen.extend(ids(&page.body));
        next = link(&page.body, "older");
        calls(&world, &acme, 3, "2026-03-04T16:30:00Z").await;
    }

    assert_eq!(seen.len(), 120);
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), all);
}

#[tokio::test]
async fn newer_leads_back_to_the_same_rows() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    calls(&world, &acme, 120, "2026-03-04T16:00:00Z").await;
    let first = world.get(&manager, "/o/acme/calls").await.body;
    let second = world.get(&manager, &link(&first, "older").unwrap()).await.body;

    let back = world.get(&manager, &link(&second, "newer").unwrap()).await.body;

    assert_eq!(ids(&back), ids(&first));
}

#[tokio::test]
async fn filters_stand_in_the_address_and_unknown_ones_are_named() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    calls(&world, &acme, 30, "2026-03-04T16:00:00Z").await;

    let page = world.get(&manager, "/o/acme/calls?outcome=busy&q=555-0146&when=1h&color=red").await;

    // An hour before noon in New York is 16:00 UTC: the latest call, of 30 with 10 busy ones.
    assert_eq!(ids(&page.body).len(), 1);
    assert!(page.body.contains("color"));
    assert_eq!(ids(&world.get(&manager, "/o/acme/calls?outcome=busy").await.body).len(), 10);
    assert_eq!(ids(&world.get(&manager, "/o/acme/calls?q=555-0147").await.body).len(), 0);
}

#[tokio::test]
async fn calls_are_filtered_by_agent_direction_and_length() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    calls(&world, &acme, 30, "2026-03-04T16:00:00Z").await;
    world.sql("update calls set direction = 'inbound' where duration_ms < 3000").await;
    let agent = acme.agent;

    let count = async |query: &str| ids(&world.get(&manager, &format!("/o/acme/calls?{query}")).await.body).len();
    assert_eq!(count("length=0-10s").await, 10);
    assert_eq!(count("length=10-60s&direction=outbound").await, 20);
    assert_eq!(count("direction=inbound").await, 3);
    assert_eq!(count(&format!("agent={agent}&direction=inbound")).await, 3);
    assert_eq!(count("agent=0193d4a0-0000-7000-8000-000000000000").await, 0);
}

async fn one_answered_call(world: &World) -> (Client, String) {
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::Answered { scene: None, talk_seconds: Some(40.0) }]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;
    let id = world.sql("select id from calls").await.remove(0);
    (acme, id)
}

async fn bodies(world: &World, person: &Person, id: &str) -> String {
    let mut all = String::new();
    for path in [
        "/o/acme/calls",
        &format!("/o/acme/calls?peek={id}"),
        &format!("/o/acme/calls/{id}"),
        &format!("/o/acme/calls/{id}?panel=1"),
    ] {
        let answer = world.get(person, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        all += &answer.body;
    }
    all
}

#[tokio::test]
async fn a_client_sees_no_cost_and_no_supplier() {
    let world = World::new().await;
    let (acme, id) = one_answered_call(&world).await;
    let provider_call = world.sql("select provider_call_id from calls").await.remove(0);

    let (operator, client) = (world.operator().await, world.manager(&acme).await);
    let seen_by_operator = bodies(&world, &operator, &id).await;
    let seen_by_client = bodies(&world, &client, &id).await;

    for secret in ["vapi-one", "end-of-call-report", provider_call.as_str(), "Cost"] {
        assert!(seen_by_operator.contains(secret), "{secret}");
        assert!(!seen_by_client.contains(secret), "{secret}");
    }
    assert!(!seen_by_client.to_lowercase().contains("vapi"));
}

#[tokio::test]
async fn a_call_tells_what_was_said_how_it_ended_and_what_was_checked() {
    let world = World::new().await;
    let (acme, id) = one_answered_call(&world).await;
    let viewer = world.viewer(&acme).await;

    let page = world.get(&viewer, &format!("/o/acme/calls/{id}")).await.body;

    let said = world.sql("select messages -> 0 ->> 'text' from call_reports").await.remove(0);
    let beginning: String = said.chars().take_while(|c| c.is_alphanumeric() || *c == ' ').collect();
    assert!(page.contains(beginning.trim()), "{said}");
    for told in ["Dialed", "Inside the lead", "On no do-not-call list", "America/New_York", "Picked up"] {
        assert!(page.contains(told), "{told}");
    }
}

#[tokio::test]
async fn a_recording_is_passed_through_in_ranges_without_its_address() {
    let world = World::new().await;
    let (acme, id) = one_answered_call(&world).await;
    let viewer = world.viewer(&acme).await;
    let path = format!("/o/acme/calls/{id}/recording");

    let whole = world.request(&viewer, Method::GET, &path).header(ACCEPT_ENCODING, "gzip, br").send().await.unwrap();
    let (status, kind) = (whole.status(), whole.headers()["content-type"].clone());
    assert!(!whole.headers().contains_key(CONTENT_ENCODING), "compressed sound cannot be cut");
    let bytes = whole.bytes().await.unwrap();
    let part = world.request(&viewer, Method::GET, &path).header(RANGE, "bytes=100-199").send().await.unwrap();

    assert_eq!((status, kind.to_str().unwrap()), (StatusCode::OK, "audio/wav"));
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[CONTENT_RANGE].to_str().unwrap(), format!("bytes 100-199/{}", bytes.len()));
    assert_eq!(part.bytes().await.unwrap(), bytes.slice(100..200));
    let page = world.get(&viewer, &format!("/o/acme/calls/{id}")).await.body;
    assert!(!page.contains(world.provider.base_url()), "the provider's address is nobody's business");
}

#[tokio::test]
async fn a_recording_that_is_gone_is_told_in_a_sentence() {
    let world = World::new().await;
    let (acme, id) = one_answered_call(&world).await;
    let viewer = world.viewer(&acme).await;
    let gone = format!("update calls set recording_url = '{}/sim/recordings/none.wav'", world.provider.base_url());
    world.sql(&gone).await;

    let answer = world.get(&viewer, &format!("/o/acme/calls/{id}/recording")).await;

    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.body.starts_with("The recording is gone"), "{}", answer.body);
}

#[tokio::test]
async fn the_agency_peeks_at_a_call_of_any_organization_and_a_rival_at_none() {
    let world = World::new().await;
    let (_, id) = one_answered_call(&world).await;
    let rival = world.client("Rival").await;
    let (operator, rival) = (world.operator().await, world.manager(&rival).await);

    let peeked = world.get(&operator, &format!("/calls?peek=acme/{id}")).await;
    let stranger = world.get(&rival, &format!("/o/rival/calls/{id}")).await;

    assert!(peeked.body.contains("aria-label=\"Call with Maya Lindqvist\""));
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&rival, "/calls").await.status, StatusCode::NOT_FOUND);
}
