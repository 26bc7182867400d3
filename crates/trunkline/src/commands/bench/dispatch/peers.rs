//! The queues that others use: each a Node process over the same PostgreSQL, or over a Redis that loses as little.

use crate::commands::bench::cpu::{Measure, Meter};
use crate::commands::bench::figures::{Rounds, tell};
use crate::commands::bench::ground::Ground;
use crate::commands::bench::peers;
use crate::postgres::Role;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// One that takes longer than this is given up.
const PEER_MAX: Duration = Duration::from_secs(120);
const REDIS_LOOKS_MAX: usize = 100;
const REDIS_LOOK_EVERY: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Peer {
    BullMq,
    Graphile,
    GraphileTuned,
    PgBoss,
}

const ALL: [Peer; 4] = [Peer::BullMq, Peer::Graphile, Peer::GraphileTuned, Peer::PgBoss];

impl Peer {
    /// As in the figures.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::BullMq => "bullmq",
            Self::Graphile => "graphile",
            Self::GraphileTuned => "graphile_tuned",
            Self::PgBoss => "pgboss",
        }
    }

    const fn script(self) -> &'static str {
        match self {
            Self::BullMq => "bullmq.mjs",
            Self::Graphile | Self::GraphileTuned => "graphile.mjs",
            Self::PgBoss => "pgboss.mjs",
        }
    }

    /// The slow ones do fewer jobs in the same time.
    const fn jobs(self, jobs: u32) -> u32 {
        match self {
            Self::BullMq | Self::GraphileTuned => jobs,
            Self::Graphile | Self::PgBoss => jobs / 10,
        }
    }
}

/// The peers that are there, and their rounds.
pub(super) struct Peers {
    dir: PathBuf,
    redis: Option<Redis>,
    rounds: Vec<(Peer, Rounds)>,
}

impl Peers {
    /// Installs them if need be. One that is missing is said to be, and left out.
    pub(super) async fn found(ground: &Ground, dir: &Path) -> Self {
        let mut found = Self { dir: dir.to_owned(), redis: None, rounds: Vec::new() };
        if let Err(error) = peers::install(dir).await {
            tell(&format!("The peers are left out: {error:#}."));
            return found;
        }
        match Redis::start(dir, ground.dir()).await {
            Ok(redis) => found.redis = Some(redis),
            Err(error) => tell(&format!("BullMQ is left out: {error:#}.")),
        }
        let is_there = |peer: &Peer| *peer != Peer::BullMq || found.redis.is_some();
        found.rounds = ALL.into_iter().filter(is_there).map(|peer| (peer, Rounds::default())).collect();
        found
    }

    pub(super) async fn round(&mut self, ground: &Ground, jobs: u32) {
        for nth in 0..self.rounds.len() {
            let peer = self.rounds[nth].0;
            match self.run(ground, peer, peer.jobs(jobs)).await {
                Ok(measure) => self.rounds[nth].1.add(measure),
                Err(error) => tell(&format!("A round of {} failed: {error:#}.", peer.name())),
            }
        }
    }

    pub(super) fn rounds(&self) -> impl Iterator<Item = (Peer, &Rounds)> {
        self.rounds.iter().map(|(peer, rounds)| (*peer, rounds))
    }

    async fn run(&self, ground: &Ground, peer: Peer, jobs: u32) -> Result<Measure> {
        let database = format!("peer_{}", peer.name());
        let mut command = Command::new("node");
        command.arg(peer.script()).current_dir(&self.dir).env("JOBS", jobs.to_string());
        let store = match &self.redis {
            Some(redis) if peer == Peer::BullMq => {
                redis.empty().await?;
                command.env("REDIS_SOCKET", &redis.socket);
                redis.pid
            }
            _ => {
                ground.drop_database(&database).await?;
                ground.empty_database(&database).await?;
                command.env("PGHOST", ground.embedded.socket_dir()).env("PGPORT", ground.embedded.port().to_string());
                command.env("PGUSER", Role::Owner.as_str()).env("PGDATABASE", &database);
                command.env("TUNED", if peer == Peer::GraphileTuned { "1" } else { "0" });
                ground.postmaster
            }
        };
        let measure =
            tokio::time::timeout(PEER_MAX, measured(command, store, jobs)).await.context("it took too long")?;
        ground.drop_database(&database).await?;
        measure
    }
}

/// Lets a peer enqueue, then counts what its jobs take, its own process and the store's.
async fn measured(mut command: Command, store: i32, jobs: u32) -> Result<Measure> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    let mut said = BufReader::new(child.stdout.take().context("it has no standard output")?).lines();
    if said.next_line().await?.as_deref() != Some("ready") {
        bail!("it did not get ready");
    }
    let own = child.id().context("it has ended")?;
    let meter = Meter::start(&[i32::try_from(own)?, store])?;
    child.stdin.as_mut().context("it has no standard input")?.write_all(b"go\n").await?;
    said.next_line().await?.context("it did not finish")?;
    let measure = meter.stop(jobs.into())?;
    child.wait().await?;
    Ok(measure)
}

/// A Redis that answers once what it was told is on disk, as a commit does.
struct Redis {
    // Killed with this.
    _child: Child,
    pid: i32,
    socket: PathBuf,
    cli: PathBuf,
}

impl Redis {
    async fn start(peers: &Path, dir: &Path) -> Result<Self> {
        let program = find(peers).await?;
        let cli = program.with_file_name("redis-cli");
        let dir = dir.canonicalize()?.join("redis");
        std::fs::create_dir_all(&dir)?;
        let socket = dir.join("socket");
        let mut command = Command::new(&program);
        command.args(["--port", "0", "--save", "", "--appendonly", "yes", "--appendfsync", "always"]);
        command.arg("--unixsocket").arg(&socket).arg("--dir").arg(&dir);
        let child = command.stdout(Stdio::null()).stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        let pid = i32::try_from(child.id().context("redis-server has ended")?)?;
        let redis = Self { _child: child, pid, socket, cli };
        for _ in 0..REDIS_LOOKS_MAX {
            if redis.empty().await.is_ok() {
                return Ok(redis);
            }
            tokio::time::sleep(REDIS_LOOK_EVERY).await;
        }
        bail!("redis-server does not answer")
    }

    async fn empty(&self) -> Result<()> {
        let mut command = Command::new(&self.cli);
        command.arg("-s").arg(&self.socket).arg("flushall").kill_on_drop(true);
        let output = command.output().await.context("redis-cli is not here")?;
        if output.stdout.trim_ascii() != b"OK" {
            bail!("redis-server does not answer");
        }
        Ok(())
    }
}

/// By the script of the checkout, which brings it if it is missing.
async fn find(peers: &Path) -> Result<PathBuf> {
    let script = peers.join("../../scripts/ensure-redis");
    let output = Command::new(&script).output().await.with_context(|| format!("{} is not here", script.display()))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim().trim_end_matches('.'));
    }
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}
