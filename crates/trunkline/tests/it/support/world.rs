//! The world and how time passes in it.

use super::database::TestDatabase;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use trunkline::app::{Node, Settings};
use trunkline::clock::Clock;
use trunkline::domain::ids::ProviderAccountId;
use trunkline::provision;
use trunkline::vault::Vault;
use vapi_sim::{Account, Simulator, SimulatorConfig};

/// A Wednesday, 12:00 in New York.
pub(crate) const NOON: &str = "2026-03-04T17:00:00Z";
const MASTER_KEY: &str = "dGVzdHMgb25seTogMzIgYnl0ZXMgb2YgYSBrZXkuLi4=";
pub(crate) const POOL: &str = "main";
/// Rounds after which a world that still has something to do is taken to go in circles.
const ROUNDS_MAX: usize = 500;

pub(crate) struct World {
    pub(crate) node: Node,
    pub(crate) clock: Clock,
    pub(crate) provider: Simulator,
    pub(crate) base_url: String,
    pub(crate) account: ProviderAccountId,
    pub(crate) browser: reqwest::Client,
    pub(crate) vault: Vault,
    pub(crate) database: TestDatabase,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::at(NOON).await
    }

    pub(crate) async fn at(now: &str) -> Self {
        let database = TestDatabase::create().await;
        let clock = Clock::manual(now.parse().unwrap());
        let provider = provider(&clock).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let vault = Vault::new(&SecretString::from(MASTER_KEY)).unwrap();
        let account = provision::Account {
            name: "vapi-one",
            pool: POOL,
            lines_max: 10,
            base_url: provider.base_url(),
            key: &SecretString::from("sim-key-1"),
            requests_per_minute_max: 80,
        };
        let db = database.app();
        let account = provision::account(&db, &vault, &account, clock.now()).await.unwrap();
        let node = Node::new(Settings {
            db,
            clock: clock.clone(),
            vault: vault.clone(),
            public_url: base_url.clone(),
            agency: "Relay Agency".to_owned(),
            zone: TimeZone::UTC,
            simulated: true,
            decisions_kept: SignedDuration::from_hours(24),
        });
        node.check().await.unwrap();
        let router = node.router();
        tokio::spawn(trunkline::server::serve(listener, router, std::future::pending()));
        let browser = browser();
        Self { node, clock, provider, base_url, account, browser, vault, database }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the clock, and nothing else.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Lets the dialer do all that is due, and waits until what it sent is answered. Returns how many it sent.
    pub(crate) async fn dial(&self) -> usize {
        let mut sent = 0;
        for _ in 0..ROUNDS_MAX {
            let taken = self.node.dialer.tick().await.unwrap();
            self.node.dialer.sent().await;
            sent += taken;
            if taken == 0 {
                return sent;
            }
        }
        panic!("the dialer does not come to rest");
    }

    /// Lets the provider do all that is due at this moment: phones ring, calls end, webhooks arrive.
    pub(crate) async fn provider(&self) {
        while self.provider.settle().await > 0 {}
    }

    /// Applies all that was kept.
    pub(crate) async fn apply(&self) {
        while self.node.intake.apply().await.unwrap() > 0 {}
    }

    /// Lets everybody do what is due, minute by minute, for as long.
    pub(crate) async fn run_for(&self, time: SignedDuration) {
        let end = self.now() + time;
        while self.now() < end {
            self.dial().await;
            self.provider().await;
            self.apply().await;
            self.advance(SignedDuration::from_secs(20));
        }
    }

    /// The first column of what a superuser sees, as text.
    pub(crate) async fn sql(&self, query: &str) -> Vec<String> {
        let rows = self.database.superuser().await.simple_query(query).await.unwrap();
        rows.iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("null").to_owned()),
                _ => None,
            })
            .collect()
    }

    /// Calls that exist at the provider, whether or not their phone has begun to ring.
    pub(crate) fn rang_or_about_to(&self) -> u64 {
        self.provider.totals().created
    }

    /// Phones that rang, in order: from the provider's journal, not from our tables.
    pub(crate) fn rang(&self) -> Vec<String> {
        self.provider.rings().into_iter().map(|ring| ring.phone).collect()
    }
}

async fn provider(clock: &Clock) -> Simulator {
    let clock = clock.clone();
    let simulator = Simulator::start(SimulatorConfig::new(Arc::new(move || clock.now()))).await.unwrap();
    simulator.add_subscription("pool-1", 10);
    simulator.add_account(Account {
        key: "sim-key-1".to_owned(),
        public_key: "sim-public-1".to_owned(),
        org_id: "org-1".to_owned(),
        subscription: "pool-1".to_owned(),
    });
    simulator
}

fn browser() -> reqwest::Client {
    trunkline::tls::install();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}
