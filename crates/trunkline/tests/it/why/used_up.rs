//! Limits that are reached and rules that exclude, told with their figures; and what a client reads of them.

use super::{Asking, campaign, lead};
use crate::support::{Campaign, hours};
use jiff::SignedDuration;
use trunkline::domain::ids::CampaignId;
use trunkline::store::quarantine;
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const NINE: &str = " Next: tomorrow 09:00 New York time.";
const CHANGED: &str = " Next: as soon as that has changed.";

fn not(why: &str, next: &str) -> String {
    format!("Maya Lindqvist (+1 212-555-0146) is not being called: {why}.{next}")
}

fn never(why: &str) -> String {
    format!("Maya Lindqvist (+1 212-555-0146) will not be called: {why}.")
}

impl Asking {
    /// What somebody set; `rules` are those of the organization.
    async fn rule(&self, rules: &str) {
        self.world.sql(&format!("update organizations set dialing_rules = '{rules}'")).await;
    }

    async fn check_maya(&self, because: &str, sentence: &str) {
        self.check(&lead(MAYA), because, sentence).await;
    }

    async fn one_lead() -> (Self, CampaignId) {
        let ask = Self::new().await;
        let id = ask.campaign(&[MAYA]).await;
        (ask, id)
    }
}

#[tokio::test]
async fn what_the_rules_exclude_is_told_with_what_they_allow() {
    let (ask, _) = Asking::one_lead().await;

    ask.rule(r#"{"countries": ["CA"]}"#).await;
    let country = "the organization does not call this country: it is a number of US, and those of CA are called";
    ask.check_maya("country_not_allowed", &never(country)).await;
    ask.rule(r#"{"phone_kinds": ["mobile"]}"#).await;
    let kind = "the organization does not call numbers of this kind: it is a landline or mobile";
    ask.check_maya("kind_not_allowed", &never(kind)).await;
    ask.rule("{}").await;
    ask.world.sql(r#"update campaigns set calling_hours = '{"mon": ["09:00-09:05"]}'"#).await;
    let hours = "there is no hour at which this lead may be called: calling hours are Mon 09:00–09:05";
    ask.check_maya("never_open", &never(hours)).await;
}

#[tokio::test]
async fn what_limits_a_lead_over_days_and_dayparts_is_told_with_its_figures() {
    let (ask, id) = Asking::one_lead().await;
    ask.rule(r#"{"lead_rings_max": [{"rings": 1, "days": 7}]}"#).await;
    ask.world.sql("insert into lead_days select id, '+12125550146', '2026-03-02', 1, 2 from organizations").await;
    let lately = "the phone rang once in 7 days, and 1 call in that time is allowed";
    ask.check_maya("lead_called_enough_lately", &not(lately, " Next: Monday 9 March 09:00 New York time.")).await;

    ask.rule("{}").await;
    ask.world.sql("update enrollments set call_back_at = '2026-03-04 20:00Z'").await;
    let named = not("the lead asked to be called at a later time", " Next: today 15:00 New York time.");
    ask.check_maya("call_back_later", &named).await;
    ask.world.sql("update enrollments set call_back_at = null").await;

    ask.world.sql(r#"update campaigns set dialing_rules = '{"other_daypart": true}'"#).await;
    ask.world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 2]);
    ask.world.finish_calls().await;
    ask.world.advance(SignedDuration::from_hours(4));
    let part = "the phone rang in the afternoon, and the next try is made in another part of the day";
    ask.check_maya("same_part_of_day", &not(part, " Next: today 17:00 New York time.")).await;
    let waits = format!("Recall of 1 makes no new call now: its one lead waits because {part}.");
    ask.check(&campaign(id), "same_part_of_day", &(waits + " Next: today 17:00 New York time.")).await;
}

#[tokio::test]
async fn what_a_number_has_made_is_told_with_its_figures() {
    let (ask, _) = Asking::one_lead().await;
    let world = &ask.world;

    world.sql("update phone_numbers set calls_per_hour_max = 1, hour_at = '2026-03-04 17:00Z', hour_calls = 1").await;
    let hour = not("the number has made 1 of its 1 call of this hour", " Next: today 13:00 New York time.");
    ask.check_maya("numbers_called_enough_this_hour", &hour).await;
    world.sql("update phone_numbers set calls_per_hour_max = null, warm_up_from = '2026-03-04'").await;
    world
        .sql("insert into phone_number_days select organization_id, id, '2026-03-04', 10, 100 from phone_numbers")
        .await;
    let warm = not("the number has made 10 of its 10 calls of today, while it is being warmed up", NINE);
    ask.check_maya("numbers_warming_up", &warm).await;
    world.sql("update phone_numbers set warm_up_from = null").await;
    world.sql("delete from agent_deployments").await;
    let nowhere = "its one number cannot be used: 1 would, but at a provider account where the agent is not deployed";
    ask.check_maya("no_usable_number", &not(nowhere, "")).await;
}

#[tokio::test]
async fn what_the_agency_and_the_provider_hold_back_is_told() {
    let (ask, _) = Asking::one_lead().await;
    let world = &ask.world;

    world.sql("update line_pools set inbound_reserve = lines_max").await;
    let kept = "the 10 free lines of the provider's pool are kept for incoming calls or promised to others";
    ask.check_maya("lines_kept_for_others", &not(kept, CHANGED)).await;
    world.sql("update line_pools set inbound_reserve = 0").await;
    world.sql("update provider_accounts set minute_at = '2026-03-04 17:00Z', minute_requests = 80").await;
    let spent = |asked: &str| format!("the provider account was sent {asked} allowed in this");
    let minute = spent("80 of the 80 requests") + " minute, and the next begins at 12:01";
    ask.check_maya("requests_per_minute", &not(&minute, CHANGED)).await;
    world.sql("update provider_accounts set minute_requests = 0, requests_per_second_max = 1").await;
    world.sql("update provider_accounts set second_at = '2026-03-04 17:00Z', second_requests = 1").await;
    let second = spent("1 of the 1 request") + " second, and the next is waited for";
    ask.check_maya("requests_per_second", &not(&second, CHANGED)).await;
    world.sql("update agency_dispatch set paused_since = now()").await;
    ask.check_maya("agency_paused", &not("dialing is paused by the agency", "")).await;
}

#[tokio::test]
async fn after_a_restore_it_is_told_that_calling_rests_until_the_calls_made_are_known() {
    let (ask, id) = Asking::one_lead().await;
    let world = &ask.world;

    quarantine::begin(&world.node.db, "the database was restored", None, (None, world.now())).await.unwrap();

    let rests = "calling rests until every call that the provider was asked for is entered here (the database was restored), \
                 which takes a few minutes; `trunkline quarantine show` tells what is missing, and `trunkline quarantine end` \
                 dials again without it";
    ask.check_maya("quarantine", &not(rests, CHANGED)).await;
    ask.check(&campaign(id), "quarantine", &format!("Recall of 1 makes no new call now: {rests}.{CHANGED}")).await;
    let ann = world.manager(&ask.acme).await;
    let clients = world.get(&ann, "/o/acme/why.json?lead=%2B12125550146").await.body;
    assert!(clients.contains("calling rests until every call that was made before is known"), "{clients}");
    assert!(!clients.contains("provider") && !clients.contains("database"), "{clients}");
}

#[tokio::test]
async fn of_several_leads_that_wait_the_next_in_line_is_named_with_its_reason() {
    let ask = Asking::at(super::EVENING).await;
    let id = ask.campaign(&[MAYA, super::OWEN]).await;

    let told = ask.world.get(&ask.sam, &format!("/o/acme/why.json?campaign={id}")).await.body;

    let none = "Recall of 2 makes no new call now: none of its 2 leads may be called yet; for the next in line, ";
    assert!(told.contains(none) && told.contains("), it is 20:14 where the lead is"), "{told}");
}

#[tokio::test]
async fn a_phone_that_is_called_by_another_campaign_is_told_to_be_busy() {
    let (ask, _) = Asking::one_lead().await;
    ask.world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    ask.world.dial().await;
    let other = ask.campaign_of(Campaign { hours: hours("09:00-20:00"), ..Campaign::over(&[MAYA]) }).await;

    let busy = "Recall of 1 makes no new call now: its one lead waits because another call to this phone is under way.";
    ask.check(&campaign(other), "phone_is_busy", &format!("{busy}{CHANGED}")).await;
}

#[tokio::test]
async fn a_budget_is_told_in_money_to_the_agency_and_never_to_a_client() {
    let (ask, id) = Asking::one_lead().await;
    let budget = |whose: &str| {
        let used = "$0.10, $0.00 are spent and $0.00 are reserved for calls that go on, and a call may cost $0.20";
        not(&format!("of the budget of {whose} of today, {used}"), NINE)
    };
    let ten_cents = r#"{"budget_per_day_max": 100000}"#;
    ask.world.sql(&format!("update campaigns set dialing_rules = '{ten_cents}'")).await;
    ask.check_maya("campaign_budget_spent", &budget("the campaign")).await;
    ask.rule(ten_cents).await;
    ask.check_maya("organization_budget_spent", &budget("Acme")).await;

    ask.world.dial().await;
    assert_eq!(ask.world.sql("select waiting_because from organization_dispatch").await, ["organization_budget_spent"]);
    let viewer = ask.world.viewer(&ask.acme).await;
    let lead_id = ask.world.sql("select id from leads").await.remove(0);
    let pages =
        ["/o/acme", "/o/acme/why", "/o/acme/why.json", "/o/acme/why.json?lead=%2B12125550146"].map(str::to_owned);
    let more =
        [format!("/o/acme/campaigns/{id}"), format!("/o/acme/leads/{lead_id}"), format!("/o/acme/why?campaign={id}")];
    for page in pages.iter().chain(&more) {
        let told = ask.world.get(&viewer, page).await;
        assert_eq!(told.status, reqwest::StatusCode::OK, "{page}");
        for money in ["$", "budget", "Budget", "cost"] {
            assert!(!told.body.contains(money), "{page} says {money}: {}", told.body);
        }
    }
    let told = ask.world.get(&viewer, "/o/acme/why.json").await.body;
    assert!(told.contains("daily_limit") && told.contains("the calls that were agreed on for today"), "{told}");
    let live = ask.world.get(&viewer, &format!("/o/acme/campaigns/{id}")).await.body;
    assert!(live.contains("has made the calls that were agreed on for today"), "{live}");
}
