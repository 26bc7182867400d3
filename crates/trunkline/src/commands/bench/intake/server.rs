//! The servers that are measured: this very program as a process of its own, and the peers.

use super::messages::Senders;
use crate::commands::bench::cpu::Meter;
use crate::commands::bench::ground::{Agency, Ground};
use crate::commands::bench::peers;
use crate::postgres::Role;
use anyhow::{Context as _, Result};
use std::cell::Cell;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_postgres::{Client, NoTls};

const KEPT: &str = include_str!("kept.sql");
const START_POLLS_MAX: u32 = 200;
const START_POLL: Duration = Duration::from_millis(50);

/// Killed with this.
pub(super) struct Server {
    pub address: SocketAddr,
    process: i32,
    admin: Client,
    /// Webhooks that were answered with 200 since the last reset.
    acknowledged: Cell<u64>,
    _child: Child,
}

/// Fastify with pg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    /// As one writes it: a look-up and an insertion a request.
    Plain,
    /// With a cache in memory and prepared statements.
    Tuned,
}

impl Peer {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "fastify",
            Self::Tuned => "fastify_tuned",
        }
    }
}

impl Server {
    pub(super) async fn trunkline(ground: &Ground, agency: &Agency, senders: &Senders) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let address = free_address()?;
        command.args(["serve", "--listen", &address.to_string(), "--public-url", "https://bench.invalid"]);
        command.env("DATABASE_URL", ground.embedded.url(Role::App, &agency.name));
        command.env("TRUNKLINE_MASTER_KEY", fs::read_to_string(ground.dir().join("master.key"))?);
        command.env("RUST_LOG", "off").env_remove("VAPI_API_KEY");
        Self::start(command, address, (ground, &agency.name), senders).await
    }

    pub(super) async fn peer(ground: &Ground, dir: &Path, peer: Peer, senders: &Senders) -> Result<Self> {
        peers::install(dir).await?;
        let database = format!("peer_{}", peer.name());
        ground.empty_database(&database).await?;
        let address = free_address()?;
        let mut command = Command::new("node");
        command.arg("fastify.mjs").current_dir(dir).env("PORT", address.port().to_string());
        command.env("PGHOST", ground.embedded.socket_dir()).env("PGPORT", ground.embedded.port().to_string());
        command.env("PGUSER", Role::Owner.as_str()).env("PGDATABASE", &database);
        command.env("TUNED", if peer == Peer::Tuned { "1" } else { "0" });
        command.env("ASSISTANTS", senders.assistants().join(","));
        Self::start(command, address, (ground, &database), senders).await
    }

    async fn start(
        mut command: Command,
        address: SocketAddr,
        (ground, database): (&Ground, &str),
        senders: &Senders,
    ) -> Result<Self> {
        command.env("NODE_ENV", "production").stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().context("it does not start")?;
        let process = i32::try_from(child.id().context("it has ended")?)?;
        let (admin, connection) = ground.embedded.config(Role::Superuser, database).connect(NoTls).await?;
        tokio::spawn(connection);
        let server = Self { address, process, admin, acknowledged: Cell::new(0), _child: child };
        server.answers(senders).await?;
        Ok(server)
    }

    /// Waits until it is reached.
    async fn answers(&self, senders: &Senders) -> Result<()> {
        let mut requests = senders.requests(super::Kind::StatusUpdate, 0);
        for _ in 0..START_POLLS_MAX {
            if let Ok(mut stream) = TcpStream::connect(self.address).await
                && let Ok(200) = super::load::exchange(&mut stream, &requests.next_request(), &mut Vec::new()).await
            {
                return Ok(());
            }
            tokio::time::sleep(START_POLL).await;
        }
        anyhow::bail!("it does not answer")
    }

    /// Whose CPU is the server's: its process and the database's.
    pub(super) fn meter(&self, ground: &Ground) -> Result<Meter> {
        Meter::start(&[self.process, ground.postmaster])
    }

    /// Begins with an empty table, as each round does, and with nothing left to be written out.
    pub(super) async fn reset(&self) -> Result<()> {
        self.admin.batch_execute("truncate events").await?;
        self.admin.batch_execute("checkpoint").await?;
        self.acknowledged.set(0);
        Ok(())
    }

    pub(super) fn acknowledge(&self, ok: u64) {
        self.acknowledged.set(self.acknowledged.get() + ok);
    }

    /// Since the last reset.
    pub(super) async fn acknowledged_and_kept(&self) -> Result<(u64, u64)> {
        let row = self.admin.query_one(KEPT, &[]).await?;
        Ok((self.acknowledged.get(), row.get::<_, i64>(0).unsigned_abs()))
    }

    /// The most memory that its process ever had.
    pub(super) fn peak_memory_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the kernel does not tell")?;
        let kilobytes: f64 = peak.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }
}

/// One that nobody listens on at this moment.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
