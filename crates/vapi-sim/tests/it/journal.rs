//! The ground truth, and that it can be had again.

use serde_json::json;
use vapi_sim::{Entry, Fate, Outcome};

use crate::support::{ORG, PHONE, POOL, World, order};

#[tokio::test]
async fn a_ring_tells_who_was_called_from_where_and_for_which_attempt() {
    let world = World::new().await;
    world.script(Outcome::NoAnswer);

    let id = world.placed().await;
    world.seconds(60).await;

    let rings = world.simulator.rings();
    assert_eq!(rings.len(), 1);
    let ring = &rings[0];
    assert_eq!((ring.phone.as_str(), ring.from_number.as_str()), (PHONE, "+14155550000"));
    assert_eq!((ring.call_id.as_str(), ring.account_org.as_str()), (id.as_str(), ORG));
    assert_eq!((ring.name.as_deref(), ring.external_id.as_deref()), (Some("attempt-1"), Some("lead-1")));
    assert_eq!(ring.metadata, Some(json!({ "attempt": "attempt-1" })));
}

#[tokio::test]
async fn everything_is_noted_in_the_order_it_happened() {
    let world = World::new().await;
    world.script(Outcome::Busy);

    world.placed().await;
    world.seconds(60).await;

    let kinds: Vec<String> = world
        .simulator
        .journal()
        .iter()
        .map(|entry| match entry {
            Entry::Request(request) => format!("{} {} {:?}", request.method, request.path, request.status),
            Entry::Created(_) => "created".to_owned(),
            Entry::Ring(_) => "ring".to_owned(),
            Entry::Ended(ended) => ended.reason.clone(),
            Entry::Webhook(webhook) => {
                assert_eq!(webhook.fate, Fate::Delivered);
                format!("{} {}", webhook.kind, webhook.status.as_deref().unwrap_or_default())
            }
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "created",
            "POST /call Some(201)",
            "ring",
            "status-update ringing",
            "customer-busy",
            "status-update ended",
            "end-of-call-report ",
        ]
    );
}

/// A day on which a little of everything goes wrong; what was noted, without real time and ports.
async fn bad_day(seed: u64) -> Vec<String> {
    let world = World::with_seed(seed).await;
    world.simulator.add_subscription(POOL, 1_000);
    world.set_knobs(|knobs| {
        knobs.lose_webhooks = 0.2;
        knobs.duplicate_webhooks = 0.2;
        knobs.reorder_webhooks = true;
        knobs.unknown_types = 0.2;
        knobs.unknown_ended_reasons = 0.1;
    });
    for index in 0..60 {
        world.post("/call", order(&format!("+1415555{index:04}"))).await;
    }
    world.seconds(1_200).await;
    let line = |entry: &Entry| match entry {
        Entry::Webhook(webhook) => format!("{} {} {:?} {}", webhook.at, webhook.kind, webhook.fate, webhook.call_id),
        entry => format!("{entry:?}"),
    };
    world.simulator.journal().iter().map(line).collect()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_day() {
    let (first, again, other) = (bad_day(5).await, bad_day(5).await, bad_day(6).await);

    assert!(first.len() > 300);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn nothing_happens_before_it_is_due() {
    let world = World::new().await;
    world.placed().await;
    let due = world.simulator.next_due().unwrap();

    assert!(due > world.now());
    assert_eq!(world.simulator.settle().await, 0);
    assert!(world.seconds(2).await > 0);
    assert!(world.simulator.next_due().is_none_or(|next| next > world.now()));
}

#[tokio::test]
async fn unscripted_phones_behave_like_a_list_of_people() {
    let world = World::new().await;
    world.simulator.add_subscription(POOL, 1_000);
    for index in 0..400 {
        world.post("/call", order(&format!("+1415556{index:04}"))).await;
    }
    world.seconds(1_200).await;

    let reasons = world.simulator.journal();
    let count = |reason: &str| {
        let is = |entry: &&Entry| matches!(entry, Entry::Ended(ended) if ended.reason == reason);
        reasons.iter().filter(is).count()
    };
    let talked =
        reasons.iter().filter(|entry| matches!(entry, Entry::Ended(ended) if ended.talk_seconds > 0.0)).count();
    assert!((60..120).contains(&count("voicemail")), "{}", count("voicemail"));
    assert!((85..140).contains(&count("customer-did-not-answer")), "{}", count("customer-did-not-answer"));
    assert!((200..280).contains(&talked), "{talked}");
}

#[tokio::test]
async fn the_journal_is_served() {
    let world = World::new().await;
    world.placed().await;
    world.seconds(600).await;

    let journal = world.get("/sim/journal").await.body;

    assert_eq!(journal["totals"]["created"], 1);
    assert_eq!(journal["subscriptions"][POOL]["in_use_max"], 1);
    assert_eq!(journal["entries"][0]["entry"], "created");
}
