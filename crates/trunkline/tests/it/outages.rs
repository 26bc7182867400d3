//! An account of the provider's is sick for ten minutes while another is well.

use crate::support::{Campaign, Client, Second, World, phones};
use jiff::{SignedDuration, Timestamp};
use vapi_sim::{CreateFault, Outcome};

const PEOPLE: usize = 420;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Two accounts with ten lines each, and people who all answer and talk for forty seconds.
async fn two_accounts() -> (World, Client, Second) {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 40).await;
    let second = world.second_account().await;
    let number = world.deploy(&acme, &second).await;
    world.sql("update agents set lines_max = 40").await;
    world.sql("update phone_numbers set calls_per_day_max = 1000").await;
    let people = phones(PEOPLE);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::Answered { scene: None, talk_seconds: Some(40.0) }; 3]);
    }
    let campaign = Campaign { lines_max: 40, more_numbers: vec![number], ..Campaign::over(&people) };
    world.campaign_of(&acme, campaign).await;
    (world, acme, second)
}

/// Phones that rang from an account since, up to now.
fn rings_since(world: &World, org: &str, since: Timestamp) -> usize {
    world.provider.rings().iter().filter(|ring| ring.account_org == org && ring.at >= since).count()
}

/// Runs for some minutes, and tells how many phones rang from each account a minute.
async fn pace_over(world: &World, second: &Second, time: i64) -> (usize, usize) {
    let since = world.now();
    world.run_for(minutes(time)).await;
    let each = usize::try_from(time).unwrap();
    (rings_since(world, "org-1", since) / each, rings_since(world, second.org, since) / each)
}

async fn check_ten_minutes_of(faults: Vec<CreateFault>) {
    let (world, _, second) = two_accounts().await;
    pace_over(&world, &second, 1).await;
    let (well, other_well) = pace_over(&world, &second, 4).await;
    assert!(well >= 6 && other_well >= 6, "{well} and {other_well} a minute");

    world.provider.keep_failing("org-1", faults.clone());
    let (_, other) = pace_over(&world, &second, 10).await;
    assert!(other >= other_well - 1, "the healthy account: {other} a minute after {other_well}, {faults:?}");

    world.provider.keep_failing("org-1", Vec::new());
    pace_over(&world, &second, 1).await;
    let (again, _) = pace_over(&world, &second, 2).await;
    assert!(again * 3 >= well * 2, "{again} a minute after {well}, a minute after health, {faults:?}");

    world.run_for(minutes(20)).await;
    // A call that proved not to exist stays counted as a ring: its lead is called after the gap between two.
    world.advance(minutes(60));
    world.run_for(minutes(15)).await;
    let mut rang = world.rang();
    assert_eq!(rang.len(), PEOPLE, "{faults:?}");
    rang.sort();
    rang.dedup();
    assert_eq!(rang.len(), PEOPLE, "nobody is called twice, {faults:?}");
    assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn while_an_account_refuses_everything_the_other_calls_and_it_is_back_within_a_minute_of_health() {
    check_ten_minutes_of(vec![CreateFault::TooManyRequests { retry_after: None }]).await;
}

#[tokio::test]
async fn while_an_account_answers_500_the_other_calls_and_it_is_back_within_a_minute_of_health() {
    check_ten_minutes_of(vec![CreateFault::Status500Before, CreateFault::Status500After]).await;
}

#[tokio::test]
async fn while_an_account_is_silent_the_other_calls_and_it_is_back_within_a_minute_of_health() {
    check_ten_minutes_of(vec![CreateFault::DropBefore, CreateFault::DropAfter]).await;
}
