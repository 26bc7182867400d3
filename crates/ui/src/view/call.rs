//! The list of calls.

use super::{CallState, Choice, Direction, Goal, HourVolume, OrganizationName, Outcome, Pager, Total, When};
use jiff::Timestamp;
use rust_decimal::Decimal;

/// A page of calls, newest first. `Row` and `Peek` are [`CallRow`] and [`super::CallDetail`] for a client,
/// [`OperatorCallRow`] and [`super::OperatorCallDetail`] for the agency.
#[derive(Debug, Clone)]
pub struct Calls<Row, Peek> {
    pub filter: CallFilter,
    /// Campaigns to filter by; none where the list is over all organizations.
    pub campaigns: Vec<Choice>,
    /// Agents to filter by; none where the list is over all organizations.
    pub agents: Vec<Choice>,
    /// Whether words can be searched for here; if not, the field is not drawn.
    pub is_searchable: bool,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub total: Total,
    /// Calls over the filtered time, oldest first; none is not drawn.
    pub volume: Vec<HourVolume>,
    /// False where no call was ever made here: then the page says how calls come to be.
    pub has_any: bool,
    /// The call that is open beside the list (`peek=` in the address).
    pub peek: Option<Peek>,
}

/// The filters of the list, as they stand in the address.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// `q=`: name or phone, empty if none.
    pub q: String,
    /// `outcome=`.
    pub outcome: Option<Outcome>,
    /// `when=`.
    pub when: When,
    /// `campaign=`: an id.
    pub campaign: Option<String>,
    /// `agent=`: an id.
    pub agent: Option<String>,
    /// `direction=`.
    pub direction: Option<Direction>,
    /// `length=`.
    pub length: Option<CallLength>,
    /// Keys of the address that mean nothing here; the page says that they were ignored.
    pub ignored: Vec<String>,
}

/// How long a call lasted; the value of `length=` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallLength {
    UnderTenSeconds,
    UnderOneMinute,
    UnderFiveMinutes,
    Longer,
}

impl CallLength {
    pub const ALL: [CallLength; 4] =
        [CallLength::UnderTenSeconds, CallLength::UnderOneMinute, CallLength::UnderFiveMinutes, CallLength::Longer];

    pub fn name(self) -> &'static str {
        match self {
            CallLength::UnderTenSeconds => "0-10s",
            CallLength::UnderOneMinute => "10-60s",
            CallLength::UnderFiveMinutes => "1-5m",
            CallLength::Longer => "5m",
        }
    }

    pub fn from_name(name: &str) -> Option<CallLength> {
        CallLength::ALL.into_iter().find(|length| length.name() == name)
    }

    /// From how many seconds, and below how many if there is an end.
    pub fn seconds(self) -> (u32, Option<u32>) {
        match self {
            CallLength::UnderTenSeconds => (0, Some(10)),
            CallLength::UnderOneMinute => (10, Some(60)),
            CallLength::UnderFiveMinutes => (60, Some(300)),
            CallLength::Longer => (300, None),
        }
    }
}

#[derive(Debug, Clone)]
pub struct CallRow {
    pub id: String,
    pub lead: String,
    /// The other phone, in E.164.
    pub phone: String,
    pub direction: Direction,
    pub state: CallState,
    pub goal: Goal,
    pub campaign: Option<String>,
    pub agent: String,
    pub started_at: Timestamp,
    /// `None` while the call goes on.
    pub seconds: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct OperatorCallRow {
    pub call: CallRow,
    pub organization: OrganizationName,
    /// `None` until the provider's report is here.
    pub cost: Option<Decimal>,
}
