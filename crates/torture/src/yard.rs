//! What the nodes stand on: Postgres, the provider, the way to the database that can be cut, and a place for each node.

use crate::cutting_proxy::CuttingProxy;
use crate::ledger::Ledger;
use crate::node::{Node, Seat};
use crate::postgres_crash::Server;
use crate::{Torture, weather};
use anyhow::Context as _;
use jiff::SignedDuration;
use nix::sys::signal::Signal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;
use trunkline::clock::Clock;
use trunkline::demo::args::{BadDays, Demo};
use trunkline::demo::headless;
use trunkline::demo::stage::{DATABASE, Ground, MASTER_KEY_FILE, lay_ground};
use trunkline::postgres::{Embedded, Role};
use trunkline::store::Db;
use trunkline::vault::Vault;
use vapi_sim::Simulator;

/// A node that is told to stop lets requests and loops finish.
const STOP_MAX: Duration = Duration::from_secs(60);

pub(crate) struct Yard {
    embedded: Embedded,
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) proxy: Arc<CuttingProxy>,
    pub(crate) server: Arc<Server>,
    pub(crate) seats: Vec<Seat>,
}

impl Yard {
    /// The demo's world, in a directory that must not exist.
    pub(crate) async fn lay(torture: &Torture, clients: u32) -> anyhow::Result<Self> {
        std::fs::create_dir(&torture.dir).with_context(|| format!("{} cannot be made", torture.dir.display()))?;
        let dir = torture.dir.canonicalize()?;
        let program = torture.program.canonicalize().context("the program is not there")?;
        let ground = lay_ground(&demo(torture, clients, dir.clone()), &dir, Some(program.clone())).await?;
        let Ground { embedded, db, clock, simulator, vault } = ground;
        simulator.set_knobs(weather::bad_day());
        let socket = embedded.socket_dir().join(format!(".s.PGSQL.{}", embedded.port()));
        let proxy = Arc::new(CuttingProxy::start(socket).await?);
        let server = Server { home: embedded.home().to_owned(), admin: embedded.config(Role::Superuser, DATABASE) };
        let master_key = std::fs::read_to_string(dir.join(MASTER_KEY_FILE))?;
        let shared = format!("{},{},{}", torture.speed, clock.now(), Clock::machine());
        let mut seats = Vec::new();
        for nth in 1..=torture.nodes {
            seats.push(Seat {
                program: program.clone(),
                port: free_port().await?,
                database_url: format!("postgresql://{}@127.0.0.1:{}/{DATABASE}?sslmode=disable", Role::App, proxy.port),
                master_key: master_key.clone(),
                clock: shared.clone(),
                log: dir.join(format!("node-{nth}.log")),
                without: torture.without.clone(),
            });
        }
        let (simulator, server) = (Arc::new(simulator), Arc::new(server));
        Ok(Self { embedded, db, vault, clock, simulator, proxy, server, seats })
    }

    /// Lets nodes that nobody kills bring everything to its end, with nothing new dialed, and stops them.
    pub(crate) async fn come_to_rest(&self, ledger: &Arc<Ledger>) -> anyhow::Result<()> {
        weather::calm(&self.simulator, &self.server.admin).await?;
        let nodes: Vec<Node> = self.seats.iter().map(|seat| seat.start(None, ledger)).collect::<anyhow::Result<_>>()?;
        headless::settle(&self.db, &self.simulator).await?;
        for mut node in nodes {
            node.signal(Signal::SIGTERM);
            match node.ended_by(Instant::now() + STOP_MAX).await? {
                Some(status) if status.success() => {}
                Some(status) => ledger.wrong(format!("a node that was told to stop ended with {status}")),
                None => ledger.wrong("a node that was told to stop did not".to_owned()),
            }
        }
        Ok(())
    }

    pub(crate) async fn clear_away(self) -> anyhow::Result<()> {
        self.proxy.stop();
        self.simulator.shutdown().await;
        drop(self.db);
        let embedded = self.embedded;
        tokio::task::spawn_blocking(move || embedded.close()).await?
    }
}

fn demo(torture: &Torture, clients: u32, dir: PathBuf) -> Demo {
    Demo {
        dir,
        port: 0,
        clients,
        speed: torture.speed,
        seed: torture.seed,
        headless: true,
        duration: SignedDuration::ZERO,
        report: None,
        bad_days: BadDays { lose_webhooks: 0.0, duplicate_webhooks: 0.0, reorder_webhooks: false, lost_answers: 0.0 },
    }
}

async fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for a node")?;
    Ok(listener.local_addr()?.port())
}
