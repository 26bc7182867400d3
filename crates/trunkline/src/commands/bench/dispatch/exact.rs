//! Limits that bind, four claimers at once, one of them killed now and then: exactly as many are claimed as may be.

use super::Scale;
use crate::commands::bench::figures::{Figures, tell};
use crate::commands::bench::ground::{Agency, Ground};
use crate::commands::bench::seed::Seed;
use crate::dialer::TURNS_PER_CLAIM_MAX;
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ORGANIZATIONS: u32 = 500;
const LEADS: u32 = 300;
const CALLS_PER_DAY_MAX: u32 = 180;
const NUMBERS: u32 = 3;
/// Together the numbers of an organization may do less than the organization.
const NUMBER_CALLS_PER_DAY_MAX: u32 = 50;
const CLAIMERS: usize = 4;
/// A claimer that found nothing so often is done: a killed neighbour may have given its turns back meanwhile.
const EMPTY_MAX: u32 = 20;
const KILL_EVERY: Duration = Duration::from_millis(700);
const EMPTY_WAIT: Duration = Duration::from_millis(100);
const RUN_MAX: Duration = Duration::from_secs(300);

const CLAIMED: &str = include_str!("claimed.sql");
const OFF: &str = include_str!("off.sql");
const LINES: &str = include_str!("lines.sql");
const KILL: &str = include_str!("kill.sql");

pub(super) async fn limits(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let organizations = scale.of(ORGANIZATIONS);
    let numbers = Seed {
        numbers: NUMBERS,
        number_calls_per_day_max: NUMBER_CALLS_PER_DAY_MAX,
        calls_per_day_max: CALLS_PER_DAY_MAX,
        ..Seed::roomy(organizations, LEADS)
    };
    let days = Seed { number_calls_per_day_max: 1_000, ..numbers };
    let mut is_exact = true;
    for (name, seed, each) in [
        ("exact_numbers", numbers, NUMBERS * NUMBER_CALLS_PER_DAY_MAX),
        ("exact_organizations", days, CALLS_PER_DAY_MAX),
    ] {
        let agency = ground.agency(name, &seed).await?;
        let kills = claim_all(&agency).await?;
        let expected = f64::from(organizations * each);
        let (claimed, off, lines) =
            (agency.number(CLAIMED).await?, agency.number(OFF).await?, agency.number(LINES).await?);
        tell(&format!(
            "{name}: {claimed} claimed of {expected}, {off} counts off, {lines} lines off, {kills} claimers killed"
        ));
        is_exact &= (claimed - expected).abs() < 0.5 && off.abs() < 0.5 && lines.abs() < 0.5;
        ground.drop_database(name).await?;
    }
    figures.set_fact("exact", is_exact);
    Ok(())
}

/// Claims until nothing may be claimed any more; returns how often a claimer was killed.
async fn claim_all(agency: &Agency) -> Result<u64> {
    let is_over = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let mut claimers = Vec::new();
    for _ in 0..CLAIMERS {
        let dialer = agency.dialer.clone();
        claimers.push(tokio::spawn(async move {
            let mut empty = 0;
            while empty < EMPTY_MAX && began.elapsed() < RUN_MAX {
                match dialer.claim(TURNS_PER_CLAIM_MAX).await {
                    Ok(claimed) if claimed.is_empty() => {
                        empty += 1;
                        tokio::time::sleep(EMPTY_WAIT).await;
                    }
                    Ok(_) => empty = 0,
                    // Killed: what it had not committed is nobody's.
                    Err(_) => {}
                }
            }
        }));
    }
    let all_done = async {
        for claimer in claimers {
            claimer.await?;
        }
        is_over.store(true, Ordering::Relaxed);
        anyhow::Ok(())
    };
    let (done, kills) = tokio::join!(all_done, kill_until(agency, &is_over));
    done?;
    kills
}

async fn kill_until(agency: &Agency, is_over: &AtomicBool) -> Result<u64> {
    let mut kills = 0;
    while !is_over.load(Ordering::Relaxed) {
        tokio::time::sleep(KILL_EVERY).await;
        let killed: i64 = agency.admin.query_one(KILL, &[]).await?.get(0);
        kills += killed.unsigned_abs();
    }
    Ok(kills)
}
