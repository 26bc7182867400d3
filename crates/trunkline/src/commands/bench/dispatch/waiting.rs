//! How long a due attempt waits for its claim, and what it costs to wait for attempts to become due.

use super::Scale;
use crate::commands::bench::cpu::Meter;
use crate::commands::bench::figures::{Figures, median};
use crate::commands::bench::ground::{Agency, Ground};
use crate::commands::bench::seed::{Seed, settle};
use crate::dialer::{self, TURNS_PER_CLAIM_MAX};
use anyhow::Result;
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A thousand become due a second.
const DUE_EVERY_US: u32 = 1_000;
const ORGANIZATIONS: u32 = 500;
/// What becomes due in the first seconds is claimed and not counted: connections are made then, and statements planned.
const WARMING_UP: Duration = Duration::from_secs(2);
/// What is due last is waited for so long.
const AFTER: Duration = Duration::from_secs(3);
const IDLE_ORGANIZATIONS: u32 = 10_000;
const IDLE_FOR: Duration = Duration::from_secs(20);
const POLLS: usize = 200;
/// So far in the future that nothing becomes due while it is measured.
const NEVER_DUE_US: u32 = 2_000_000_000;

const DUE: &str = include_str!("due.sql");
const SPREAD_OUT: &str = include_str!("spread_out.sql");

/// The dialing loop as the program runs it, its idle waits too.
pub(super) async fn due_to_claimed(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let leads = if scale.is_quick { 10 } else { 40 };
    let seed = Seed { due_every_us: DUE_EVERY_US, ..Seed::roomy(ORGANIZATIONS, leads) };
    let agency = ground.agency("latency", &seed).await?;
    let counts_from = agency.clock.now() + WARMING_UP;
    let meter = Meter::start(&ground.processes())?;
    let mut claimed: HashMap<Uuid, Timestamp> = HashMap::new();
    let end = Instant::now() + Duration::from_micros(u64::from(DUE_EVERY_US * ORGANIZATIONS * leads)) + AFTER;
    while Instant::now() < end {
        let taken = agency.dialer.claim(TURNS_PER_CLAIM_MAX).await?;
        let now = agency.clock.now();
        claimed.extend(taken.iter().map(|(_, fenced)| (fenced.attempt.0, now)));
        if taken.is_empty() {
            tokio::time::sleep(dialer::IDLE).await;
        }
    }
    let measure = meter.stop(claimed.len().try_into()?)?;
    let mut waits = Vec::new();
    for row in agency.admin.query(DUE, &[]).await? {
        let (id, due_at): (Uuid, Timestamp) = (row.get(0), row.get(1));
        if due_at < counts_from {
            continue;
        }
        let wait = claimed.get(&id).map_or(f64::INFINITY, |at| at.duration_since(due_at).as_secs_f64() * 1e3);
        waits.push(wait);
    }
    waits.sort_by(f64::total_cmp);
    figures.set("due_to_claimed_p50_ms", median(waits.iter().copied()));
    figures.set("due_to_claimed_p99_ms", waits.get(waits.len() * 99 / 100).copied().unwrap_or(f64::NAN));
    figures.set("due_to_claimed_foreign_cores", measure.foreign_cores);
    ground.drop_database(&agency.name).await
}

/// Ten thousand organizations with campaigns that run and nothing due.
pub(super) async fn nothing_due(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let seed = Seed { due_every_us: NEVER_DUE_US, numbers: 1, ..Seed::roomy(scale.of(IDLE_ORGANIZATIONS), 1) };
    let agency = ground.agency("idle", &seed).await?;
    agency.admin.batch_execute(SPREAD_OUT).await?;
    settle(&agency.admin).await?;
    agency.dialer.claim(TURNS_PER_CLAIM_MAX).await?;
    figures.set("empty_poll_ms", empty_poll_ms(&agency).await?);
    let meter = Meter::start(&ground.processes())?;
    let end = Instant::now() + if scale.is_quick { IDLE_FOR / 4 } else { IDLE_FOR };
    while Instant::now() < end {
        agency.dialer.look_after().await?;
        agency.dialer.claim(TURNS_PER_CLAIM_MAX).await?;
        tokio::time::sleep(dialer::IDLE).await;
    }
    let measure = meter.stop(1)?;
    figures.set("idle_percent_of_a_core", measure.cpu_seconds / measure.seconds * 100.0);
    ground.drop_database(&agency.name).await
}

/// A look that finds nothing.
async fn empty_poll_ms(agency: &Agency) -> Result<f64> {
    let mut polls = Vec::with_capacity(POLLS);
    for _ in 0..POLLS {
        let began = Instant::now();
        if agency.dialer.claim(TURNS_PER_CLAIM_MAX).await?.is_empty() {
            polls.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(median(polls))
}
