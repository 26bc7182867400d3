//! Limits that the agency sets: they count from the next claim on, and what is wrong is told.

use crate::support::{Client, Person, World, phones};
use jiff::SignedDuration;
use reqwest::StatusCode;
use vapi_sim::Outcome;

const LIMITS: [(&str, &str); 9] = [
    ("calls_per_day_max", "50"),
    ("lines_max", "2"),
    ("weight", "3"),
    ("calls_per_lead_and_day_max", "1"),
    ("ring_gap_minutes_min", "120"),
    ("mon", "09:00-12:00, 13:00-18:00"),
    ("tue", "09:00-18:00"),
    ("wed", "09:00-18:00"),
    ("closed", "2026-12-25 2027-01-01"),
];

async fn ten_people(world: &World) -> (Client, Person) {
    let acme = world.client("Acme").await;
    let people = phones(10);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign(&acme, &people).await;
    (acme, world.operator().await)
}

async fn set(world: &World, operator: &Person, path: &str, limit: (&str, &str)) {
    let answer = world.post(operator, path, &[limit]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
}

#[tokio::test]
async fn a_limit_counts_from_the_next_claim_on() {
    let world = World::new().await;
    let (acme, operator) = ten_people(&world).await;
    let agent = format!("/organizations/acme/agents/{}/limits", acme.agent);

    set(&world, &operator, &agent, ("lines_max", "2")).await;
    world.dial().await;
    assert_eq!(world.provider.lines_in_use("pool-1"), 2);
    set(&world, &operator, &agent, ("lines_max", "5")).await;
    world.dial().await;
    assert_eq!(world.provider.lines_in_use("pool-1"), 5);

    // Lowered under what is in use: no call is cut off, and nothing new begins.
    set(&world, &operator, &agent, ("lines_max", "1")).await;
    assert_eq!(world.dial().await, 0);
    assert_eq!(world.provider.lines_in_use("pool-1"), 5);
    world.run_for(SignedDuration::from_mins(30)).await;
    assert_eq!(world.rang().len(), 10);
    world.check_books().await;
}

#[tokio::test]
async fn more_lines_of_a_pool_are_used_at_once() {
    let world = World::new().await;
    let (_, operator) = ten_people(&world).await;
    let pool = format!("/pools/{}/limits", world.sql("select id from line_pools").await[0]);

    set(&world, &operator, &pool, ("lines_max", "3")).await;
    world.dial().await;
    assert_eq!(world.provider.lines_in_use("pool-1"), 3);
    set(&world, &operator, &pool, ("lines_max", "7")).await;
    world.dial().await;

    assert_eq!(world.provider.lines_in_use("pool-1"), 7);
    let change = "select action || ' ' || (detail -> 'from' ->> 'lines_max') || ' ' || (detail -> 'to' ->> 'lines_max') from agency_audit_entries order by id desc limit 1";
    assert_eq!(world.sql(change).await, ["pool.lines_set 3 7"]);
    world.finish_calls().await;
}

#[tokio::test]
async fn the_limits_of_an_organization_are_what_the_form_says() {
    let world = World::new().await;
    let (_, operator) = ten_people(&world).await;
    let page = "/organizations/acme/limits";

    assert_eq!(world.post(&operator, page, &LIMITS).await.status, StatusCode::SEE_OTHER);

    let row = "select calls_per_day_max || ' ' || lines_max || ' ' || calls_per_lead_and_day_max || ' ' || ring_gap_minutes_min from organizations";
    assert_eq!(world.sql(row).await, ["50 2 1 120"]);
    assert_eq!(world.sql("select weight from organization_dispatch").await, ["3"]);
    let shown = world.get(&operator, page).await.body;
    for text in ["09:00-12:00, 13:00-18:00", "2026-12-25", "2027-01-01"] {
        assert!(shown.contains(text), "{text}");
    }
    world.dial().await;
    assert_eq!(world.provider.lines_in_use("pool-1"), 2);
    world.finish_calls().await;
}

#[tokio::test]
async fn a_limit_that_is_none_changes_nothing_and_is_told() {
    let world = World::new().await;
    let (acme, operator) = ten_people(&world).await;

    let wrong: Vec<_> =
        LIMITS.iter().map(|&(name, value)| (name, if name == "lines_max" { "many" } else { value })).collect();
    let answer = world.post(&operator, "/organizations/acme/limits", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("“many” came"));
    let number = format!("/organizations/acme/numbers/{}/limits", acme.number);
    let answer = world.post(&operator, &number, &[("calls_per_day_max", "-3")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("“-3” came"));

    assert_eq!(world.sql("select lines_max from organizations").await, ["10"]);
    assert_eq!(world.sql("select calls_per_day_max from phone_numbers").await, ["100"]);
    world.finish_calls().await;
}

#[tokio::test]
async fn a_campaign_is_edited_while_it_runs() {
    let world = World::new().await;
    let (acme, _) = ten_people(&world).await;
    let manager = world.manager(&acme).await;
    let second = world.second_number(&acme).await.to_string();
    let campaign = world.sql("select id from campaigns").await.remove(0);
    let page = format!("/o/acme/campaigns/{campaign}/edit");
    let shown = world.get(&manager, &page).await;
    assert!(shown.body.contains("08:00-21:00"), "{}: {}", shown.status, shown.body.split("<main").nth(1).unwrap());
    let form = |lines: &'static str, opens: &'static str| {
        let mut form = vec![
            ("lines_max", lines),
            ("priority", "7"),
            ("calls_per_lead_and_day_max", "1"),
            ("attempts_max", "6"),
            ("retry_after_minutes", "45"),
            ("wed", opens),
        ];
        form.push(("numbers", second.as_str()));
        form
    };

    // It closes for the day, and opens again: who waited for the hours is called at once.
    world.post(&manager, &page, &form("3", "18:00-19:00")).await;
    assert_eq!(world.dial().await, 0);
    world.post(&manager, &page, &form("3", "09:00-19:00")).await;
    assert_eq!(world.dial().await, 3);

    assert_eq!(
        world.sql("select distinct phone_number_id from attempts where state = 'accepted'").await,
        std::slice::from_ref(&second)
    );
    let row = "select lines_max || ' ' || priority || ' ' || (retry_plan ->> 'attempts_max') || ' ' || (retry_plan ->> 'no_answer') from campaigns";
    assert_eq!(world.sql(row).await, ["3 7 6 [45]"]);
    assert_eq!(world.sql("select count(*) from audit_entries where action = 'campaign.edited'").await, ["2"]);
    world.run_for(SignedDuration::from_mins(30)).await;
    assert_eq!(world.rang().len(), 10);
    world.check_books().await;

    // It is over now, and nothing can be changed any more.
    world.post(&manager, &page, &form("9", "09:00-19:00")).await;
    assert_eq!(world.sql("select lines_max from campaigns").await, ["3"]);
}
