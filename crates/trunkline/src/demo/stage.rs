//! What both kinds of demo stand on: the embedded Postgres, the migrated database, the clock, the provider, and the world.

use super::args::Demo;
use super::{provider, time, world};
use crate::app::{Node, Settings};
use crate::clock::Clock;
use crate::postgres::{self, Embedded, Options, Role};
use crate::store::{Db, across, db, migrations, provider_accounts};
use crate::tls;
use crate::vault::Vault;
use anyhow::Context as _;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpListener;
use vapi_sim::Simulator;

/// Name of the demo's database.
pub const DATABASE: &str = "trunkline";
/// In the demo's directory.
pub const MASTER_KEY_FILE: &str = "master.key";
const CONNECTIONS_MAX: usize = 48;
pub(super) const AGENCY: &str = "Relay Agency";
/// Longer than any demo is looked at.
const DECISIONS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 365);
const AGENCY_ZONE: &str = "America/New_York";

pub(super) struct Stage {
    pub embedded: Embedded,
    pub db: Db,
    pub clock: Clock,
    pub simulator: Simulator,
    pub node: Node,
    pub listener: TcpListener,
    pub public_url: String,
}

/// What all nodes stand on.
pub struct Ground {
    pub embedded: Embedded,
    pub db: Db,
    pub clock: Clock,
    pub simulator: Simulator,
    pub vault: Vault,
}

/// The world of `demo` in `dir`. `supervisor` is this program, if the caller is not.
pub async fn lay_ground(demo: &Demo, dir: &Path, supervisor: Option<PathBuf>) -> anyhow::Result<Ground> {
    tls::install();
    let embedded = open_postgres(dir, supervisor).await?;
    let db = open_database(&embedded).await?;
    let clock = time::clock(&db, demo.speed).await?;
    let clients = usize::try_from(demo.clients)?;
    let simulator = provider::start(&clock, clients, demo.seed, demo.bad_days.knobs()).await?;
    let vault = Vault::in_file(&dir.join(MASTER_KEY_FILE))?;
    make_world(&db, &vault, &simulator, clients, &clock).await?;
    provider::furnish(&simulator, &db, &clock).await?;
    Ok(Ground { embedded, db, clock, simulator, vault })
}

/// Sets it up in `dir`. An interrupted start is gone on with: each client is there whole or not at all.
pub(super) async fn set_up(demo: &Demo, dir: &Path) -> anyhow::Result<Stage> {
    let Ground { embedded, db, clock, simulator, vault } = lay_ground(demo, dir, None).await?;
    let listener = listen(demo.port).await?;
    let public_url = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
    let node = Node::new(Settings {
        db: db.clone(),
        clock: clock.clone(),
        vault,
        public_url: public_url.clone(),
        agency: AGENCY.to_owned(),
        zone: TimeZone::get(AGENCY_ZONE)?,
        simulated: true,
        decisions_kept: DECISIONS_KEPT,
    });
    node.check().await?;
    Ok(Stage { embedded, db, clock, simulator, node, listener, public_url })
}

async fn open_postgres(dir: &Path, supervisor: Option<PathBuf>) -> anyhow::Result<Embedded> {
    std::fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    let options = Options { dir: dir.join("postgres"), linger: Duration::ZERO, durable: true, supervisor };
    tokio::task::spawn_blocking(move || postgres::open(&options)).await?
}

async fn open_database(embedded: &Embedded) -> anyhow::Result<Db> {
    postgres::ensure_database(embedded, DATABASE).await?;
    let (mut owner, connection) =
        embedded.config(Role::Owner, DATABASE).connect(tokio_postgres::NoTls).await.context("no connection")?;
    let driver = tokio::spawn(connection);
    migrations::migrate(&mut owner).await?;
    drop(owner);
    driver.await??;
    Db::new(embedded.config(Role::App, DATABASE), db::tls(None)?, CONNECTIONS_MAX)
}

async fn make_world(
    db: &Db,
    vault: &Vault,
    simulator: &Simulator,
    clients: usize,
    clock: &Clock,
) -> anyhow::Result<()> {
    let now = clock.now();
    world::make_accounts(db, vault, simulator.base_url(), clients, now).await?;
    let accounts: Vec<_> = provider_accounts::all(db).await?.into_iter().map(|account| account.id).collect();
    let totals = across::totals(db).await?;
    let there = totals.iter().find(|(name, ..)| name == "organizations").map_or(0, |(_, _, count)| *count);
    for nth in usize::try_from(there)?..clients {
        world::make_client(db, nth, &accounts, now).await?;
    }
    Ok(())
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port} of 127.0.0.1 is taken: choose another one with --port, or --port 0"))
}
