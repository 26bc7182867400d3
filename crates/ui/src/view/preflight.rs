//! A campaign before it starts.

use super::Named;
use jiff::Timestamp;

/// What was decided about each lead as if the campaign ran.
#[derive(Debug, Clone)]
pub struct Preflight {
    pub campaign: Named,
    /// It was started already.
    pub has_begun: bool,
    /// As of when: now, or when it is to begin.
    pub at: Timestamp,
    pub leads: u64,
    /// Those that would be called, `waiting_leads` among them.
    pub callable: u64,
    /// Those that would be called, but not at once.
    pub waiting_leads: u64,
    pub skipped: Vec<SkippedLeads>,
    /// Why some would wait at first, and how many.
    pub waiting: Vec<(String, u64)>,
    /// When the first may be called; `None` if none ever may.
    pub first_at: Option<Timestamp>,
    pub calls_per_day: Option<CallsPerDay>,
    /// Days that one call to each takes at least; `None` if no call fits into a day.
    pub days: Option<u64>,
    /// False if there are more leads than were looked at.
    pub is_whole: bool,
}

/// Leads that would never be called, for one reason.
#[derive(Debug, Clone)]
pub struct SkippedLeads {
    /// "The phone is on a do-not-call list".
    pub because: String,
    pub leads: u64,
    /// Some of them: name and phone.
    pub sample: Vec<Named>,
}

/// Calls that fit into a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallsPerDay {
    pub of_organization: u32,
    pub of_numbers: u32,
}
