//! Webhooks: who may send them, that they are kept before they are answered, and that each has one effect.

mod credentials;
mod memory;
mod odd_senders;
mod orders;
mod recorded;
mod storms;

use crate::support::{Client, World};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use trunkline::store::agents::{self, NewDeployment};
use vapi_sim::{Knobs, Outcome};

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// A call to `phone` that the provider has accepted and of which it tells nothing by itself. Returns its id there.
async fn quiet_call(world: &World, client: &Client, phone: &'static str) -> String {
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, ..Knobs::default() });
    world.provider.script_phone(phone, vec![Outcome::answered()]);
    world.campaign(client, &[phone]).await;
    world.dial().await;
    world.sql(&format!("select provider_call_id from attempts where phone = '{phone}'")).await.remove(0)
}

fn status_update(call_id: &str, status: &str, timestamp: i64) -> Value {
    json!({ "message": { "type": "status-update", "status": status, "timestamp": timestamp, "call": { "id": call_id } } })
}

fn ended(call_id: &str, reason: &str, timestamp: i64) -> Value {
    let mut body = status_update(call_id, "ended", timestamp);
    body["message"]["endedReason"] = reason.into();
    body
}

#[tokio::test]
async fn a_webhook_is_kept_before_it_is_answered() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let call = quiet_call(&world, &acme, MAYA).await;
    world.sql("alter table events rename to events_that_are_away").await;

    let (status, _) = world.webhook(&ended(&call, "customer-busy", 1)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    world.sql("alter table events_that_are_away rename to events").await;
    assert_eq!(world.sql("select count(*) from events").await, ["0"]);
    assert_eq!(world.sql("select state from attempts").await, ["accepted"]);

    let (status, answer) = world.webhook(&ended(&call, "customer-busy", 1)).await;
    assert_eq!((status, answer), (StatusCode::OK, json!({})));
    assert_eq!(world.sql("select state from events").await, ["kept"]);
    world.apply().await;
    assert_eq!(world.sql("select outcome from attempts where state = 'ended'").await, ["busy"]);
    world.check_books().await;
}

#[tokio::test]
async fn what_the_database_could_not_keep_comes_again_and_nothing_is_lost() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;

    world.sql("alter table events rename to events_that_are_away").await;
    for _ in 0..3 {
        world.advance(SignedDuration::from_secs(5));
        world.provider().await;
    }
    assert!(world.provider.totals().webhooks_failed > 0);
    world.sql("alter table events_that_are_away rename to events").await;
    world.finish_calls().await;

    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    assert_eq!(world.sql("select count(*) from events where source = 'poll'").await, ["0"]);
    world.check_books().await;
}

#[tokio::test]
async fn an_event_applied_twice_has_one_effect() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { duplicate_webhooks: 1.0, ..Knobs::default() });
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.provider.script_phone(OWEN, vec![Outcome::Busy]);
    world.campaign(&acme, &[MAYA, OWEN]).await;
    world.finish_calls().await;
    let delivered: u64 = world.provider.totals().webhooks_delivered;
    let kept: u64 = world.sql("select count(*) from events where source = 'webhook'").await[0].parse().unwrap();
    assert_eq!(kept * 2, delivered);

    let before = everything(&world).await;
    world.sql("update events set state = 'kept', applied_at = null").await;
    world.apply().await;

    assert_eq!(everything(&world).await, before);
    world.check_books().await;
}

/// All that events change, but for when it was last changed.
async fn everything(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for table in
        ["calls", "call_reports", "call_costs", "attempts", "enrollments", "lead_days", "organization_dispatch"]
    {
        let rows = format!("select to_jsonb(t) - 'updated_at' - 'next_at' from {table} t order by to_jsonb(t)::text");
        all.extend(world.sql(&rows).await);
    }
    all
}

#[tokio::test]
async fn a_status_after_the_end_changes_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let call = quiet_call(&world, &acme, MAYA).await;
    world.webhook(&ended(&call, "customer-did-not-answer", 5)).await;
    world.apply().await;

    for (status, at) in [("queued", 1), ("ringing", 6), ("in-progress", 7), ("a-status-of-next-year", 8)] {
        world.webhook(&status_update(&call, status, at)).await;
    }
    world.webhook(&ended(&call, "customer-busy", 9)).await;
    world.apply().await;

    assert_eq!(world.sql("select status || ' ' || outcome from calls").await, ["ended no_answer"]);
    assert_eq!(world.sql("select outcome from attempts where state = 'ended'").await, ["no_answer"]);
    assert_eq!(world.sql("select state from events where state <> 'applied'").await, [""; 0]);
    world.check_books().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_for_a_person_to_see() {
    let world = World::new().await;
    let secret = world.webhook_secret().await;
    let bodies: [&[u8]; 4] = [b"not json at all", b"", b"{\"message\":{}}", b"{\"message\":{\"type\":\"\xff\"}}"];

    for body in bodies {
        let (status, _) = world.webhook_with(&[("x-vapi-secret", &secret)], body).await;
        assert_eq!(status, StatusCode::OK);
    }

    let kept = world.sql("select state || ' ' || type from events").await;
    assert_eq!(kept, ["unattributed unreadable"; 4]);
}

