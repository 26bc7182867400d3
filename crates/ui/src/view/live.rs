//! One campaign while it runs: numbers, pace, what sets the pace, lines, calling hours, results.

use super::{CampaignState, Goal, Lines, OrganizationName, Outcome, Progress};
use jiff::{Timestamp, civil::Time, tz::TimeZone};
use rust_decimal::Decimal;

/// A campaign as a client sees it.
#[derive(Debug, Clone)]
pub struct ClientCampaign {
    pub campaign: Campaign,
    pub pace_setting: PaceSetting<ClientLimit>,
}

/// A campaign as the agency sees it.
#[derive(Debug, Clone)]
pub struct OperatorCampaign {
    pub campaign: Campaign,
    pub organization: OrganizationName,
    pub pace_setting: PaceSetting<OperatorLimit>,
    pub spend: Decimal,
    pub budget: Option<Decimal>,
}

/// What both see of a campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    pub id: String,
    pub name: String,
    pub state: CampaignState,
    pub agent: String,
    /// How many phone numbers it calls from.
    pub numbers: u32,
    pub started_at: Option<Timestamp>,
    pub started_by: Option<String>,
    pub progress: Progress,
    /// Calls that ended, with every attempt counted.
    pub calls: u64,
    pub answered: u64,
    /// All conversations together.
    pub talk_seconds: u64,
    /// Calls begun in the last ten full minutes.
    pub calls_in_ten_minutes: u32,
    pub finish: Finish,
    pub pace: Pace,
    pub on_the_line: OnTheLine,
    /// Calling hours for each zone of its leads, east to west.
    pub zones: Vec<ZoneHours>,
    /// Ended calls by outcome, in the order to be shown.
    pub results: Vec<(Outcome, u64)>,
    /// The latest first.
    pub latest: Vec<LatestResult>,
}

impl Campaign {
    /// It has not begun: nothing of its calls can be shown yet.
    pub fn is_ahead(&self) -> bool {
        matches!(self.state, CampaignState::Draft | CampaignState::Scheduled { .. })
    }
}

/// When a campaign will be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Too little is known: it runs for less than five minutes, or it does not run.
    Unknown,
    /// At the present pace, calling hours and retries considered.
    Expected(Timestamp),
    Was(Timestamp),
}

/// Calls a minute. Only full minutes, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    pub minutes: Vec<PaceMinute>,
    /// What the limits let through in a minute, if that is known.
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
pub struct PaceMinute {
    pub at: Timestamp,
    pub started: u32,
    pub answered: u32,
}

/// The one thing that holds the pace now, and the limits that do not.
#[derive(Debug, Clone)]
pub struct PaceSetting<Kind> {
    pub cause: PaceCause<Kind>,
    pub others: Vec<Limit<Kind>>,
}

#[derive(Debug, Clone)]
pub enum PaceCause<Kind> {
    /// This limit is used up.
    Limit(Limit<Kind>),
    /// Nothing holds it: every lead that is due is being called.
    Nothing,
    /// No lead that is left may be called before this time.
    CallingHours { opens_at: Timestamp },
    /// All leads that are left wait for a retry.
    Retries { next_at: Timestamp },
    /// Every lead that is left waits for a reason of its own: that of the first in a sentence, and until when.
    LeadsWait { why: String, until: Timestamp },
    /// Something else than a limit that is shown here: a sentence.
    HeldBack { why: String },
    /// The campaign does not dial: draft, scheduled, paused, over.
    NotRunning,
}

/// How much of a limit is used.
#[derive(Debug, Clone)]
pub struct Limit<Kind> {
    pub kind: Kind,
    pub used: u64,
    pub max: u64,
}

/// The limits that a client may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientLimit {
    /// Calls at once of this campaign.
    CampaignLines,
    /// Calls at once of the organization.
    OrganizationLines,
    /// Calls of the organization today.
    OrganizationCallsToday,
    /// Calls today of all phone numbers it calls from.
    NumberCallsToday,
    /// Calls at once of this agent.
    AgentLines,
}

/// The limits that the agency sees; those with a name belong to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorLimit {
    Of(ClientLimit),
    /// Calls at once of a line pool, by its name.
    PoolLines(String),
    /// Requests in a minute to a provider account, by its name.
    AccountRequests(String),
}

/// Lines of this campaign, and the conversations on them.
#[derive(Debug, Clone, Default)]
pub struct OnTheLine {
    pub lines: Lines,
    /// The longest first; may be cut.
    pub talks: Vec<Talk>,
}

#[derive(Debug, Clone)]
pub struct Talk {
    pub call_id: String,
    pub lead: String,
    /// In E.164.
    pub phone: String,
    /// When it was picked up, or else began to ring.
    pub since: Timestamp,
    /// False while it rings.
    pub is_answered: bool,
    /// Left out for clients: they read a transcript after the call.
    pub last_said: Option<Said>,
}

#[derive(Debug, Clone)]
pub struct Said {
    /// The agent's name, or "Lead".
    pub by: String,
    pub text: String,
}

/// The calling hours of the leads of one zone.
#[derive(Debug, Clone)]
pub struct ZoneHours {
    pub zone: TimeZone,
    /// Today's hours there; `None` where it stays closed today.
    pub today: Option<(Time, Time)>,
    /// When they begin next; `None` while they are open.
    pub opens_at: Option<Timestamp>,
    pub leads_left: u64,
}

#[derive(Debug, Clone)]
pub struct LatestResult {
    pub call_id: String,
    pub lead: String,
    pub outcome: Outcome,
    pub goal: Goal,
    pub at: Timestamp,
    /// When the lead will be tried again, if so.
    pub next_attempt_at: Option<Timestamp>,
}
