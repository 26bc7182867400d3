//! The kill harness: lets real nodes dial against the simulated provider, kills them at every failpoint and at random, stops
//! them, crashes their Postgres, cuts their commits off, and then holds the provider's journal against the tables.
//!
//! With `--webhooks` it is the intake's turn (`flood`).
//!
//! The provider is in this process, which nobody kills: its journal is what really happened. `make torture` runs it.

#[path = "../../trunkline/tests/it/support/book_queries.rs"]
mod book_queries;
mod cutting_proxy;
mod drill;
mod flood;
mod judge;
mod ledger;
mod node;
mod postgres_crash;
mod weather;
mod yard;

use anyhow::Context as _;
use clap::Parser as _;
use ledger::Ledger;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use trunkline::failpoint::POINTS;
use yard::Yard;

/// Of the kills, this share is meant for failpoints; the others come at random.
const KILLS_AT_POINTS_PER_CENT: usize = 75;
const KILLS_AT_EACH_POINT: usize = 10;
/// The supervisor of the embedded server takes crashes that come faster than this for a server that does not work.
const CRASH_EVERY_MIN: Duration = Duration::from_secs(64);
const CRASH_EVERY_IN_A_SAMPLE: Duration = Duration::from_secs(15);
/// As many crashes in a row the supervisor bears at any pace.
const CRASHES_OF_A_SAMPLE_MAX: u32 = 5;
/// Between two lines that tell how far it has come.
const PROGRESS_EVERY: Duration = Duration::from_secs(15);

/// Tortures nodes of Trunkline, and fails if any phone rang twice or any lead was lost.
#[derive(clap::Parser, Debug, Clone)]
struct Torture {
    /// The program, built with the feature `failpoints`.
    #[arg(long, value_name = "FILE")]
    program: PathBuf,
    /// A directory of its own, which is made, and removed after a good run.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Nodes that die, at failpoints or at random.
    #[arg(long, default_value_t = 60)]
    kills: u32,
    /// Crashes of Postgres.
    #[arg(long, default_value_t = 3)]
    crashes: u32,
    /// Whatever is left to chance follows from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A protection of the dispatch protocol that the nodes do without, such as `http5xx_definite`; the program is built with the
    /// feature `mutants` too. Then the run is good if it finds out.
    #[arg(long, value_name = "PROTECTION")]
    without: Option<String>,
    /// Nodes over one database.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=8))]
    nodes: u16,
    /// Client organizations, each with 40 leads; as many as the run needs when it is not given.
    #[arg(long)]
    clients: Option<u32>,
    /// Tortures the intake instead, with so many webhooks: while they are sent, one node is killed and Postgres crashes.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    webhooks: Option<u32>,
    /// How many times faster than real the clocks run.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=120))]
    speed: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Torture::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(stdout(), "torture: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True if nothing is wrong.
async fn run(torture: Torture) -> anyhow::Result<bool> {
    if let Some(webhooks) = torture.webhooks {
        return flood::run(&torture, webhooks).await;
    }
    let began = Instant::now();
    let clients = torture.clients.unwrap_or_else(|| (torture.kills / 4 + 25).min(250));
    let yard = Yard::lay(&torture, clients).await?;
    let ledger = Arc::new(Ledger::new());
    torment(&torture, &yard, &ledger).await?;
    yard.come_to_rest(&ledger).await?;
    let mut out = stdout();
    writeln!(out, "{}\n\n{}", ledger.points(), ledger.summary())?;
    let (before, after) = yard.proxy.cuts();
    writeln!(out, "commits cut: {before} before Postgres did them, {after} after")?;
    let verdict = judge::judge(&yard.db, &yard.simulator, &yard.server.admin, clients as usize).await?;
    writeln!(out, "{}", verdict.facts)?;
    let mut violations = verdict.violations;
    if torture.without.is_none() {
        violations.extend(ledger.violations(each_min(torture.kills)));
    }
    std::fs::write(torture.dir.join("drills.log"), ledger.log())?;
    yard.clear_away().await?;
    let seconds = began.elapsed().as_secs();
    if let Some(protection) = &torture.without {
        return found_out(protection, &violations, seconds);
    }
    if violations.is_empty() {
        writeln!(out, "0 violations in {seconds} s, seed {}", torture.seed)?;
        std::fs::remove_dir_all(&torture.dir).context("the directory cannot be removed")?;
        return Ok(true);
    }
    writeln!(out, "\n{} violations in {seconds} s, seed {}:", violations.len(), torture.seed)?;
    for violation in &violations {
        writeln!(out, "  {violation}")?;
    }
    writeln!(out, "\nThe last drills; all of them, and what the nodes said, are in {}:", torture.dir.display())?;
    for line in ledger.story() {
        writeln!(out, "  {line}")?;
    }
    Ok(false)
}

/// Whether the judge misses a protection that was switched off.
fn found_out(protection: &str, violations: &[String], seconds: u64) -> anyhow::Result<bool> {
    let mut out = stdout();
    match violations {
        [] => writeln!(out, "NOT CAUGHT in {seconds} s: without {protection} nothing went wrong")?,
        [first, ..] => {
            writeln!(out, "without {protection}: caught in {seconds} s by {} violations, such as:", violations.len())?;
            writeln!(out, "  {first}")?;
        }
    }
    Ok(!violations.is_empty())
}

/// Tells how far it has come until it is aborted.
async fn tell_progress(torture: Torture, ledger: Arc<Ledger>) {
    loop {
        tokio::time::sleep(PROGRESS_EVERY).await;
        // Whoever does not read it any more is not told.
        let _ = writeln!(stdout(), "{}", ledger.progress(torture.kills, torture.crashes));
    }
}

/// How many must have died at each point: none in particular in a run too small for it.
fn each_min(kills: u32) -> u32 {
    let at_each = kills as usize * KILLS_AT_POINTS_PER_CENT / 100 / POINTS.len();
    u32::try_from(at_each.min(KILLS_AT_EACH_POINT)).unwrap_or(0)
}

async fn torment(torture: &Torture, yard: &Yard, ledger: &Arc<Ledger>) -> anyhow::Result<()> {
    let weather = tokio::spawn(weather::run(
        yard.simulator.clone(),
        yard.proxy.clone(),
        (yard.server.admin.clone(), yard.clock.clone()),
        torture.seed,
    ));
    let progress = tokio::spawn(tell_progress(torture.clone(), ledger.clone()));
    let mut drills = JoinSet::new();
    for (seat, nth) in yard.seats.iter().zip(1..) {
        drills.spawn(drill::run(seat.clone(), torture.seed.wrapping_mul(1_000) + nth, torture.kills, ledger.clone()));
    }
    let every = if torture.crashes > CRASHES_OF_A_SAMPLE_MAX { CRASH_EVERY_MIN } else { CRASH_EVERY_IN_A_SAMPLE };
    drills.spawn(postgres_crash::run(yard.server.clone(), torture.seed, torture.crashes, every, ledger.clone()));
    while let Some(ended) = drills.join_next().await {
        ended??;
    }
    weather.abort();
    progress.abort();
    Ok(())
}
