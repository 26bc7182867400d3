//! What a claim costs by how much is due, and by how much is due that may not be made.

use super::Scale;
use super::queue::{CLAIMERS, measured, work};
use crate::commands::bench::figures::{Figures, Rounds, tell};
use crate::commands::bench::ground::{Agency, Ground};
use crate::commands::bench::seed::{Seed, settle};
use anyhow::Result;

const ORGANIZATIONS: u32 = 500;
/// Attempts that are claimed and finished in a round: fewer than the smallest backlog has.
const JOBS: u32 = 2_000;
/// Calls that the blocked leads had today already: all they may have.
const BLOCKED_CALLS: u32 = 2;

/// The cost at a million due beside that at ten thousand.
pub(super) async fn flat(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let small = at(ground, scale, "due_10k", 20).await?;
    let large = at(ground, scale, "due_1m", if scale.is_quick { 400 } else { 2_000 }).await?;
    figures.set_rounds("due_10k", &small);
    figures.set_rounds(if scale.is_quick { "due_200k" } else { "due_1m" }, &large);
    let name = if scale.is_quick { "cost_200k_to_10k" } else { "cost_1m_to_10k" };
    figures.set(name, large.cpu_us() / small.cpu_us());
    Ok(())
}

/// The same for ten million.
pub(super) async fn huge(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let small = at(ground, scale, "due_10k", 20).await?;
    let huge = at(ground, scale, "due_10m", 20_000).await?;
    figures.set_rounds("due_10k", &small);
    figures.set_rounds("due_10m", &huge);
    figures.set("cost_10m_to_10k", huge.cpu_us() / small.cpu_us());
    Ok(())
}

async fn at(ground: &Ground, scale: Scale, name: &str, leads: u32) -> Result<Rounds> {
    let agency = ground.agency(name, &Seed::roomy(ORGANIZATIONS, leads)).await?;
    let rounds = rounds(ground, &agency, scale).await?;
    ground.drop_database(name).await?;
    Ok(rounds)
}

async fn rounds(ground: &Ground, agency: &Agency, scale: Scale) -> Result<Rounds> {
    work(agency, JOBS / 2, CLAIMERS).await?;
    let mut rounds = Rounds::default();
    for _ in 0..scale.rounds {
        settle(&agency.admin).await?;
        rounds.add(measured(ground, agency, JOBS).await?);
    }
    Ok(rounds)
}

/// One organization has attempts at the head of its queue whose leads had all their calls of the day.
pub(super) async fn blocked(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let seed = Seed::roomy(ORGANIZATIONS, 40);
    let free = ground.agency("blocked_none", &seed).await?;
    let without = rounds(ground, &free, scale).await?;
    ground.drop_database("blocked_none").await?;
    let agency = ground.agency("blocked_300k", &seed).await?;
    let blocked = scale.of(300_000);
    tell(&format!("{blocked} attempts of one organization may not be made"));
    agency.crowd(blocked, BLOCKED_CALLS).await?;
    let with = rounds(ground, &agency, scale).await?;
    ground.drop_database("blocked_300k").await?;
    figures.set_rounds("blocked_none", &without);
    figures.set_rounds("blocked_some", &with);
    figures.set(if scale.is_quick { "blocked_30k" } else { "blocked_300k" }, with.cpu_us() / without.cpu_us());
    Ok(())
}
