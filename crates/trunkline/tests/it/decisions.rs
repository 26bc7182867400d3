//! What was decided is kept with its facts, and is decided the same again.

use crate::support::{Campaign, Client, World, hours, phones};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use trunkline::domain::dispatch_policy::{Decision, Deferral, Replay, replay};
use trunkline::store::decisions::{self, ListedDecision};
use trunkline::store::dnc::{self, DncSource};
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";
const PREMIUM: &str = "+19005550146";
const LOS_ANGELES: &str = "+13105550146";

async fn kept(world: &World, client: &Client) -> Vec<ListedDecision> {
    let tx = world.node.db.tenant(client.id).await.unwrap();
    let mut all: Vec<ListedDecision> = Vec::new();
    loop {
        let page = decisions::page(&tx, all.last()).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn reason(decision: &ListedDecision) -> &'static str {
    match decision.kept.as_ref().unwrap().decision {
        Decision::Dial(_) => "dial",
        Decision::Defer { because, .. } => because.as_str(),
        Decision::Exclude(because) => because.as_str(),
    }
}

#[tokio::test]
async fn every_decision_of_two_days_is_decided_the_same_again() {
    let world = World::new().await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 12).await;
    let many = phones(160);
    for phone in &many {
        world.provider.script_phone(phone, vec![Outcome::NoAnswer; 9]);
    }
    for phone in [MAYA, OWEN, LOS_ANGELES] {
        world.provider.script_phone(phone, vec![Outcome::Busy; 9]);
    }
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    dnc::add(&tx, OWEN, ("asked for it", DncSource::Person), world.now()).await.unwrap();
    tx.commit().await.unwrap();
    let evening = Campaign { hours: hours("12:00-20:00"), ..Campaign::over(&[MAYA, PREMIUM, LOS_ANGELES]) };
    world.campaign_of(&acme, evening).await;
    let narrow = Campaign { lines_max: 2, ..Campaign::over(&[MAYA, OWEN]) };
    world.campaign_of(&acme, narrow).await;
    world.campaign(&acme, &many).await;

    for _ in 0..20 {
        world.run_for(SignedDuration::from_mins(3)).await;
        world.advance(SignedDuration::from_mins(77));
    }

    let decisions = kept(&world, &acme).await;
    assert!(decisions.len() > 300, "{}", decisions.len());
    for decision in &decisions {
        assert_eq!(replay(decision.kept.as_ref().unwrap()), Replay::Same, "{decision:?}");
    }
    let reasons: BTreeSet<&str> = decisions.iter().map(reason).collect();
    for occurs in ["dial", "do_not_call", "number_not_allowed", "outside_calling_hours", "lead_called_enough_today"] {
        assert!(reasons.contains(occurs), "{occurs} is not among {reasons:?}");
    }
    let without = "select count(*) from attempts a
                   where a.reserved_at is not null and not exists (
                       select from decisions d where d.attempt_id = a.id and d.verdict = 'dial')";
    assert_eq!(world.sql(without).await, ["0"], "what was reserved was decided");
    let left_out = "select count(*) from enrollments e
                    where e.disposition = 'excluded' and not exists (
                        select from decisions d join attempts a on a.id = d.attempt_id
                        where a.enrollment_id = e.id and d.verdict = 'exclude' and d.because = e.because)";
    assert_eq!(world.sql(left_out).await, ["0"], "what was left out was decided");
}

#[tokio::test]
async fn of_an_attempts_deferrals_the_latest_is_kept() {
    let world = World::at("2026-03-04T11:00:00Z").await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;

    world.dial().await;
    let closed = kept(&world, &acme).await;
    world.advance(SignedDuration::from_hours(3));
    world.sql("update agents set status = 'resting'").await;
    world.dial().await;

    assert_eq!(closed.iter().map(reason).collect::<Vec<_>>(), [Deferral::OutsideCallingHours.as_str()]);
    let now = kept(&world, &acme).await;
    assert_eq!(now.iter().map(reason).collect::<Vec<_>>(), [Deferral::AgentResting.as_str()]);
    assert_eq!(now[0].decided_at, world.now());
}

#[tokio::test]
async fn what_older_rules_decided_is_told_apart() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;

    world.sql("update decisions set rules_version = 0, kept = '\\x28b52ffd04481100007b7dd194f27a'").await;

    let tx = world.node.db.tenant(acme.id).await.unwrap();
    let old = decisions::page(&tx, None).await.unwrap();
    assert_eq!((old.len(), old[0].rules_version), (1, 0));
    assert!(old[0].kept.is_none(), "it is listed, and not decided again");
}

#[tokio::test]
async fn decisions_go_when_their_time_is_over() {
    let world = World::new().await;
    let (acme, bella) = (world.client("Acme").await, world.client("Bella").await);
    for phone in [MAYA, OWEN] {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign(&acme, &[MAYA]).await;
    world.campaign(&bella, &[OWEN]).await;
    world.finish_calls().await;
    let first = world.now();
    world.advance(SignedDuration::from_hours(48));
    world.campaign(&acme, &[LOS_ANGELES]).await;
    world.dial().await;

    let gone = decisions::forget(&world.node.db, first + SignedDuration::from_hours(24), 100).await.unwrap();

    assert_eq!(gone, 2);
    assert_eq!(kept(&world, &acme).await.len(), 1);
    assert_eq!(decisions::forget(&world.node.db, first, 100).await.unwrap(), 0);
}