#[tokio::test]
async fn unknown_types_and_unknown_ended_reasons_are_kept_and_applied() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { unknown_types: 1.0, unknown_ended_reasons: 1.0, ..Knobs::default() });
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;

    let unknown = "call.in-progress.error-providerfault-carrier-entropy-exhausted";
    assert_eq!(world.sql("select ended_reason from calls").await, [unknown]);
    // It may have rung: it stays counted, and is tried again.
    assert_eq!(world.sql("select outcome from attempts where state = 'ended'").await, ["failed"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"]);
    assert!(
        !world.sql("select id from events where type = 'call.weather-changed' and state = 'applied'").await.is_empty()
    );
    assert_eq!(world.sql("select state from events where state <> 'applied'").await, [""; 0]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_is_nobodys_is_adopted_when_its_agent_is_known() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let secret = world.webhook_secret().await;
    let server = json!({ "url": format!("{}/webhooks/vapi", world.base_url), "headers": { "x-vapi-secret": secret } });
    let assistant_id = world.provider.add_assistant("org-1", json!({ "name": "New", "server": server }));
    let number = json!({ "provider": "twilio", "number": "+12125559000", "assistantId": assistant_id });
    world.provider.add_phone_number("org-1", number);
    world.provider.inbound_call("+12125559000", MAYA).unwrap();
    world.finish_calls().await;
    assert_eq!(world.sql("select distinct state from events").await, ["unattributed"]);
    assert_eq!(world.node.intake.adopt_unattributed().await.unwrap(), 0);

    let deployment = NewDeployment { agent: acme.agent, account: world.account, assistant_id };
    world.sql("delete from agent_deployments").await;
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    agents::deploy(&tx, &[deployment], world.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(world.node.intake.adopt_unattributed().await.unwrap() > 0);
    world.apply().await;

    assert_eq!(world.sql("select direction || ' ' || outcome from calls").await, ["inbound answered"]);
    assert_eq!(world.sql("select distinct state from events").await, ["applied"]);
    world.check_counters().await;
}

#[tokio::test]
async fn an_event_that_cannot_be_applied_is_set_aside_and_the_others_go_on() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let call = quiet_call(&world, &acme, MAYA).await;
    let mut poisoned = status_update(&call, "ringing", 1);
    poisoned["message"]["status"] = Value::Null;

    world.webhook(&poisoned).await;
    world.webhook(&ended(&call, "customer-busy", 2)).await;
    world.apply().await;
    assert_eq!(world.sql("select outcome from attempts where state = 'ended'").await, ["busy"]);
    for _ in 0..5 {
        world.apply().await;
    }

    assert_eq!(
        world.sql("select state || tries from events order by received_at, id").await,
        ["set_aside5", "applied0"]
    );
    assert!(world.sql("select problem from events where state = 'set_aside'").await[0].contains("not a vapi message"));
    world.check_books().await;
}

#[tokio::test]
async fn of_many_events_of_two_organizations_in_one_transaction_the_bad_one_alone_waits() {
    let world = World::new().await;
    let (acme, rival) = (world.client("Acme").await, world.client("Rival").await);
    let calls = [quiet_call(&world, &acme, MAYA).await, quiet_call(&world, &rival, OWEN).await];
    let mut bad = status_update(&calls[1], "ringing", 50);
    bad["message"]["status"] = Value::Null;
    for (nth, status) in (0..).zip(["queued", "ringing", "in-progress", "forwarding"]) {
        for call in &calls {
            world.webhook(&status_update(call, status, nth)).await;
        }
    }
    world.webhook(&bad).await;
    world.webhook(&ended(&calls[0], "customer-busy", 60)).await;
    world.webhook(&ended(&calls[1], "customer-ended-call", 61)).await;

    assert_eq!(world.node.intake.apply().await.unwrap(), 10);

    let waiting = world.sql("select state || ' ' || tries from events where state <> 'applied'").await;
    assert_eq!(waiting, ["kept 1"]);
    assert_eq!(world.sql("select outcome from calls order by outcome").await, ["answered", "busy"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_text_with_the_character_that_postgres_keeps_in_no_text_is_taken_in_without_it() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let call = quiet_call(&world, &acme, MAYA).await;
    let mut report = ended(&call, "customer-ended-call", 1);
    report["message"]["type"] = "end-of-call-report".into();
    report["message"]["transcript"] = "AI: Hel\u{0}lo".into();
    report["message"]["analysis"] = json!({ "summary": "\u{0}", "structuredData": { "a\u{0}": "b\u{0}" } });

    assert_eq!(world.webhook(&report).await.0, StatusCode::OK);
    world.apply().await;

    assert_eq!(world.sql("select state from events").await, ["applied"]);
    assert_eq!(world.sql("select transcript from call_reports").await, ["AI: Hello"]);
}

#[tokio::test]
async fn the_database_being_busy_sets_no_event_aside() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let call = quiet_call(&world, &acme, MAYA).await;
    world.webhook(&ended(&call, "customer-busy", 1)).await;
    // Every update of an attempt is a victim of a deadlock, as far as the program can tell.
    let busy = "create function busy() returns trigger language plpgsql as
                $$ begin raise exception 'busy' using errcode = '40P01'; end $$;
                create trigger busy before update on attempts execute function busy()";
    world.sql(busy).await;

    for _ in 0..8 {
        world.apply().await;
    }
    assert_eq!(world.sql("select state || tries from events").await, ["kept0"]);
    world.sql("drop trigger busy on attempts").await;
    world.apply().await;

    assert_eq!(world.sql("select outcome from attempts where state = 'ended'").await, ["busy"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_message_that_steers_a_call_gets_a_valid_answer() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let message = |kind: &str, more: Value| {
        let mut message = json!({ "type": kind, "call": { "id": "c1", "phoneNumberId": acme.provider_number_id } });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "message": message })
    };

    let (_, answer) = world.webhook(&message("assistant-request", json!({}))).await;
    assert_eq!(answer, json!({ "assistantId": acme.assistant_id }));

    let stranger = json!({ "message": { "type": "assistant-request", "call": { "id": "c2" } } });
    let (_, answer) = world.webhook(&stranger).await;
    assert_eq!(answer, json!({ "error": "Sorry, nobody can take your call right now. Goodbye." }));

    let calls = json!({ "toolCallList": [{ "id": "t1", "function": { "name": "book", "arguments": "{}" } }] });
    let (_, answer) = world.webhook(&message("tool-calls", calls)).await;
    let expected = json!({ "toolCallId": "t1", "name": "book", "error": "there is no such tool here" });
    assert_eq!(answer, json!({ "results": [expected] }));

    let (_, answer) = world.webhook(&message("campaign.predial", json!({}))).await;
    assert_eq!(answer, json!({ "eligible": false }));
    assert_eq!(world.sql("select count(*) from events").await, ["4"]);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let world = World::new().await;
    let secret = world.webhook_secret().await;

    let (status, _) = world.webhook_with(&[("x-vapi-secret", &secret)], "x".repeat(4 * 1024 * 1024 + 1)).await;

    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.sql("select count(*) from events").await, ["0"]);
}

#[tokio::test]
async fn lost_reports_are_found_by_the_sweep() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, ..Knobs::default() });
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.provider.script_phone(OWEN, vec![Outcome::Busy]);
    world.campaign(&acme, &[MAYA, OWEN]).await;

    world.run_for(minutes(6)).await;

    assert_eq!(world.sql("select outcome from calls order by outcome").await, ["answered", "busy"]);
    assert_eq!(world.sql("select count(*) from call_reports where transcript <> ''").await, ["1"]);
    assert_eq!(world.sql("select distinct source from events").await, ["poll"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_comes_in_holds_a_line_until_it_ends() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let secret = world.webhook_secret().await;
    let server = json!({ "url": format!("{}/webhooks/vapi", world.base_url), "headers": { "x-vapi-secret": secret } });
    world.provider.set_org_server("org-1", server);
    let number = world.sql("select number from phone_numbers").await.remove(0);

    world.provider.inbound_call(&number, MAYA).unwrap();
    world.provider().await;
    world.apply().await;
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["1"]);
    world.check_counters().await;
    world.finish_calls().await;

    assert_eq!(world.sql("select direction || ' ' || outcome from calls").await, ["inbound answered"]);
    assert_eq!(world.sql("select agent_id from calls").await, [acme.agent.to_string()]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["0"]);
    world.check_counters().await;
}
