//! Several nodes over one database: what they dial together is exactly what the limits allow.

use crate::support::{Campaign, World, phones};
use futures_util::future::join_all;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use trunkline::app::{Node, Settings};

const NODES: usize = 4;
const CLIENTS: usize = 3;
const CALLS_PER_CLIENT: i32 = 20;

fn nodes(world: &World) -> Vec<Node> {
    let node = |_| {
        Node::new(Settings {
            db: world.database.app(),
            clock: world.clock.clone(),
            vault: world.vault.clone(),
            public_url: world.base_url.clone(),
            agency: "Relay Agency".to_owned(),
            zone: TimeZone::UTC,
            simulated: true,
            decisions_kept: SignedDuration::from_hours(24),
        })
    };
    (0..NODES).map(node).collect()
}

/// Lets all nodes dial at once until none of them finds anything to do.
async fn dial_together(nodes: &[Node]) -> usize {
    let mut sent = 0;
    loop {
        let taken = join_all(nodes.iter().map(|node| node.dialer.tick())).await;
        join_all(nodes.iter().map(|node| node.dialer.sent())).await;
        let taken: usize = taken.into_iter().map(Result::unwrap).sum();
        if taken == 0 {
            return sent;
        }
        sent += taken;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_dial_exactly_what_the_limits_allow() {
    let world = World::new().await;
    world.set_lines(200).await;
    for nth in 0..CLIENTS {
        let change = |new: &mut trunkline::store::organizations::NewOrganization| {
            new.limits.calls_per_day_max = CALLS_PER_CLIENT;
            new.limits.lines_max = 100;
        };
        let client = world.client_with(&format!("Client {nth}"), change).await;
        world.campaign_of(&client, Campaign { lines_max: 100, ..Campaign::over(&phones(40)) }).await;
    }
    world.sql("update agents set lines_max = 100").await;

    let sent = dial_together(&nodes(&world)).await;

    let allowed = CLIENTS * usize::try_from(CALLS_PER_CLIENT).unwrap();
    assert_eq!(sent, allowed);
    assert_eq!(world.rang_or_about_to(), allowed as u64);
    world.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_attempt_is_sent_at_most_once() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &phones(10)).await;

    dial_together(&nodes(&world)).await;

    let mut markers: Vec<_> = world.provider.journal().into_iter().filter_map(created).collect();
    let all = markers.len();
    markers.sort();
    markers.dedup();
    assert_eq!((all, markers.len()), (10, 10));
    world.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn listings_that_are_made_at_once_are_one_proof() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    for _ in 0..5 {
        world.provider.next_create(vapi_sim::CreateFault::DropBefore);
    }
    world.sql("update provider_accounts set unknowns_in_a_row = -10").await;
    world.campaign(&acme, &phones(5)).await;
    world.dial().await;

    world.advance(SignedDuration::from_secs(181));
    dial_together(&nodes(&world)).await;

    assert_eq!(world.sql("select distinct state || looks from attempts").await, ["unknown1"]);
}

fn created(entry: vapi_sim::Entry) -> Option<String> {
    match entry {
        vapi_sim::Entry::Created(created) => created.name,
        _ => None,
    }
}

/// Counts what the program complains of: a deadlock is one side's error and the other's delay.
#[derive(Clone, Default)]
struct Complaints(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Complaints {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if *event.metadata().level() <= tracing::Level::WARN {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_dial_and_take_in_at_once_and_none_waits_for_another_in_a_circle() {
    let complaints = Complaints::default();
    drop(tracing_subscriber::registry().with(complaints.clone()).try_init());
    let world = World::new().await;
    world.set_lines(20).await;
    let second = world.second_account().await;
    world
        .sql("update line_pools set lines_max = 20; update provider_accounts set requests_per_minute_max = 10000")
        .await;
    world.provider.add_subscription("pool-2", 20);
    for (nth, people) in phones(200).chunks(50).enumerate() {
        let client = world.client_with(&format!("Client {nth}"), |new| new.limits.lines_max = 30).await;
        let number = world.deploy(&client, &second).await;
        let once = serde_json::from_str(r#"{"attempts_max": 1, "failures_max": 1}"#).unwrap();
        let campaign = Campaign { more_numbers: vec![number], retry_plan: once, ..Campaign::over(people) };
        world.campaign_of(&client, campaign).await;
    }
    let nodes = nodes(&world);

    let mut rounds = 0;
    while world.sql("select status from campaigns where status <> 'completed'").await != [""; 0] {
        let work = join_all(nodes.iter().map(async |node| {
            node.dialer.tick().await.unwrap();
            node.intake.apply().await.unwrap();
            node.dialer.sent().await;
            node.intake.apply().await.unwrap();
        }));
        tokio::join!(work, world.provider());
        world.advance(SignedDuration::from_secs(5));
        rounds += 1;
        assert!(rounds < 500, "the campaigns do not end");
    }

    assert_eq!(complaints.0.load(Ordering::Relaxed), 0);
    assert!(world.provider.lines_in_use_max("pool-1") <= 20 && world.provider.lines_in_use_max("pool-2") <= 20);
    assert_eq!(world.sql("select distinct state from attempts").await, ["ended"]);
    world.check_books().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_of_two_pools_that_end_in_opposite_orders_wait_in_no_circle() {
    let complaints = Complaints::default();
    drop(tracing_subscriber::registry().with(complaints.clone()).try_init());
    let world = World::new().await;
    world.set_lines(40).await;
    let second = world.second_account().await;
    world.sql("update line_pools set lines_max = 40").await;
    world.provider.add_subscription("pool-2", 40);
    world.provider.set_knobs(vapi_sim::Knobs { lose_webhooks: 1.0, ..vapi_sim::Knobs::default() });
    for (nth, people) in phones(40).chunks(20).enumerate() {
        let client = world.client_with(&format!("Client {nth}"), |new| new.limits.lines_max = 20).await;
        world.sql("update agents set lines_max = 20").await;
        let number = world.deploy(&client, &second).await;
        let campaign = Campaign { lines_max: 20, more_numbers: vec![number], ..Campaign::over(people) };
        world.campaign_of(&client, campaign).await;
    }
    assert_eq!(world.dial().await, 40);

    // One organization's calls of the first pool end before those of the second, the other's after them.
    for (slug, order) in [("client-0", "asc"), ("client-1", "desc")] {
        let calls = format!(
            "select provider_call_id || ' ' || provider_account_id
             from attempts a join organizations o on o.id = a.organization_id
             where o.slug = '{slug}' and a.state = 'accepted' order by provider_account_id {order}"
        );
        for row in world.sql(&calls).await {
            let (call, account) = row.split_once(' ').unwrap();
            let secret = world.webhook_secret_of(account.parse().unwrap()).await;
            let ended = serde_json::json!({ "message": { "type": "status-update", "status": "ended",
                "endedReason": "customer-busy", "call": { "id": call } } });
            let (status, _) = world.webhook_with(&[("x-vapi-secret", &secret)], ended.to_string()).await;
            assert_eq!(status, 200);
        }
    }
    world.apply().await;

    assert_eq!(world.sql("select distinct outcome from attempts where state = 'ended'").await, ["busy"]);
    assert_eq!(complaints.0.load(Ordering::Relaxed), 0);
    world.check_counters().await;
}
