//! What the provider refuses, whom that blames, and that no lead is burned for it.

use crate::support::{Campaign, Client, World, phones};
use jiff::SignedDuration;
use vapi_sim::{CreateFault, Knobs, Outcome, OverLimit};

const MAYA: &str = "+12125550146";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn refused(status: u16, message: &str) -> CreateFault {
    let body = serde_json::json!({ "message": message, "error": "Bad Request", "statusCode": status });
    CreateFault::Refused { status, body: body.to_string() }
}

/// A client with a campaign over one lead who answers.
async fn one_lead(world: &World) -> Client {
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    acme
}

/// Nothing is spent, and the lead's same try is planned again.
async fn check_nothing_is_lost(world: &World) {
    assert_eq!(world.sql("select calls from lead_days").await, ["0"]);
    assert_eq!(world.sql("select calls from organization_days").await, ["0"]);
    assert_eq!(world.sql("select status || attempts_made from enrollments").await, ["queued0"]);
    assert_eq!(world.sql("select state from attempts order by created_at, id").await, ["rejected", "scheduled"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_lead_whose_phone_is_no_phone_is_excluded_and_nothing_is_spent() {
    let world = World::new().await;
    one_lead(&world).await;
    world.provider.next_create(refused(400, "customer.number must be a valid phone number in the E.164 format."));

    world.dial().await;

    assert_eq!(world.sql("select disposition from enrollments").await, ["excluded"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["0"]);
    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_number_that_made_its_calls_of_the_day_rests_until_the_providers_next_day_and_another_takes_over() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let second = world.second_number(&acme).await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    let campaign = Campaign { more_numbers: vec![second], ..Campaign::over(&[MAYA]) };
    world.campaign_of(&acme, campaign).await;
    world.provider.next_create(CreateFault::DailyLimit400);

    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    let resting =
        world.sql("select resting_until at time zone 'utc' from phone_numbers where status = 'resting'").await;
    assert_eq!(resting, ["2026-03-05 00:00:00"]);
    assert_eq!(world.sql("select calls from phone_number_days order by calls").await, ["0", "1"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_number_bought_at_the_provider_makes_its_calls_of_the_day_and_goes_on_tomorrow() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let bought = world.number_at(&acme, (world.account, "org-1"), "vapi").await;
    world.sql(&format!("update phone_numbers set status = 'dead' where id <> '{bought}'")).await;
    world.provider.set_knobs(Knobs { vapi_number_calls_per_day_max: 3, ..Knobs::default() });
    let people = phones(5);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign_of(&acme, Campaign { more_numbers: vec![bought], ..Campaign::over(&people) }).await;

    world.run_for(minutes(30)).await;
    assert_eq!(world.rang().len(), 3);
    assert_eq!(world.sql("select count(*) from enrollments where status <> 'done'").await, ["2"]);

    world.advance(SignedDuration::from_hours(24));
    world.run_for(minutes(10)).await;
    assert_eq!(world.rang().len(), 5);
    assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_number_that_does_not_exist_is_dead_and_its_leads_wait() {
    let world = World::new().await;
    one_lead(&world).await;
    world.provider.next_create(refused(400, "`phoneNumber` `22222222-2222-4222-8222-222222222222` does not exist."));

    world.dial().await;
    world.run_for(minutes(30)).await;

    assert_eq!(world.sql("select status from phone_numbers").await, ["dead"]);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["no_usable_number"]);
    assert_eq!(world.rang_or_about_to(), 0);
    check_nothing_is_lost(&world).await;
}

#[tokio::test]
async fn a_refusal_that_blames_the_assistant_or_nobody_pauses_the_campaign() {
    for message in ["assistantOverrides.server.url must be a URL address", "The moon is in the wrong house."] {
        let world = World::new().await;
        one_lead(&world).await;
        world.provider.next_create(refused(400, message));

        world.run_for(minutes(10)).await;

        assert_eq!(world.sql("select status from campaigns").await, ["paused"]);
        assert!(world.sql("select status_reason from campaigns").await[0].ends_with(message));
        assert_eq!(world.rang_or_about_to(), 0);
        check_nothing_is_lost(&world).await;
    }
}

#[tokio::test]
async fn an_account_that_is_refused_rests_while_its_leads_wait() {
    let faults = [
        refused(401, "Invalid Key. Hot tip, you may be using the private key instead of the public key."),
        refused(402, "Payment required"),
        refused(403, "Forbidden resource"),
        refused(400, "Wallet Balance is below zero. Please add credits."),
    ];
    for fault in faults {
        let world = World::new().await;
        one_lead(&world).await;
        world.provider.next_create(fault);

        world.dial().await;
        assert_eq!(world.sql("select status from provider_accounts").await, ["paused"]);
        world.run_for(minutes(9)).await;
        assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["account_paused"]);
        check_nothing_is_lost(&world).await;

        world.run_for(minutes(6)).await;
        assert_eq!(world.rang(), [MAYA]);
        assert_eq!(world.sql("select status from provider_accounts").await, ["active"]);
        world.check_books().await;
    }
}

#[tokio::test]
async fn another_account_takes_over_from_one_whose_key_was_revoked() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let second = world.second_account().await;
    let number = world.deploy(&acme, &second).await;
    world.provider.revoke_key("sim-key-1");
    // Numbers take turns, so one of two leads is tried at the first account.
    let people = phones(2);
    world.campaign_of(&acme, Campaign { more_numbers: vec![number], ..Campaign::over(&people) }).await;

    world.dial().await;

    assert_eq!(world.sql("select status from provider_accounts order by name").await, ["paused", "active"]);
    assert_eq!(world.sql("select state from attempts order by state").await, ["accepted", "accepted", "rejected"]);
    world.run_for(minutes(1)).await;
    assert!(world.provider.rings().iter().all(|ring| ring.account_org == second.org));
    assert_eq!(world.rang().len(), 2);
    world.check_books().await;
}

#[tokio::test]
async fn a_key_that_was_replaced_is_used_without_a_restart() {
    let world = World::new().await;
    one_lead(&world).await;
    world.provider.revoke_key("sim-key-1");
    world.dial().await;
    assert_eq!(world.sql("select status from provider_accounts").await, ["paused"]);

    world.provider.add_key("org-1", "sim-key-new");
    world.replace_key("sim-key-new").await;
    world.run_for(minutes(15)).await;

    assert_eq!(world.rang(), [MAYA]);
    world.check_books().await;
}

#[tokio::test]
async fn a_pool_that_is_full_at_the_provider_cools_and_nothing_is_spent() {
    let shapes = [CreateFault::OverConcurrency400, CreateFault::ConcurrencyBlocked201, CreateFault::ConcurrencyEnds201];
    for shape in shapes {
        let world = World::new().await;
        one_lead(&world).await;
        world.provider.next_create(shape.clone());

        world.dial().await;
        world.provider().await;
        world.advance(SignedDuration::from_secs(4));
        world.provider().await;
        world.apply().await;

        let cools = world.sql("select cooling_until > '2026-03-04 17:00:04Z' from line_pools").await;
        assert_eq!(cools, ["t"], "{shape:?}");
        assert_eq!(world.sql("select calls from lead_days").await, ["0"], "{shape:?}");
        assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"], "{shape:?}");
        assert_eq!(world.dial().await, 0, "{shape:?}");
        world.check_books().await;

        world.finish_calls().await;
        assert_eq!(world.rang(), [MAYA], "{shape:?}");
        assert_eq!(world.sql("select attempts_made from enrollments").await, ["1"], "{shape:?}");
        world.check_books().await;
    }
}

#[tokio::test]
async fn a_call_that_waits_for_a_line_at_the_provider_rings_when_there_is_one() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.set_lines(10).await;
    world.provider.add_subscription("pool-1", 1);
    world.provider.set_knobs(Knobs { over_limit: OverLimit::Waits, ..Knobs::default() });
    let people = phones(2);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign(&acme, &people).await;

    world.dial().await;
    assert_eq!(world.rang_or_about_to(), 2);
    world.run_for(minutes(20)).await;

    assert_eq!(world.rang().len(), 2);
    assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn lines_that_others_hold_for_long_burn_no_lead() {
    for over_limit in [OverLimit::Refused400, OverLimit::Blocked201, OverLimit::EndsAtStart] {
        let world = World::new().await;
        one_lead(&world).await;
        // Our ledger has ten lines, the provider none.
        world.provider.add_subscription("pool-1", 0);
        world.provider.set_knobs(Knobs { over_limit, ..Knobs::default() });

        world.run_for(minutes(12)).await;
        let tries: i64 =
            world.sql("select count(*) from attempts where state <> 'scheduled'").await[0].parse().unwrap();
        assert!(tries > 12, "{tries} tries {over_limit:?}");
        assert_eq!(world.sql("select status || attempts_made from enrollments").await, ["queued0"], "{over_limit:?}");
        world.provider.add_subscription("pool-1", 10);
        world.finish_calls().await;

        assert_eq!(world.rang(), [MAYA], "{over_limit:?}");
        assert_eq!(world.sql("select disposition from enrollments").await, ["reached"], "{over_limit:?}");
        world.check_books().await;
    }
}

#[tokio::test]
async fn an_account_that_is_frozen_burns_no_lead() {
    let world = World::new().await;
    one_lead(&world).await;
    world.provider.freeze_subscription("pool-1", true);

    for _ in 0..15 {
        world.dial().await;
        world.advance(SignedDuration::from_secs(3));
        world.provider().await;
        world.apply().await;
        world.advance(minutes(11));
    }
    let tries: i64 = world.sql("select count(*) from attempts where state = 'ended'").await[0].parse().unwrap();
    assert!(tries > 12, "{tries} tries");
    world.provider.freeze_subscription("pool-1", false);
    world.run_for(minutes(20)).await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn after_too_many_requests_the_account_waits_until_the_next_minute_or_as_long_as_it_is_told() {
    for (retry_after, until) in [(None, "17:01:00"), (Some(21), "17:01:00"), (Some(150), "17:02:50")] {
        let world = World::at("2026-03-04T17:00:20Z").await;
        let acme = world.client("Acme").await;
        let people = phones(3);
        for phone in &people {
            world.provider.script_phone(phone, vec![Outcome::answered()]);
        }
        world.provider.next_create(CreateFault::TooManyRequests { retry_after });
        world.campaign(&acme, &people).await;

        world.dial().await;
        let paused = world.sql("select (paused_until at time zone 'utc')::time from provider_accounts").await;
        assert_eq!(paused, [until]);
        assert_eq!(world.sql("select count(*) from attempts where state = 'rejected'").await, ["1"]);
        world.check_books().await;

        world.run_for(minutes(10)).await;
        assert_eq!(world.rang().len(), 3);
        assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"]);
        world.check_books().await;
    }
}

#[tokio::test]
async fn an_agent_that_is_not_deployed_any_more_is_not_called_with() {
    let world = World::new().await;
    let acme = one_lead(&world).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    world.sql("delete from agent_deployments").await;

    world.node.dialer.send(acme.id, claimed[0]).await.unwrap();
    world.run_for(minutes(2)).await;

    assert_eq!(world.sql("select state from attempts order by created_at, id").await, ["released", "scheduled"]);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["no_usable_number"]);
    world.check_books().await;
}
