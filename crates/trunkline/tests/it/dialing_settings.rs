//! What people set about dialing holds in the provider's journal.

use crate::support::{Campaign, Client, World, phones};
use jiff::SignedDuration;
use serde_json::json;
use trunkline::domain::ids::{CampaignId, EnrollmentId, LinePoolId};
use trunkline::store::campaign_terms::{self, Terms};
use trunkline::store::dialing_settings::{self, SetBy};
use trunkline::store::paces::{self, AccountPace, NumberPace, PoolLines};
use trunkline::store::{call_backs, organization_turns};
use vapi_sim::{CreateFault, Outcome};

const MAYA: &str = "+12125550146";

fn answered() -> Outcome {
    Outcome::Answered { scene: None, talk_seconds: Some(40.0) }
}

impl World {
    fn set_by(&self) -> SetBy {
        SetBy { user: None, at: self.now() }
    }

    async fn rule(&self, client: &Client, rules: serde_json::Value) {
        let tx = self.node.db.tenant(client.id).await.unwrap();
        let rules = serde_json::from_value(rules).unwrap();
        dialing_settings::set_organization_rules(&tx, &rules, self.set_by()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn rule_campaign(&self, client: &Client, id: CampaignId, rules: serde_json::Value) {
        let tx = self.node.db.tenant(client.id).await.unwrap();
        let terms = campaign_terms::get(&tx, id).await.unwrap();
        let rules = serde_json::from_value(rules).unwrap();
        campaign_terms::set(&tx, id, &Terms { rules, ..terms }).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_budget_is_reserved_before_a_call_and_never_exceeded() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let people = phones(12);
    for phone in &people {
        world.provider.script_phone(phone, vec![answered()]);
    }
    // Four calls at the price that is expected.
    world.rule(&acme, json!({ "budget_per_day_max": 500_000 })).await;
    let campaign = world.campaign(&acme, &people).await;
    world.rule_campaign(&acme, campaign, json!({ "price_per_call": 125_000 })).await;

    assert_eq!(world.dial().await, 4);
    assert_eq!(world.sql("select money_reserved from organization_days").await, ["500000"]);
    world.check_books().await;

    world.run_for(SignedDuration::from_hours(1)).await;

    let spent: i64 = world.sql("select money_spent from organization_days").await[0].parse().unwrap();
    assert_eq!(world.sql("select money_reserved from organization_days").await, ["0"]);
    assert!(spent > 0 && spent <= 500_000, "{spent}");
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["organization_budget_spent"]);
    assert!(world.rang().len() < 12);
    world.check_books().await;
}

/// Fifty cents are left, and a call of the campaign that goes first is taken to cost a dollar.
#[tokio::test]
async fn a_campaign_of_dear_calls_does_not_hold_back_one_whose_calls_the_budget_can_bear() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let people = phones(9);
    world.rule(&acme, json!({ "budget_per_day_max": 500_000 })).await;
    let dear = world.campaign(&acme, &people[..5]).await;
    world.rule_campaign(&acme, dear, json!({ "price_per_call": 1_000_000 })).await;
    let cheap = world.campaign(&acme, &people[5..]).await;
    world.rule_campaign(&acme, cheap, json!({ "price_per_call": 125_000 })).await;
    world.sql(&format!("update campaigns set priority = 1 where id = '{dear}'")).await;

    assert_eq!(world.dial().await, 4);

    let called = world.sql("select distinct campaign_id from attempts where state = 'accepted'").await;
    assert_eq!(called, [cheap.to_string()]);
    world.check_books().await;
    world.finish_calls().await;
}

#[tokio::test]
async fn a_rolling_limit_counts_the_rings_of_days_past() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 9]);
    world.rule(&acme, json!({ "lead_rings_max": [{ "rings": 3, "days": 7 }] })).await;
    world.campaign(&acme, &[MAYA]).await;

    // Hour by hour, which is often enough for every retry.
    for _ in 0..5 * 24 {
        if world.dial().await > 0 {
            world.finish_calls().await;
        }
        world.advance(SignedDuration::from_hours(1));
    }

    assert_eq!(world.rang().len(), 3);
    assert_eq!(
        world.sql("select deferred_because from attempts where state = 'scheduled'").await,
        ["lead_called_enough_lately"]
    );
}

#[tokio::test]
async fn lines_that_were_promised_are_left_to_whom_they_were_promised() {
    let world = World::new().await;
    world.set_lines(4).await;
    let many = world.client("Many").await;
    let few = world.client("Few").await;
    let pool: LinePoolId = world.sql("select id from line_pools").await[0].parse().unwrap();
    let lines = PoolLines { lines_max: 4, inbound_reserve: 1 };
    paces::set_pool(&world.node.db, pool, lines, world.set_by()).await.unwrap();
    let tx = world.node.db.tenant(few.id).await.unwrap();
    organization_turns::lock(&tx).await.unwrap();
    dialing_settings::promise_lines(&tx, pool, 2, world.set_by()).await.unwrap();
    tx.commit().await.unwrap();
    let people = phones(12);
    world.campaign(&many, &people[..8]).await;

    assert_eq!(world.dial().await, 1);
    world.campaign(&few, &people[8..]).await;
    assert_eq!(world.dial().await, 2);
    world.check_books().await;

    world.finish_calls().await;
    world.check_books().await;
}

