//! Webhooks lost, doubled, late, bare and bloated, in a campaign of many leads: in the end the tables say what the provider's
//! journal says.

use super::minutes;
use crate::support::{Campaign, World, phones};
use std::collections::BTreeMap;
use vapi_sim::{Entry, Knobs};

#[tokio::test]
async fn a_campaign_in_a_storm_of_webhooks_ends_as_the_provider_knows_it() {
    let world = World::new().await;
    world.set_lines(60).await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 60).await;
    world.sql("update agents set lines_max = 60").await;
    world.provider.set_knobs(Knobs {
        lose_webhooks: 0.2,
        duplicate_webhooks: 0.2,
        reorder_webhooks: true,
        missing_fields: 0.2,
        unknown_types: 0.2,
        unknown_ended_reasons: 0.05,
        iso_timestamps: 0.5,
        big_bodies: 0.02,
        ..Knobs::default()
    });
    let one_try = serde_json::from_str(r#"{"attempts_max": 1, "failures_max": 1}"#).unwrap();
    let campaign = Campaign { lines_max: 60, retry_plan: one_try, ..Campaign::over(&phones(60)) };
    world.campaign_of(&acme, campaign).await;

    world.run_for(minutes(20)).await;

    assert_eq!(world.sql("select status from campaigns").await, ["completed"]);
    assert_eq!(world.sql("select distinct state from attempts").await, ["ended"]);
    assert_eq!(world.sql("select state from events where state <> 'applied'").await, [""; 0]);
    let ended = world.provider.journal().into_iter().filter_map(|entry| match entry {
        Entry::Ended(ended) => Some((ended.call_id, ended.reason)),
        _ => None,
    });
    let ended: BTreeMap<String, String> = ended.collect();
    let known = world.sql("select provider_call_id || ' ' || ended_reason from calls").await;
    let known: BTreeMap<String, String> = known
        .iter()
        .filter_map(|row| row.split_once(' '))
        .map(|(id, reason)| (id.to_owned(), reason.to_owned()))
        .collect();
    assert_eq!(known, ended);
    assert_eq!(world.sql("select count(*) from calls where has_report").await, ["60"]);
    world.check_books().await;
}
