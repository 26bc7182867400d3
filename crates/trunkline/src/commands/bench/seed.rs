//! The agency of a bench: how large it is, and how it is sown.

use anyhow::Result;
use jiff::Timestamp;
use tokio_postgres::Client;

const SOW: &str = include_str!("seed.sql");

/// How large an agency is. All organizations are alike; what one has besides is sown by its section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed {
    pub organizations: u32,
    pub campaigns: u32,
    /// Of each organization; each campaign calls all of them.
    pub leads: u32,
    pub numbers: u32,
    pub calls_per_day_max: u32,
    pub number_calls_per_day_max: u32,
    pub lines_max: u32,
    /// Attempts are due one after the other, this far apart, the first when the bench begins; zero: all at once, before.
    pub due_every_us: u32,
}

impl Seed {
    /// Limits that are asked and do not bind.
    pub(super) const fn roomy(organizations: u32, leads: u32) -> Self {
        Self {
            organizations,
            campaigns: 1,
            leads,
            numbers: 3,
            calls_per_day_max: 1_000_000,
            number_calls_per_day_max: 1_000_000,
            lines_max: 100_000,
            due_every_us: 0,
        }
    }

    pub(super) async fn sow(&self, admin: &Client, begins: Timestamp) -> Result<()> {
        let Self { organizations, campaigns, leads, numbers, lines_max, due_every_us, .. } = self;
        let Self { calls_per_day_max, number_calls_per_day_max, .. } = self;
        let settings = [
            ("organizations", organizations.to_string()),
            ("campaigns", campaigns.to_string()),
            ("leads", leads.to_string()),
            ("numbers", numbers.to_string()),
            ("calls_per_day_max", calls_per_day_max.to_string()),
            ("number_calls_per_day_max", number_calls_per_day_max.to_string()),
            ("lines_max", lines_max.to_string()),
            ("due_every_us", due_every_us.to_string()),
            ("begins", begins.to_string()),
        ];
        let settings = settings.map(|(name, value)| format!("set bench.{name} = '{value}'"));
        admin.batch_execute(&settings.join(";")).await?;
        admin.batch_execute(SOW).await?;
        settle(admin).await
    }
}

/// Brings the tables to rest: what was just sown is neither vacuumed nor written out while something is measured.
pub(super) async fn settle(admin: &Client) -> Result<()> {
    for step in ["vacuum (analyze)", "checkpoint"] {
        admin.batch_execute(step).await?;
    }
    Ok(())
}
