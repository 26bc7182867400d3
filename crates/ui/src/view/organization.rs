//! Organizations as the agency sees them. No client page takes a type of this file but [`OrganizationName`].

use super::{CampaignRow, Limit, OperatorLimit, Why};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// How an organization is called, and its part of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationName {
    pub slug: String,
    pub name: String,
}

/// The list of organizations, busiest first.
#[derive(Debug, Clone)]
pub struct Organizations {
    /// What was searched for by name, empty if nothing.
    pub q: String,
    pub rows: Vec<OrganizationRow>,
    pub total: u64,
}

/// One organization and its day so far.
#[derive(Debug, Clone)]
pub struct OrganizationRow {
    pub organization: OrganizationName,
    pub lines_in_use: u32,
    pub lines_max: u32,
    pub campaigns_running: u32,
    pub calls_today: u64,
    pub answered_today: u64,
    pub spend_today: Decimal,
    /// Calls a day, oldest first, today last; may be empty.
    pub calls_by_day: Vec<u32>,
}

/// One organization as the agency sees it: its overview, and what it is made of.
#[derive(Debug, Clone)]
pub struct OrganizationDetail {
    pub row: OrganizationRow,
    pub since: Timestamp,
    /// Its default zone, by IANA name.
    pub zone: String,
    pub leads: u64,
    pub limits: Vec<Limit<OperatorLimit>>,
    /// The campaigns that are not over, and the latest of the others.
    pub campaigns: Vec<CampaignRow>,
    pub agents: Vec<AgentRow>,
    pub numbers: Vec<NumberRow>,
    pub users: Vec<UserRow>,
    /// Why calls are or are not made now.
    pub why: Why,
}

#[derive(Debug, Clone)]
pub struct AgentRow {
    pub name: String,
    pub calls_today: u64,
    pub answered_today: u64,
    pub lines_max: Option<u32>,
    /// The provider accounts it is deployed to, by name.
    pub accounts: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct NumberRow {
    /// In E.164.
    pub phone: String,
    /// The provider account where it lives.
    pub account: String,
    pub calls_today: u32,
    pub calls_a_day_max: u32,
    /// False where the number is taken out of use.
    pub in_use: bool,
}

#[derive(Debug, Clone)]
pub struct UserRow {
    pub name: String,
    pub email: String,
    pub role: String,
    pub last_seen_at: Option<Timestamp>,
}
