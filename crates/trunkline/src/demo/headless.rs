//! The demo without a person: runs for a while, lets what is under way come to its end, and reports what happened.

use super::args::Demo;
use super::companies::trade;
use super::places::PLACES;
use super::provider::subscription;
use super::report::{self, Report};
use super::stage::{self, Stage};
use super::truth::{self, Hours};
use super::world::{ACCOUNTS, LEADS_PER_CLIENT, lines_of_pool};
use crate::store::{Db, across};
use anyhow::Context as _;
use jiff::civil::Time;
use std::collections::BTreeSet;
use std::io::{Write as _, stderr, stdout};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;
use vapi_sim::{Simulator, Totals};

const TELL_EVERY: Duration = Duration::from_secs(10);
/// After the run, what is under way gets this long to come to its end: an unknown call is asked about for a while.
const SETTLE_MAX: Duration = Duration::from_secs(60);
/// Reports come some seconds of the demo's clock after the end of a call, and repetitions after those. Sweeps go on, so
/// that what is counted here are messages and calls, not requests.
const QUIET: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// True if the report is good.
pub(super) async fn run(demo: &Demo) -> anyhow::Result<bool> {
    let dir = fresh_dir(demo)?;
    let stage = stage::set_up(&Demo { port: 0, ..demo.clone() }, &dir).await?;
    let Stage { embedded, db, clock: _, simulator, node, listener, public_url: _ } = stage;
    let dialer = node.dialer.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(node.serve(listener, async { drop(stopped.await) }));
    watch(demo, &db).await?;
    dialer.drain();
    settle(&db, &simulator).await?;
    let report = hold_up(demo, &db, &simulator).await?;
    drop(stop);
    serving.await??;
    simulator.shutdown().await;
    drop(db);
    tokio::task::spawn_blocking(move || embedded.close()).await??;
    std::fs::remove_dir_all(&dir).with_context(|| format!("{} cannot be removed", dir.display()))?;
    write(demo, &report)?;
    Ok(report.is_good())
}

/// A run begins with nothing, so that its counts are its own.
fn fresh_dir(demo: &Demo) -> anyhow::Result<PathBuf> {
    let parent = demo.dir.parent().unwrap_or(Path::new("."));
    let dir = parent.join(format!("headless-{}", std::process::id()));
    std::fs::create_dir_all(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    Ok(dir)
}

async fn watch(demo: &Demo, db: &Db) -> anyhow::Result<()> {
    let duration = Duration::try_from(demo.duration).context("a run lasts for some time")?;
    let end = Instant::now() + duration;
    while Instant::now() < end {
        tokio::time::sleep_until(end.min(Instant::now() + TELL_EVERY)).await;
        let totals = across::totals(db).await?;
        let of = |name: &str, labels: &[&str]| -> i64 {
            totals.iter().filter(|(n, l, _)| n == name && labels.contains(&l.as_str())).map(|(_, _, count)| count).sum()
        };
        let left = end.saturating_duration_since(Instant::now()).as_secs();
        writeln!(
            stderr(),
            "{left:>4} s left: {} calls ended, {} going on, {} attempts waiting, {} events to apply",
            of("attempts", &["ended"]),
            of("attempts", &["accepted"]),
            of("attempts", &["scheduled"]),
            of("events", &["kept"]),
        )?;
    }
    Ok(())
}

/// Waits until no attempt and no event is under way and the provider has no more to say, or for as long as that may take.
pub async fn settle(db: &Db, simulator: &Simulator) -> anyhow::Result<()> {
    let end = Instant::now() + SETTLE_MAX;
    let mut heard = (said(simulator), Instant::now());
    while Instant::now() < end {
        let totals = said(simulator);
        let is_busy = totals != heard.0 || is_under_way(db).await?;
        if is_busy {
            heard = (totals, Instant::now());
        } else if heard.1.elapsed() >= QUIET {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// What the provider has done, but for the requests that it was asked.
fn said(simulator: &Simulator) -> Totals {
    Totals { requests: 0, entries_dropped: 0, ..simulator.totals() }
}

async fn is_under_way(db: &Db) -> anyhow::Result<bool> {
    let open = |name: &str, label: &str| match name {
        "attempts" => ["reserved", "sending", "unknown", "accepted"].contains(&label),
        "events" => label == "kept",
        _ => false,
    };
    Ok(across::totals(db).await?.iter().any(|(name, label, count)| *count > 0 && open(name, label)))
}

async fn hold_up(demo: &Demo, db: &Db, simulator: &Simulator) -> anyhow::Result<Report> {
    let clients = usize::try_from(demo.clients)?;
    let truth = truth::read(&simulator.journal(), &hours(clients));
    report::report(db, truth, lines_exceeded(simulator, clients)).await
}

/// Pools that ever had more calls than lines.
pub fn lines_exceeded(simulator: &Simulator, clients: usize) -> u64 {
    let pools: BTreeSet<&str> = ACCOUNTS.iter().map(|account| account.pool).collect();
    let exceeded = |pool: &&&str| simulator.lines_in_use_max(&subscription(pool)) > lines_of_pool(pool, clients);
    pools.iter().filter(exceeded).count() as u64
}

/// In which hours each lead may be called: those of its client's campaigns, within the organization's.
pub fn hours(clients: usize) -> Hours {
    let parse = |text: &str| text.parse::<Time>().unwrap_or(Time::midnight());
    let of_lead = |nth: usize, k: usize| {
        let overall = nth * LEADS_PER_CLIENT + k;
        let place = &PLACES[overall % PLACES.len()];
        let phone = place.lead_phone(u32::try_from(overall / PLACES.len()).unwrap_or(u32::MAX));
        (phone, (parse(trade(nth).opens), parse(trade(nth).closes)))
    };
    (0..clients).flat_map(|nth| (0..LEADS_PER_CLIENT).map(move |k| of_lead(nth, k))).collect()
}

fn write(demo: &Demo, report: &Report) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(report)?;
    match &demo.report {
        Some(file) => {
            std::fs::write(file, json + "\n").with_context(|| format!("{} cannot be written", file.display()))?;
            writeln!(stderr(), "The report is in {}.", file.display())?;
        }
        None => writeln!(stdout(), "{json}")?,
    }
    if !report.is_good() {
        writeln!(stderr(), "Something is wrong: see `differences` and the counts that should be 0.")?;
    }
    Ok(())
}
