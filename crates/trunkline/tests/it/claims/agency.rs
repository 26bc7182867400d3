//! A small agency by chance: organizations, campaigns, numbers, accounts and pools whose limits are all within reach.

use crate::support::{Campaign, Client, World, hours};
use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};
use trunkline::domain::ids::PhoneNumberId;
use trunkline::store::dnc::{self, DncSource};

/// Two in New York, two in Los Angeles, one in Chicago, one in Honolulu, and one that is never called.
const AREAS: [&str; 7] = ["212", "646", "310", "213", "312", "808", "900"];
const OWE_WHAT_IS_PROMISED: &str = "
    update line_pools p
    set lines_owed = (select coalesce(sum(lines_min), 0) from line_guarantees g where g.line_pool_id = p.id)";
const WINDOWS: [&str; 3] = ["08:00-21:00", "09:00-17:30", "00:00-24:00"];

pub(super) async fn lay(world: &World, rng: &mut StdRng) {
    let second = world.second_account().await;
    for nth in 0..rng.random_range(1..=4) {
        let lines_max = rng.random_range(1..=10);
        let client = world
            .client_with(&format!("Client {nth}"), |new| {
                (*pick(rng, &["America/New_York", "America/Los_Angeles"])).clone_into(&mut new.time_zone);
                new.limits.calls_per_day_max = rng.random_range(3..40);
                new.limits.calls_per_lead_and_day_max = rng.random_range(1..=3);
                new.limits.ring_gap_minutes_min = *pick(rng, &[0, 15, 60, 180]);
                new.limits.lines_max = lines_max;
            })
            .await;
        let mut more = vec![];
        if rng.random_bool(0.6) {
            more.push(world.deploy(&client, &second).await);
        }
        if rng.random_bool(0.5) {
            more.push(world.second_number(&client).await);
        }
        set_organization(world, rng, &client).await;
        lay_campaigns(world, rng, &client, &more).await;
    }
    set_shared(world, rng).await;
}

async fn set_organization(world: &World, rng: &mut StdRng, client: &Client) {
    let mut rules = json!({ "number_gap_seconds_min": pick(rng, &[0, 0, 20, 60]) });
    if rng.random_bool(0.5) {
        rules["lead_rings_max"] = json!([{ "rings": rng.random_range(1..=4), "days": rng.random_range(2..=7) }]);
    }
    if rng.random_bool(0.4) {
        rules["budget_per_day_max"] = json!(rng.random_range(1..400) * 10_000);
    }
    let (id, weight) = (client.id, rng.random_range(1..=4));
    let agent_lines = rng.random_range(1..=10);
    world
        .sql(&format!(
            "update organizations set dialing_rules = '{rules}' where id = '{id}';
             update organization_dispatch set weight = {weight} where organization_id = '{id}';
             update agents set lines_max = {agent_lines} where organization_id = '{id}'"
        ))
        .await;
}

async fn lay_campaigns(world: &World, rng: &mut StdRng, client: &Client, more: &[PhoneNumberId]) {
    let phones: Vec<&'static str> = (0..rng.random_range(6..24)).map(|nth| phone(rng, nth)).collect();
    for nth in 0..rng.random_range(1..=3) {
        let count = rng.random_range(2..=phones.len());
        let campaign = Campaign {
            name: format!("Campaign {nth}"),
            hours: hours(pick::<&str>(rng, &WINDOWS)),
            lines_max: rng.random_range(1..=8),
            more_numbers: more.to_vec(),
            ..Campaign::over(&phones.choose_multiple(rng, count).copied().collect::<Vec<_>>())
        };
        let id = world.campaign_of(client, campaign).await;
        let rules = campaign_rules(rng);
        let (priority, calls) = (pick(rng, &[100, 105, 130]), rng.random_range(1..=3));
        world
            .sql(&format!(
                "update campaigns
                 set dialing_rules = '{rules}', priority = {priority}, calls_per_lead_and_day_max = {calls}
                 where id = '{id}'"
            ))
            .await;
    }
    let tx = world.node.db.tenant(client.id).await.unwrap();
    dnc::add(&tx, phones[0], ("asked for it", DncSource::Person), world.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// With a price: what calls cost on average is another test's.
fn campaign_rules(rng: &mut StdRng) -> Value {
    let mut rules = json!({
        "numbers": pick(rng, &["rotating", "sticky", "local"]),
        "other_daypart": rng.random_bool(0.2),
        "price_per_call": rng.random_range(1..=40) * 10_000,
    });
    if rng.random_bool(0.3) {
        rules["budget_per_day_max"] = json!(rng.random_range(1..200) * 10_000);
    }
    rules
}

/// What organizations share, and the numbers.
async fn set_shared(world: &World, rng: &mut StdRng) {
    let mut changes = Vec::new();
    for pool in world.sql("select id from line_pools order by name").await {
        // Never more than the provider has.
        let (lines, reserve) = (rng.random_range(2..=9), rng.random_range(0..=2));
        changes.push(format!(
            "update line_pools set lines_max = {lines}, inbound_reserve = {reserve} where id = '{pool}';"
        ));
        for organization in world.sql("select id from organizations order by slug").await {
            if rng.random_bool(0.3) {
                let promised = rng.random_range(1..=2);
                changes.push(format!(
                    "insert into line_guarantees (organization_id, line_pool_id, lines_min)
                     values ('{organization}', '{pool}', {promised});"
                ));
            }
        }
    }
    for account in world.sql("select id from provider_accounts order by name").await {
        let (minute, second) = (rng.random_range(4..40), pick(rng, &["null", "2", "5"]));
        changes.push(format!(
            "update provider_accounts set requests_per_minute_max = {minute}, requests_per_second_max = {second}
             where id = '{account}';"
        ));
    }
    for number in world.sql("select id from phone_numbers order by number").await {
        let (day, hour) = (rng.random_range(2..20), pick(rng, &["null", "2", "6"]));
        let warm_up = pick(rng, &["null", "null", "date '2026-03-02'"]);
        changes.push(format!(
            "update phone_numbers set calls_per_day_max = {day}, calls_per_hour_max = {hour}, warm_up_from = {warm_up}
             where id = '{number}';"
        ));
    }
    changes.push(OWE_WHAT_IS_PROMISED.to_owned());
    world.sql(&changes.join("\n")).await;
}

fn phone(rng: &mut StdRng, nth: usize) -> &'static str {
    format!("+1{}555{:04}", pick(rng, &AREAS), 100 + nth).leak()
}

pub(super) fn pick<'a, T>(rng: &mut StdRng, all: &'a [T]) -> &'a T {
    all.choose(rng).expect("there is something to pick from")
}
