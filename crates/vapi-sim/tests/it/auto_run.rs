//! A simulator that runs by itself, on a clock a hundred times as fast as ours.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use vapi_sim::{Knobs, STANDALONE_ORG_ID, StandaloneOptions, start_standalone};

use crate::support::client;

const WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_standalone_simulator_carries_a_call_to_its_end_by_itself() {
    let begin: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
    let started = Instant::now();
    let clock = move || begin + SignedDuration::try_from(started.elapsed() * 100).unwrap();
    let options = StandaloneOptions { port: 0, seed: 3, clock: Arc::new(clock), knobs: Knobs::default() };
    let (simulator, key) = start_standalone(&options).await.unwrap();
    simulator.set_org_server(STANDALONE_ORG_ID, json!({ "url": format!("{}/nowhere", simulator.base_url()) }));
    let http = client().user_agent("test").build().unwrap();
    let url = |path: &str| format!("{}{path}", simulator.base_url());
    let assistants: Value = http.get(url("/assistant")).bearer_auth(&key).send().await.unwrap().json().await.unwrap();
    let order = json!({
        "assistantId": assistants[0]["id"], "phoneNumber": { "twilioPhoneNumber": "+14155550000" },
        "customer": { "number": "+14155550123" },
    });

    let created = http.post(url("/call")).bearer_auth(&key).json(&order).send().await.unwrap();

    assert_eq!(created.status(), 201);
    // The test clock cannot be moved by hand here: the simulator's own task has to do it.
    while simulator.totals().ended == 0 || simulator.totals().webhooks_failed < 2 {
        assert!(started.elapsed() < WITHIN, "{:?}", simulator.totals());
        tokio::task::yield_now().await;
    }
    simulator.shutdown().await;
    assert!(http.get(url("/call")).bearer_auth(&key).send().await.is_err());
}
