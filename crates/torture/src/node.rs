//! A node: the real program in a process of its own, with what it tells of the failpoints that it comes to.

use crate::ledger::Ledger;
use anyhow::Context as _;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How the program begins the lines that tell of failpoints.
const REACHED: &str = "failpoint reached: ";
const STRUCK: &str = "failpoint struck: ";
/// Whoever comes here has attempts to dial.
const FIRST_CLAIM: &str = "claim.committed";
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What all lives of a node have in common: its place does not change when it is killed.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) program: PathBuf,
    pub(crate) port: u16,
    pub(crate) database_url: String,
    pub(crate) master_key: String,
    /// As `TRUNKLINE_DRILL_CLOCK` takes it.
    pub(crate) clock: String,
    pub(crate) log: PathBuf,
    /// A protection that the program is to do without.
    pub(crate) without: Option<String>,
}

/// One life of a node.
pub(crate) struct Node {
    child: Child,
    pub(crate) began: Instant,
    seen: Arc<Mutex<Seen>>,
    reading: JoinHandle<()>,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) first_claim: Option<Duration>,
    pub(crate) struck: Option<String>,
}

impl Seat {
    /// Starts it; `plan` is what `TRUNKLINE_FAILPOINT` takes.
    pub(crate) fn start(&self, plan: Option<&str>, ledger: &Arc<Ledger>) -> anyhow::Result<Node> {
        let mut command = Command::new(&self.program);
        command
            .arg("serve")
            .env("DATABASE_URL", &self.database_url)
            .env("TRUNKLINE_MASTER_KEY", &self.master_key)
            .env("LISTEN", format!("127.0.0.1:{}", self.port))
            .env("PUBLIC_URL", format!("http://127.0.0.1:{}", self.port))
            .env("TRUNKLINE_DRILL_CLOCK", &self.clock)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(protection) = &self.without {
            command.env("TRUNKLINE_WITHOUT", protection);
        }
        if let Some(plan) = plan {
            command.env("TRUNKLINE_FAILPOINT", plan);
        }
        let began = Instant::now();
        let mut child = command.spawn().with_context(|| format!("{} cannot be run", self.program.display()))?;
        let stderr = child.stderr.take().context("its stderr is piped")?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let reading = tokio::spawn(read(stderr, self.log.clone(), began, seen.clone(), ledger.clone()));
        Ok(Node { child, began, seen, reading })
    }
}

impl Node {
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        // It may have gone by itself since.
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Waits until it has ended, at most until `end`.
    pub(crate) async fn ended_by(&mut self, end: Instant) -> anyhow::Result<Option<ExitStatus>> {
        match tokio::time::timeout_at(end, self.child.wait()).await {
            Ok(status) => Ok(Some(status?)),
            Err(_) => Ok(None),
        }
    }

    /// Waits until it struck its point, dialed for the first time or ended, whatever `is_there` asks for.
    pub(crate) async fn until(&mut self, end: Instant, is_there: impl Fn(&Seen) -> bool) -> anyhow::Result<bool> {
        while !is_there(&self.seen()) {
            if Instant::now() >= end || self.child.try_wait()?.is_some() {
                return Ok(false);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(true)
    }

    /// Kills it as the kernel does, waits until it is gone, and returns what it told until then.
    pub(crate) async fn kill(mut self) -> anyhow::Result<Seen> {
        self.signal(Signal::SIGKILL);
        self.child.wait().await?;
        self.told().await
    }

    /// What it told, once it has ended.
    pub(crate) async fn told(mut self) -> anyhow::Result<Seen> {
        (&mut self.reading).await?;
        Ok(self.seen())
    }
}

/// Whether the kernel ended it as by `kill -9`.
pub(crate) fn was_killed(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::SIGKILL as i32)
}

async fn read(stderr: ChildStderr, log: PathBuf, began: Instant, seen: Arc<Mutex<Seen>>, ledger: Arc<Ledger>) {
    let mut lines = BufReader::new(stderr).lines();
    let mut log = OpenOptions::new().create(true).append(true).open(log).ok();
    // Ends with the process.
    while let Ok(Some(line)) = lines.next_line().await {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(point) = line.strip_prefix(REACHED) {
            ledger.reached(point);
            if point == FIRST_CLAIM {
                seen.first_claim = Some(began.elapsed());
            }
        } else if let Some(point) = line.strip_prefix(STRUCK) {
            seen.struck = Some(point.to_owned());
        } else if let Some(log) = &mut log {
            let _ = writeln!(log, "{line}");
        }
    }
}