#[tokio::test]
async fn a_country_that_is_not_allowed_is_not_called_though_it_shares_the_calling_code() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.rule(&acme, json!({ "countries": ["US"] })).await;
    world.campaign(&acme, &["+18769271234", MAYA]).await;

    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(
        world.sql("select because from enrollments where disposition = 'excluded'").await,
        ["country_not_allowed"]
    );
}

#[tokio::test]
async fn a_number_makes_its_calls_of_an_hour_and_the_campaign_goes_on_in_the_next() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    let pace = NumberPace { calls_per_day_max: 100, calls_per_hour_max: Some(3), warm_up_from: None };
    paces::set_number(&tx, acme.number, pace, world.set_by()).await.unwrap();
    tx.commit().await.unwrap();
    world.campaign(&acme, &phones(6)).await;

    world.run_for(SignedDuration::from_mins(50)).await;
    assert_eq!(world.rang().len(), 3);
    world.run_for(SignedDuration::from_mins(30)).await;
    assert_eq!(world.rang().len(), 6);
}

#[tokio::test]
async fn a_lead_who_named_a_time_during_the_call_is_called_then() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![answered(), answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    let enrollment: EnrollmentId = world.sql("select id from enrollments").await[0].parse().unwrap();
    let at = world.now() + SignedDuration::from_hours(3);
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    organization_turns::lock(&tx).await.unwrap();
    assert!(call_backs::set(&tx, enrollment, at).await.unwrap());
    tx.commit().await.unwrap();

    world.run_for(SignedDuration::from_hours(2)).await;
    assert_eq!(world.rang(), [MAYA]);
    world.run_for(SignedDuration::from_mins(70)).await;

    assert_eq!(world.rang(), [MAYA, MAYA]);
    assert!(world.provider.rings()[1].at >= at);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
}

#[tokio::test]
async fn an_account_that_refuses_for_want_of_pace_is_asked_half_as_often() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let people = phones(6);
    for phone in &people {
        world.provider.script_phone(phone, vec![answered()]);
    }
    world.campaign(&acme, &people[..2]).await;
    assert_eq!(world.dial().await, 2);

    for _ in 0..3 {
        world.provider.next_create(CreateFault::TooManyRequests { retry_after: None });
    }
    world.campaign(&acme, &people[2..]).await;
    world.dial().await;
    assert_eq!(world.sql("select slowed_to from provider_accounts").await, ["40"], "those of one minute are one");
    world.finish_calls().await;
    assert_eq!(world.rang().len(), people.len());
}

/// Calls that were sent in each minute, from the first on.
async fn sent_a_minute(world: &World) -> Vec<String> {
    let sent = "select count(*) from attempts where sending_at is not null
                group by date_trunc('minute', sending_at) order by date_trunc('minute', sending_at)";
    world.sql(sent).await
}

#[tokio::test]
async fn an_account_that_rested_starts_slowly_though_it_was_asked_for_listings_meanwhile() {
    let world = World::new().await;
    world.set_lines(200).await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 200).await;
    world.sql("update agents set lines_max = 200").await;
    let pace = AccountPace { requests_per_minute_max: 20, requests_per_second_max: None, slow_start_minutes: 4 };
    paces::set_account(&world.node.db, world.account, pace, world.set_by()).await.unwrap();
    let people = phones(64);
    for phone in &people {
        world.provider.script_phone(phone, vec![answered()]);
    }
    let many = |people| Campaign { lines_max: 200, ..Campaign::over(people) };

    world.campaign_of(&acme, many(&people[..40])).await;
    world.run_for(SignedDuration::from_mins(25)).await;
    let first = sent_a_minute(&world).await;
    // One of the requests of a minute is for the listing of what changed.
    let starts = |sent: &[String]| sent.iter().map(|sent| sent.parse::<i32>().unwrap()).collect::<Vec<_>>();
    assert!(starts(&first)[..4].is_sorted() && starts(&first)[0] <= 4 && starts(&first)[3] >= 14, "{first:?}");

    world.campaign_of(&acme, many(&people[40..])).await;
    world.run_for(SignedDuration::from_mins(10)).await;
    let again = starts(&sent_a_minute(&world).await[first.len()..]);
    assert!(again[0] <= 4 && again[1] > again[0], "{again:?}");
    assert_eq!(world.rang().len(), 64);
    world.check_books().await;
}
