//! Claim to finish: the product's own claim and settlement, the provider's answer taken as given at once.

use super::Scale;
use super::peers::Peers;
use crate::commands::bench::cpu::{Measure, Meter};
use crate::commands::bench::figures::{Figures, Rounds};
use crate::commands::bench::ground::{Agency, Ground};
use crate::commands::bench::seed::{Seed, settle};
use crate::dialer::{Dialer, TURNS_PER_CLAIM_MAX};
use crate::domain::ids::OrganizationId;
use crate::domain::outcome::{EndedAs, Outcome};
use crate::domain::protocol::{Happening, Moment, Timing};
use crate::domain::status::AttemptState;
use crate::settlement;
use crate::store::attempts::{self, Attempt};
use crate::store::reservations::Fenced;
use crate::store::{Db, organization_turns};
use anyhow::Result;
use jiff::Timestamp;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ORGANIZATIONS: u32 = 500;
/// Claims at the same time: with more, commits wait for each other on a machine of a few cores.
pub(super) const CLAIMERS: usize = 2;
/// A round ends after this, whatever is left.
const ROUND_MAX: Duration = Duration::from_secs(10);
/// Amounts of one kind of peer; the slowest gets a tenth.
const JOBS: u32 = 20_000;

/// Interleaved: one round of each, and again.
pub(super) async fn beside_peers(ground: &Ground, scale: Scale, peers: &Path, figures: &mut Figures) -> Result<()> {
    let jobs = scale.of(JOBS);
    // Room for the claims that are not finished, too.
    let leads = 2 * jobs * (scale.rounds + 1) / ORGANIZATIONS + 10;
    let agency = ground.agency("ours", &Seed::roomy(ORGANIZATIONS, leads)).await?;
    let mut peers = Peers::found(ground, peers).await;
    // Statements are prepared, and caches filled.
    work(&agency, jobs / 10, CLAIMERS).await?;
    let (mut claims, mut ours) = (Rounds::default(), Rounds::default());
    for _ in 0..scale.rounds {
        settle(&agency.admin).await?;
        ours.add(measured(ground, &agency, jobs).await?);
        claims.add(claimed(ground, &agency, jobs / 2).await?);
        peers.round(ground, jobs).await;
    }
    figures.set_rounds("claim", &claims);
    figures.set_rounds("claim_to_finish", &ours);
    for (peer, rounds) in peers.rounds() {
        if rounds.is_empty() {
            continue;
        }
        figures.set_rounds(peer.name(), rounds);
        figures.set(&format!("ratio_to_{}", peer.name()), ours.per_second() / rounds.per_second());
        figures.set(&format!("cpu_ratio_to_{}", peer.name()), ours.cpu_us() / rounds.cpu_us());
    }
    ground.drop_database(&agency.name).await
}

/// Claims and finishes about `jobs` attempts and says what it took.
pub(super) async fn measured(ground: &Ground, agency: &Agency, jobs: u32) -> Result<Measure> {
    let meter = Meter::start(&ground.processes())?;
    let done = work(agency, jobs, CLAIMERS).await?;
    meter.stop(done)
}

/// Only claims, one claimer: what it takes to decide about attempts, to count and to reserve them.
async fn claimed(ground: &Ground, agency: &Agency, jobs: u32) -> Result<Measure> {
    let meter = Meter::start(&ground.processes())?;
    let began = Instant::now();
    let mut done = 0;
    while done < u64::from(jobs) && began.elapsed() < ROUND_MAX {
        let claimed = agency.dialer.claim(TURNS_PER_CLAIM_MAX).await?;
        if claimed.is_empty() {
            break;
        }
        done += u64::try_from(claimed.len())?;
    }
    meter.stop(done)
}

/// Claims and finishes until `jobs` are done, nothing is left, or the time is over.
pub(super) async fn work(agency: &Agency, jobs: u32, claimers: usize) -> Result<u64> {
    let done = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..claimers {
        let (db, dialer, clock) = (agency.db.clone(), agency.dialer.clone(), agency.clock.clone());
        let done = done.clone();
        tasks.push(tokio::spawn(async move {
            while done.load(Ordering::Relaxed) < u64::from(jobs) && began.elapsed() < ROUND_MAX {
                let claimed = claim_and_finish(&db, &dialer, clock.now()).await?;
                if claimed == 0 {
                    break;
                }
                done.fetch_add(claimed, Ordering::Relaxed);
            }
            anyhow::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed))
}

async fn claim_and_finish(db: &Db, dialer: &Dialer, now: Timestamp) -> Result<u64> {
    let claimed = dialer.claim(TURNS_PER_CLAIM_MAX).await?;
    finish(db, &claimed, now).await?;
    Ok(claimed.len().try_into()?)
}

/// Every attempt ends with a conversation, all of a claim in one transaction. What lies between claim and end is the
/// provider's: here the call is known as soon as it is claimed.
async fn finish(db: &Db, claimed: &[(OrganizationId, Fenced)], now: Timestamp) -> Result<()> {
    let moment = Moment { now, timing: Timing::at_speed(1) };
    let organizations: HashSet<OrganizationId> = claimed.iter().map(|(organization, _)| *organization).collect();
    let tx = organization_turns::lock_all(db, &organizations.into_iter().collect::<Vec<_>>()).await?;
    let ids: Vec<_> = claimed.iter().map(|(organization, fenced)| (*organization, fenced.attempt)).collect();
    let mut ended = attempts::lock_all(&tx, &ids).await?;
    let ending = |attempt: &mut Attempt| attempt.standing.state = AttemptState::Accepted;
    ended.iter_mut().for_each(ending);
    let how = Happening::Ended { ended_as: EndedAs::Rang(Outcome::Answered), reason: "customer-ended-call" };
    let mut happenings: Vec<_> = ended.iter_mut().map(|attempt| (attempt, how)).collect();
    settlement::happen_all(&tx, &mut happenings, &moment).await?;
    tx.commit().await?;
    Ok(())
}
