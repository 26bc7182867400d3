//! The drill of the intake: webhooks of many calls, shuffled and some of them repeated, sent until each has its 200, while
//! the node that takes them is killed, its Postgres crashes and its commits are cut off. What was sent is the journal.

mod judge;
mod senders;
mod story;

use crate::Torture;
use crate::cutting_proxy::Cut;
use crate::ledger::Ledger;
use crate::node::was_killed;
use crate::weather;
use crate::yard::Yard;
use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use senders::Progress;
use std::io::{Write as _, stdout};
use std::sync::Arc;
use std::time::Duration;
use story::Story;
use tokio::time::Instant;

/// Whose assistants the calls are of.
const CLIENTS: u32 = 10;
/// Where lives of the node end by themselves, if they come there.
const POINTS: [&str; 8] = [
    "intake.keeping",
    "intake.kept",
    "intake.answering",
    "apply.locked",
    "apply.opened",
    "apply.reported",
    "apply.marked",
    "apply.committed",
];
/// At which time that a life comes to its point it ends there.
const HITS: std::ops::RangeInclusive<u32> = 1..=30;
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Until all that was kept is applied.
const REST_MAX: Duration = Duration::from_secs(180);

/// True if every webhook that got a 200 is there once and all calls are as they were told of.
pub(crate) async fn run(torture: &Torture, webhooks: u32) -> anyhow::Result<bool> {
    let began = Instant::now();
    let yard = Yard::lay(torture, CLIENTS).await?;
    weather::calm(&yard.simulator, &yard.server.admin).await?;
    let ledger = Arc::new(Ledger::new());
    let story = Arc::new(Story::invent(&yard, webhooks, torture.seed).await?);
    let progress = Arc::new(Progress::default());
    let sending = tokio::spawn(senders::send_all(yard.seats[0].port, story.clone(), progress.clone()));
    let crashing = crash(torture, &yard, &ledger, &progress, story.messages.len());
    let killing = kill(torture, &yard, &ledger, &progress, story.messages.len());
    let (crashed, killed) = tokio::join!(crashing, killing);
    crashed?;
    let node = killed?;
    sending.await??;
    let seconds = began.elapsed().as_secs();
    judge::wait_until_applied(&yard.server.admin, REST_MAX).await?;
    let violations = judge::judge(&yard.server.admin, &story).await?;
    node.kill().await?;
    let mut out = stdout();
    let (before, after) = yard.proxy.cuts();
    yard.clear_away().await?;
    writeln!(
        out,
        "{} webhooks of {} calls, {} of them repetitions, in {seconds} s; {} refused or broken off and sent again",
        story.messages.len(),
        story.calls.len(),
        story.repetitions,
        progress.repeated(),
    )?;
    writeln!(
        out,
        "{} kills, {} crashes of Postgres, {} commits cut off",
        ledger.kills(),
        torture.crashes,
        before + after
    )?;
    for violation in &violations {
        writeln!(out, "  {violation}")?;
    }
    writeln!(out, "{} violations, seed {}", violations.len(), torture.seed)?;
    if let Some(protection) = &torture.without {
        return crate::found_out(protection, &violations, seconds);
    }
    if violations.is_empty() {
        std::fs::remove_dir_all(&torture.dir).context("the directory cannot be removed")?;
    }
    Ok(violations.is_empty())
}

/// When so many are sent, the `nth` of `count` blows falls.
fn falls_at(nth: u32, count: u32, webhooks: usize) -> usize {
    webhooks * (nth as usize + 1) / (count as usize + 2)
}

async fn crash(
    torture: &Torture,
    yard: &Yard,
    ledger: &Ledger,
    progress: &Progress,
    webhooks: usize,
) -> anyhow::Result<()> {
    for nth in 0..torture.crashes {
        progress.until(falls_at(nth, torture.crashes, webhooks)).await;
        yard.server.crash_once(nth, ledger).await?;
    }
    Ok(())
}

/// One life after the other, each with a point at which it ends unless it is killed before; the last one lives on.
async fn kill(
    torture: &Torture,
    yard: &Yard,
    ledger: &Arc<Ledger>,
    progress: &Progress,
    webhooks: usize,
) -> anyhow::Result<crate::node::Node> {
    let mut rng = StdRng::seed_from_u64(torture.seed);
    let seat = &yard.seats[0];
    for nth in 0..torture.kills {
        let point = POINTS[nth as usize % POINTS.len()];
        let plan = format!("{point}=abort@{}", rng.random_range(HITS));
        let mut node = seat.start(Some(&plan), ledger)?;
        yard.proxy.cut_next(if rng.random_bool(0.5) { Cut::Before } else { Cut::After });
        let end = falls_at(nth, torture.kills, webhooks);
        loop {
            if let Some(status) = node.ended_by(Instant::now() + LOOK_EVERY).await? {
                if was_killed(status) {
                    ledger.killed_at(point);
                } else {
                    // The database was away: a service manager starts it again.
                    ledger.start_refused();
                }
                break;
            }
            if progress.sent() >= end {
                node.kill().await?;
                ledger.killed_at_random();
                break;
            }
        }
    }
    loop {
        let mut node = seat.start(None, ledger)?;
        while progress.sent() < webhooks {
            if node.ended_by(Instant::now() + LOOK_EVERY).await?.is_some() {
                ledger.start_refused();
                break;
            }
        }
        if progress.sent() >= webhooks {
            return Ok(node);
        }
    }
}
