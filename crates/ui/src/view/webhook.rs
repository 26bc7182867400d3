//! What the provider sent, for the agency.

use super::{OrganizationName, Pager};
use jiff::Timestamp;

/// The page `/webhooks`.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// The address to be given to the provider.
    pub address: String,
    pub last_received_at: Option<Timestamp>,
    pub counts: EventCounts,
    /// `state=`.
    pub tab: WebhookTab,
    pub rows: Vec<EventRow>,
    pub pager: Pager,
}

/// Events of the last 24 hours by state.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventCounts {
    pub kept: u64,
    pub applied: u64,
    pub waiting: u64,
    pub unattributed: u64,
    pub set_aside: u64,
    /// For want of a credential that fits.
    pub refused: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventState {
    /// Kept, not applied yet.
    Waiting,
    Applied,
    /// It belongs to no call, assistant or phone number that is known here.
    Unattributed,
    /// It could not be applied, again and again; a person has to look.
    SetAside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookTab {
    /// Unattributed and set aside.
    #[default]
    NeedsYou,
    Unattributed,
    SetAside,
    All,
}

impl WebhookTab {
    pub const ALL: [WebhookTab; 4] =
        [WebhookTab::NeedsYou, WebhookTab::Unattributed, WebhookTab::SetAside, WebhookTab::All];

    pub fn name(self) -> &'static str {
        match self {
            WebhookTab::NeedsYou => "needs_you",
            WebhookTab::Unattributed => "unattributed",
            WebhookTab::SetAside => "set_aside",
            WebhookTab::All => "all",
        }
    }

    pub fn from_name(name: &str) -> Option<WebhookTab> {
        WebhookTab::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

#[derive(Debug, Clone)]
pub struct EventRow {
    pub id: String,
    pub received_at: Timestamp,
    /// The provider's word: `end-of-call-report`.
    pub kind: String,
    pub provider_account: String,
    pub organization: Option<OrganizationName>,
    pub state: EventState,
    /// Why it is where it is, in a sentence: "Assistant 3f2a… is not deployed here".
    pub reason: Option<String>,
}
