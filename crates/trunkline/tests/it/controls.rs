//! What holds dialing back: people's controls, and limits of every kind. Rings are read from the provider's journal.

use crate::support::{Campaign, Client, World, hours, phones};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use trunkline::domain::ids::CampaignId;
use trunkline::domain::retry_policy::RetryPlan;
use trunkline::store::dnc::{self, DncSource};
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

async fn steer(world: &World, client: &Client, campaign: CampaignId, how: &str) {
    let manager = world.manager(client).await;
    let path = format!("/o/{}/campaigns/{campaign}/{how}", client.slug);
    let answer = world.post(&manager, &path, &[]).await;
    assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
}

/// A client with a running campaign over people who answer.
async fn people_who_answer(world: &World, count: usize) -> (Client, CampaignId, Vec<&'static str>) {
    let acme = world.client("Acme").await;
    let people = phones(count);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered(); 2]);
    }
    let campaign = world.campaign(&acme, &people).await;
    (acme, campaign, people)
}

/// What was claimed is sent after something changed: nothing rings, nothing is spent.
async fn check_claimed_is_not_sent(world: &World, acme: &Client, change: impl AsyncFnOnce()) {
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    assert!(!claimed.is_empty());
    change().await;
    for fenced in claimed {
        world.node.dialer.send(acme.id, fenced).await.unwrap();
    }
    assert_eq!(world.rang_or_about_to(), 0);
    assert_eq!(world.sql("select sum(calls) from lead_days").await, ["0"]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
    world.check_books().await;
}

#[tokio::test]
async fn nothing_rings_after_a_pause_and_it_goes_on_when_resumed() {
    let world = World::new().await;
    let (acme, campaign, people) = people_who_answer(&world, 4).await;

    check_claimed_is_not_sent(&world, &acme, async || steer(&world, &acme, campaign, "pause").await).await;
    world.run_for(minutes(30)).await;
    assert_eq!(world.rang_or_about_to(), 0);

    steer(&world, &acme, campaign, "resume").await;
    world.finish_calls().await;
    assert_eq!(world.rang().len(), people.len());
    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    world.check_books().await;
}

#[tokio::test]
async fn calls_in_progress_go_on_during_a_pause() {
    let world = World::new().await;
    let (acme, campaign, _) = people_who_answer(&world, 4).await;
    world.dial().await;

    steer(&world, &acme, campaign, "pause").await;
    world.finish_calls().await;

    assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"]);
    steer(&world, &acme, campaign, "resume").await;
    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_stop_cancels_whoever_was_not_called_and_keeps_whom_a_call_reaches() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 2).await;
    let people = phones(6);
    world.provider.script_phone(people[0], vec![Outcome::answered()]);
    world.provider.script_phone(people[1], vec![Outcome::NoAnswer]);
    let campaign = world.campaign(&acme, &people).await;
    world.dial().await;

    steer(&world, &acme, campaign, "stop").await;
    world.finish_calls().await;
    world.run_for(minutes(100)).await;

    assert_eq!(world.rang().len(), 2);
    let dispositions = "select disposition || ' ' || count(*) from enrollments group by disposition order by 1";
    assert_eq!(world.sql(dispositions).await, ["cancelled 5", "reached 1"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_stop_between_claim_and_send_cancels() {
    let world = World::new().await;
    let (acme, campaign, _) = people_who_answer(&world, 3).await;

    check_claimed_is_not_sent(&world, &acme, async || steer(&world, &acme, campaign, "stop").await).await;

    assert_eq!(world.sql("select distinct disposition from enrollments").await, ["cancelled"]);
    assert_eq!(world.sql("select distinct state from attempts").await, ["cancelled"]);
}

#[tokio::test]
async fn a_phone_on_the_do_not_call_list_is_not_called_even_if_it_was_claimed() {
    let world = World::new().await;
    let (acme, _, people) = people_who_answer(&world, 1).await;

    check_claimed_is_not_sent(&world, &acme, async || {
        let tx = world.node.db.tenant(acme.id).await.unwrap();
        dnc::add(&tx, people[0], ("asked to", DncSource::Person), world.now()).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
    world.finish_calls().await;

    assert_eq!(world.rang_or_about_to(), 0);
    let ends = world.sql("select disposition || ' ' || because from enrollments").await;
    assert_eq!(ends, ["excluded do_not_call"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_phone_that_the_agency_forbids_is_called_by_no_organization() {
    let world = World::new().await;
    let (acme, _, people) = people_who_answer(&world, 1).await;
    let rival = world.client("Rival").await;

    check_claimed_is_not_sent(&world, &acme, async || {
        let forbid = format!("insert into agency_dnc_entries values ('{}', 'court order', '2026-03-04')", people[0]);
        world.sql(&forbid).await;
    })
    .await;
    world.campaign(&rival, &people).await;
    world.finish_calls().await;

    assert_eq!(world.rang_or_about_to(), 0);
    assert_eq!(world.sql("select because from enrollments").await, ["do_not_call", "do_not_call"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_suspended_organization_calls_nobody() {
    let world = World::new().await;
    let (acme, _, people) = people_who_answer(&world, 3).await;

    check_claimed_is_not_sent(&world, &acme, async || {
        world.sql("update organizations set status = 'suspended'").await;
    })
    .await;
    world.run_for(minutes(10)).await;
    assert_eq!(world.rang_or_about_to(), 0);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["organization_suspended"]);

    world.sql("update organizations set status = 'active'").await;
    world.finish_calls().await;
    assert_eq!(world.rang().len(), people.len());
    world.check_books().await;
}

#[tokio::test]
async fn a_resting_number_is_not_called_from_until_its_rest_is_over() {
    let world = World::new().await;
    world.client("Other").await;
    let (_, _, people) = people_who_answer(&world, 2).await;
    world.sql("update phone_numbers set status = 'resting', resting_until = '2026-03-04 18:00Z'").await;

    world.run_for(minutes(58)).await;
    assert_eq!(world.rang_or_about_to(), 0);
    world.run_for(minutes(7)).await;

    assert_eq!(world.rang().len(), people.len());
    world.check_books().await;
}

#[tokio::test]
async fn a_number_makes_no_more_calls_a_day_than_it_may() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let second = world.second_number(&acme).await;
    world.sql("update phone_numbers set calls_per_day_max = 3").await;
    let people = phones(10);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign_of(&acme, Campaign { more_numbers: vec![second], ..Campaign::over(&people) }).await;

    world.run_for(minutes(20)).await;
    assert_eq!(world.rang().len(), 6);
    assert_eq!(world.sql("select calls from phone_number_days").await, ["3", "3"]);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["numbers_called_enough_today"]);

    world.advance(SignedDuration::from_hours(20));
    world.run_for(minutes(20)).await;
    assert_eq!(world.rang().len(), 10);
    world.check_books().await;
}

#[tokio::test]
async fn an_organization_makes_no_more_calls_a_day_than_it_may_by_its_own_day() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.calls_per_day_max = 4).await;
    let people = phones(7);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign_of(&acme, Campaign { hours: hours("00:00-24:00"), ..Campaign::over(&people) }).await;

    world.run_for(minutes(20)).await;
    assert_eq!(world.rang().len(), 4);
    let waits = world.sql("select waiting_because from organization_dispatch").await;
    assert_eq!(waits, ["organization_called_enough_today"]);
    // Midnight in New York, where it is, is 5:00 in UTC.
    world.clock.advance("2026-03-05T04:58:00Z".parse::<Timestamp>().unwrap().duration_since(world.now()));
    world.run_for(minutes(1)).await;
    assert_eq!(world.rang().len(), 4);
    world.run_for(minutes(15)).await;

    assert_eq!(world.rang().len(), 7);
    world.check_books().await;
}

/// Lets ten people be called under some limit of lines, and checks that it was never exceeded and always used.
async fn check_lines(limit: impl AsyncFnOnce(&World), lines: u32, because: &str) {
    let world = World::new().await;
    let (_, _, people) = people_who_answer(&world, 10).await;
    limit(&world).await;

    world.dial().await;
    assert_eq!(world.provider.lines_in_use("pool-1"), lines, "{because}");
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, [because]);
    world.run_for(minutes(30)).await;

    assert_eq!(world.rang().len(), people.len(), "{because}");
    assert_eq!(world.provider.lines_in_use_max("pool-1"), lines, "{because}");
    world.check_books().await;
}

#[tokio::test]
async fn no_more_calls_go_on_at_once_than_the_lines_of_anything_allow() {
    let set = async |world: &World, sql: &str| drop(world.sql(sql).await);
    check_lines(async |w| set(w, "update campaigns set lines_max = 3").await, 3, "campaign_lines_in_use").await;
    check_lines(async |w| set(w, "update agents set lines_max = 2").await, 2, "agent_lines_in_use").await;
    check_lines(async |w| set(w, "update organizations set lines_max = 4").await, 4, "organization_lines_in_use").await;
    check_lines(async |w| set(w, "update line_pools set lines_max = 5").await, 5, "no_free_line").await;
}

#[tokio::test]
async fn the_agents_lines_are_counted_over_all_its_campaigns() {
    let world = World::new().await;
    let (acme, _, _) = people_who_answer(&world, 3).await;
    world.sql("update agents set lines_max = 4").await;
    let others: Vec<&'static str> = phones(6)[3..].to_vec();
    world.campaign(&acme, &others).await;

    world.dial().await;

    assert_eq!(world.provider.lines_in_use("pool-1"), 4);
    world.check_books().await;
}

#[tokio::test]
async fn an_account_is_asked_no_more_often_a_minute_than_it_may_be() {
    let world = World::at("2026-03-04T17:00:05Z").await;
    let (_, _, people) = people_who_answer(&world, 10).await;
    world.sql("update provider_accounts set requests_per_minute_max = 4").await;

    // The sweep of the account is one of them.
    assert_eq!(world.dial().await, 3);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["requests_per_minute"]);
    world.advance(SignedDuration::from_secs(54));
    assert_eq!(world.dial().await, 0);
    world.advance(SignedDuration::from_secs(1));
    assert_eq!(world.dial().await, 4);

    world.run_for(minutes(10)).await;
    assert_eq!(world.rang().len(), people.len());
    world.check_books().await;
}

#[tokio::test]
async fn a_scheduled_campaign_starts_at_its_time() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    let campaign = Campaign { is_running: false, ..Campaign::over(&[MAYA]) };
    world.campaign_of(&acme, campaign).await;
    world.sql("update campaigns set status = 'scheduled', starts_at = '2026-03-04 19:00Z'").await;

    world.run_for(minutes(119)).await;
    assert_eq!(world.rang_or_about_to(), 0);
    world.run_for(minutes(6)).await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_lead_that_was_called_twice_before_midnight_is_called_on_the_next_day_of_its_own() {
    // Los Angeles: midnight there is 8:00 in UTC.
    let world = World::at("2026-03-05T03:00:00Z").await;
    let acme = world.client("Acme").await;
    let los_angeles = "+13105550146";
    world.provider.script_phone(los_angeles, vec![Outcome::NoAnswer; 4]);
    let plan: RetryPlan = serde_json::from_str(r#"{"no_answer": [30]}"#).unwrap();
    let campaign = Campaign { hours: hours("00:00-24:00"), retry_plan: plan, ..Campaign::over(&[los_angeles]) };
    world.campaign_of(&acme, campaign).await;

    world.run_for(minutes(290)).await;
    assert_eq!(world.rang().len(), 2);
    world.run_for(minutes(30)).await;

    assert_eq!(world.rang().len(), 3);
    let midnight: Timestamp = "2026-03-05T08:00:00Z".parse().unwrap();
    let last = world.provider.rings().last().unwrap().at;
    assert!(last >= midnight && last < midnight + 2.minutes());
    world.check_books().await;
}
