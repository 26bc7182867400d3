//! Campaigns: their states, their progress, and the list.

use super::{OrganizationName, Pager};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// Where a campaign is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignState {
    Draft,
    Scheduled {
        starts_at: Timestamp,
    },
    Running,
    Paused {
        by: Option<String>,
        at: Timestamp,
    },
    /// Nothing new is dialed; calls in progress go on.
    Finishing,
    Done {
        at: Timestamp,
    },
    Stopped {
        by: Option<String>,
        at: Timestamp,
    },
}

/// Where the leads of a campaign are. The parts add up to `leads`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub leads: u64,
    /// Reached, and the agent's goal was met.
    pub goals_met: u64,
    /// Reached otherwise.
    pub answered: u64,
    /// Given up after voicemail.
    pub voicemail: u64,
    /// Given up without an answer, busy included.
    pub no_answer: u64,
    /// Given up after a failure or a refusal.
    pub failed: u64,
    /// Must not or need not be called: do-not-call, cancelled.
    pub excluded: u64,
    /// A call is on its way or going on.
    pub on_the_line: u64,
    pub to_retry: u64,
    pub not_called: u64,
}

impl Progress {
    /// Leads that will not be called any more.
    pub fn settled(&self) -> u64 {
        self.goals_met + self.answered + self.voicemail + self.no_answer + self.failed + self.excluded
    }
}

/// Tabs of the list; the value of `state=` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CampaignTab {
    #[default]
    All,
    Running,
    Paused,
    Over,
}

impl CampaignTab {
    pub const ALL: [CampaignTab; 4] = [CampaignTab::All, CampaignTab::Running, CampaignTab::Paused, CampaignTab::Over];

    pub fn name(self) -> &'static str {
        match self {
            CampaignTab::All => "all",
            CampaignTab::Running => "running",
            CampaignTab::Paused => "paused",
            CampaignTab::Over => "over",
        }
    }

    pub fn from_name(name: &str) -> Option<CampaignTab> {
        CampaignTab::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

/// The list of campaigns. `Row` is [`CampaignRow`] for a client, [`OperatorCampaignRow`] for the agency.
#[derive(Debug, Clone)]
pub struct Campaigns<Row> {
    pub tab: CampaignTab,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

#[derive(Debug, Clone)]
pub struct CampaignRow {
    pub id: String,
    pub name: String,
    pub state: CampaignState,
    pub agent: String,
    pub progress: Progress,
    pub lines_in_use: u32,
    pub calls: u64,
    pub answered: u64,
}

#[derive(Debug, Clone)]
pub struct OperatorCampaignRow {
    pub campaign: CampaignRow,
    pub organization: OrganizationName,
    pub spend: Decimal,
}
