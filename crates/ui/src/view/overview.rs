//! The first page: the agency's over all organizations, a client's over its own.

use super::{CallRow, CampaignRow, OrganizationRow, Tone, Why};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// The agency's first page.
#[derive(Debug, Clone)]
pub struct AgencyOverview {
    pub pools: Vec<LinePoolUse>,
    pub today: Today,
    pub spend_today: Decimal,
    /// Same hours a week ago; `None` in the first week.
    pub spend_last_week: Option<Decimal>,
    pub campaigns_running: u64,
    pub needs: Vec<Need>,
    /// The most active ones.
    pub organizations: Vec<OrganizationRow>,
    pub organizations_total: u64,
}

/// The lines of one provider subscription, at this moment.
#[derive(Debug, Clone)]
pub struct LinePoolUse {
    pub name: String,
    /// The provider accounts that share it.
    pub accounts: Vec<String>,
    pub lines: Lines,
}

/// Lines by what they do. Those that are left to `max` are free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lines {
    pub talking: u32,
    pub ringing: u32,
    /// Reserved, or the call is over and its report is not here yet.
    pub settling: u32,
    pub max: u32,
}

/// Calls since midnight in the reader's zone.
#[derive(Debug, Clone, Default)]
pub struct Today {
    pub calls: u64,
    pub answered: u64,
    pub goals_met: u64,
    /// The same hours a week ago; `None` in the first week.
    pub last_week: Option<LastWeek>,
    /// Calls for each hour so far, oldest first; may be empty.
    pub by_hour: Vec<HourVolume>,
}

#[derive(Debug, Clone, Copy)]
pub struct LastWeek {
    pub calls: u64,
    pub answered: u64,
}

/// Calls that began in one hour (or half hour) from `at`, by how they ended.
#[derive(Debug, Clone)]
pub struct HourVolume {
    pub at: Timestamp,
    pub answered: u32,
    pub not_reached: u32,
    pub failed: u32,
}

/// One thing that waits for a person at the agency.
#[derive(Debug, Clone)]
pub struct Need {
    pub tone: Tone,
    /// What is the matter: "12 webhooks belong to nobody".
    pub title: String,
    /// What is safe, and what to do.
    pub detail: String,
    pub href: String,
    /// The words of the link: "Look at them".
    pub action: String,
}

/// A client's first page.
#[derive(Debug, Clone)]
pub struct ClientOverview {
    pub today: Today,
    pub lines: Lines,
    pub leads: u64,
    pub leads_to_call: u64,
    pub campaigns: Vec<CampaignRow>,
    pub latest_calls: Vec<CallRow>,
    /// Why calls are or are not made now.
    pub why: Why,
}
