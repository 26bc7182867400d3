//! What can be switched off and on, and its limits: numbers, agents, accounts, pools. Costs are in none of these.

use super::OrganizationName;
use jiff::Timestamp;
use jiff::civil::Date;

/// How something came to be switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SwitchedOff {
    pub since: Option<Timestamp>,
    /// `None`: the program itself, or somebody at a terminal.
    pub by: Option<String>,
    /// In words: "restored from a backup".
    pub because: Option<String>,
    /// When it is switched on again by itself.
    pub until: Option<Timestamp>,
}

/// The agency's phone numbers, over all organizations.
#[derive(Debug, Clone)]
pub struct OperatorNumbers {
    pub rows: Vec<OperatorNumber>,
    pub total: u64,
}

/// One organization's phone numbers.
#[derive(Debug, Clone)]
pub struct ClientNumbers {
    pub rows: Vec<PhoneNumberRow>,
}

#[derive(Debug, Clone)]
pub struct OperatorNumber {
    pub number: PhoneNumberRow,
    pub organization: OrganizationName,
    /// The provider account where it lives.
    pub account: String,
}

#[derive(Debug, Clone)]
pub struct PhoneNumberRow {
    pub id: String,
    /// In E.164.
    pub phone: String,
    pub label: String,
    pub state: NumberState,
    pub calls_today: u32,
    pub calls_a_day_max: u32,
    /// `None`: no limit.
    pub calls_an_hour_max: Option<u32>,
    /// The first day of its warm-up; `None`: it needs none.
    pub warm_up_from: Option<Date>,
    /// Over the last seven days.
    pub calls: u64,
    pub answered: u64,
    /// Calls under way from it.
    pub calls_now: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberState {
    InUse,
    /// It has made its calls of today.
    CalledEnough,
    Resting(SwitchedOff),
    Dead(SwitchedOff),
}

/// One organization's agents. `O` is what the agency sees besides.
#[derive(Debug, Clone)]
pub struct Agents<O> {
    pub rows: Vec<(AgentControl, O)>,
}

/// Provider accounts at which the agent is deployed, by name.
#[derive(Debug, Clone)]
pub struct DeployedAt(pub Vec<String>);

#[derive(Debug, Clone)]
pub struct AgentControl {
    pub id: String,
    pub name: String,
    /// `None`: it works.
    pub off: Option<SwitchedOff>,
    pub calls_now: u32,
    pub lines_max: u32,
    pub calls_today: u64,
    pub answered_today: u64,
}

/// The page `/accounts`.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub accounts: Vec<AccountRow>,
    pub pools: Vec<PoolRow>,
}

/// A provider account.
#[derive(Debug, Clone)]
pub struct AccountRow {
    pub id: String,
    pub name: String,
    /// The last characters of its key.
    pub key_ending: String,
    pub pool: String,
    /// `None`: it dials.
    pub off: Option<SwitchedOff>,
    pub requests_this_minute: u32,
    pub requests_per_minute_max: u32,
    /// Sends without an answer since the last one that had one.
    pub unknowns_in_a_row: u32,
    pub calls_now: u32,
}

/// The lines of one provider subscription.
#[derive(Debug, Clone)]
pub struct PoolRow {
    pub id: String,
    pub name: String,
    pub lines_in_use: u32,
    pub lines_max: u32,
    /// Of them, those that are left for incoming calls.
    pub inbound_reserve: u32,
    /// The provider said that it has no free line; nothing is dialed before.
    pub cooling_until: Option<Timestamp>,
}

/// The agency has stopped all dialing. What a client reads of it has no name and no reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialingPaused {
    ForAgency(SwitchedOff),
    /// The database was restored: it ends by itself.
    Quarantine {
        since: Timestamp,
        because: String,
    },
    ForClient,
}
