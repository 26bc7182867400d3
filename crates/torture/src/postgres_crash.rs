//! Crashes of the database server, which its supervisor starts again.

use crate::ledger::Ledger;
use anyhow::Context as _;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::{Config, NoTls};

/// A server that crashed accepts connections again within this.
pub(crate) const BACK_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);

const A_BACKEND: &str = "
    select pid
    from pg_stat_activity
    where application_name = 'trunkline' and pid <> pg_backend_pid()
    order by random()
    limit 1";

/// How it goes down.
#[derive(Debug, Clone, Copy)]
enum Crash {
    /// The server is killed, and its processes follow.
    Server,
    /// One of its processes is killed: it lets all the others go and recovers.
    Backend,
    /// It stops at once and recovers when it starts.
    Immediate,
    /// It stops in order and starts again.
    Restart,
}

const CRASHES: [Crash; 4] = [Crash::Server, Crash::Backend, Crash::Immediate, Crash::Restart];

/// Where the server is and how an administrator connects.
pub(crate) struct Server {
    pub(crate) home: std::path::PathBuf,
    pub(crate) admin: Config,
}

/// Crashes it `crashes` times, `every` so often.
pub(crate) async fn run(
    server: Arc<Server>,
    seed: u64,
    crashes: u32,
    every: Duration,
    ledger: Arc<Ledger>,
) -> anyhow::Result<()> {
    let mut rng = StdRng::seed_from_u64(seed);
    for nth in 0..crashes {
        tokio::time::sleep(every.mul_f64(rng.random_range(0.8..1.2))).await;
        server.crash_once(nth, &ledger).await?;
    }
    Ok(())
}

impl Server {
    /// Crashes it in the `nth` way and waits until it is back.
    pub(crate) async fn crash_once(&self, nth: u32, ledger: &Ledger) -> anyhow::Result<()> {
        let crash = CRASHES[nth as usize % CRASHES.len()];
        self.crash(crash).await.with_context(|| format!("{crash:?}"))?;
        ledger.crashed(&format!("{crash:?}"));
        let down = Instant::now();
        self.wait_until_back().await?;
        ledger.note(&format!("Postgres is back after {:.1} s", down.elapsed().as_secs_f64()));
        Ok(())
    }

    async fn crash(&self, crash: Crash) -> anyhow::Result<()> {
        let (pid, signal) = match crash {
            Crash::Server => (self.postmaster()?, Signal::SIGKILL),
            Crash::Immediate => (self.postmaster()?, Signal::SIGQUIT),
            Crash::Restart => (self.postmaster()?, Signal::SIGINT),
            Crash::Backend => {
                let (client, connection) = self.admin.connect(NoTls).await?;
                let driver = tokio::spawn(connection);
                let pid = client.query_opt(A_BACKEND, &[]).await?.map(|row| row.get::<_, i32>(0));
                driver.abort();
                (pid.map_or_else(|| self.postmaster(), Ok)?, Signal::SIGKILL)
            }
        };
        // It may have gone since.
        let _ = kill(Pid::from_raw(pid), signal);
        Ok(())
    }

    fn postmaster(&self) -> anyhow::Result<i32> {
        let file = self.home.join("data/postmaster.pid");
        let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    async fn wait_until_back(&self) -> anyhow::Result<()> {
        let end = Instant::now() + BACK_MAX;
        // The old one may still answer for a moment.
        tokio::time::sleep(LOOK_EVERY * 4).await;
        loop {
            match self.admin.connect(NoTls).await {
                Ok((client, connection)) => {
                    let driver = tokio::spawn(connection);
                    let is_up = client.simple_query("select 1").await.is_ok();
                    driver.abort();
                    if is_up {
                        return Ok(());
                    }
                }
                Err(error) if Instant::now() > end => return Err(error).context("Postgres did not come back"),
                Err(_) => {}
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
