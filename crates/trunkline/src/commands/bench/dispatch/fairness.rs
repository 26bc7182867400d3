//! Shares: one organization with very many attempts, due before anybody's, and many with few.

use super::Scale;
use super::queue::work;
use crate::commands::bench::figures::Figures;
use crate::commands::bench::ground::Ground;
use crate::commands::bench::seed::Seed;
use anyhow::Result;

const ORGANIZATIONS: u32 = 50;
/// Of each organization but the first.
const LEADS: u32 = 800;
/// Of the first.
const CROWD: u32 = 100_000;
const SPREAD: &str = include_str!("spread.sql");

/// While all have something due, each takes as many.
pub(super) async fn shares(ground: &Ground, scale: Scale, figures: &mut Figures) -> Result<()> {
    let agency = ground.agency("fairness", &Seed::roomy(ORGANIZATIONS, LEADS)).await?;
    agency.crowd(scale.of(CROWD), 0).await?;
    work(&agency, ORGANIZATIONS * scale.of(LEADS * 3 / 4).max(200), 1).await?;
    figures.set("fairness_max_min", agency.number(SPREAD).await?);
    ground.drop_database(&agency.name).await
}
