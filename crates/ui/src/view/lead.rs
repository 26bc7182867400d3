//! Leads: the list, and one lead with everything that was tried.

use super::{Named, OrganizationName, Outcome, Pager, Total, Why};
use jiff::{Timestamp, tz::TimeZone};

/// A page of leads. `Row` is [`LeadRow`] for a client, [`OperatorLeadRow`] for the agency.
#[derive(Debug, Clone)]
pub struct Leads<Row> {
    /// `q=`: name or phone, empty if none.
    pub q: String,
    /// `state=`.
    pub tab: LeadTab,
    /// Whether words can be searched for here; if not, the field is not drawn.
    pub is_searchable: bool,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub total: Total,
    /// False where there never was a lead.
    pub has_any: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeadTab {
    #[default]
    All,
    ToCall,
    Reached,
    NotReached,
    DoNotCall,
}

impl LeadTab {
    pub const ALL: [LeadTab; 5] =
        [LeadTab::All, LeadTab::ToCall, LeadTab::Reached, LeadTab::NotReached, LeadTab::DoNotCall];

    pub fn name(self) -> &'static str {
        match self {
            LeadTab::All => "all",
            LeadTab::ToCall => "to_call",
            LeadTab::Reached => "reached",
            LeadTab::NotReached => "not_reached",
            LeadTab::DoNotCall => "do_not_call",
        }
    }

    pub fn from_name(name: &str) -> Option<LeadTab> {
        LeadTab::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

#[derive(Debug, Clone)]
pub struct LeadRow {
    pub id: String,
    pub name: String,
    /// In E.164.
    pub phone: String,
    pub zone: TimeZone,
    pub state: LeadState,
    pub calls: u32,
    pub last_call: Option<(Outcome, Timestamp)>,
    pub next_attempt_at: Option<Timestamp>,
}

/// How a lead stands, over all its campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadState {
    /// In no campaign that runs.
    Idle,
    /// Enrolled, to be called.
    ToCall,
    OnTheLine,
    Reached,
    /// Every attempt is used up.
    Exhausted,
    DoNotCall,
}

#[derive(Debug, Clone)]
pub struct OperatorLeadRow {
    pub lead: LeadRow,
    pub organization: OrganizationName,
}

/// One lead. Agency and client see the same.
#[derive(Debug, Clone)]
pub struct LeadDetail {
    pub row: LeadRow,
    pub added_at: Timestamp,
    /// "Imported from recall.csv, line 14".
    pub source: Option<String>,
    /// Extra columns of the import, which the agent can use: name and value.
    pub variables: Vec<(String, String)>,
    /// Why it is or is not called now.
    pub why: Why,
    pub dnc: LeadDnc,
    pub enrollments: Vec<EnrollmentRow>,
    /// Attempts and calls, newest first.
    pub timeline: Vec<LeadStep>,
}

/// Whose do-not-call list the lead's phone is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadDnc {
    No,
    OfOrganization,
    /// An organization cannot change that one.
    OfAgency,
}

/// A lead's place in a campaign.
#[derive(Debug, Clone)]
pub struct EnrollmentRow {
    pub campaign: Named,
    /// "To be called", "Reached", "Exhausted", "Excluded: on the do-not-call list".
    pub standing: String,
    pub attempts: u32,
    pub attempts_max: u32,
}

#[derive(Debug, Clone)]
pub struct LeadStep {
    pub at: Timestamp,
    pub what: LeadStepKind,
    pub campaign: Option<String>,
}

#[derive(Debug, Clone)]
pub enum LeadStepKind {
    /// A call that ended or goes on.
    Call { id: String, state: super::CallState, seconds: Option<u32>, how_it_ended: Option<String> },
    /// An attempt without a call: planned, deferred, refused, released, unknown, held. A sentence.
    Attempt { text: String },
    /// Anything else in a sentence: added, enrolled, put on the do-not-call list.
    Note { text: String },
}
