//! What only a person can settle.

use super::OrganizationName;
use jiff::Timestamp;

/// The page "Needs a person". One group an organization; a client has one at most.
#[derive(Debug, Clone)]
pub struct Attention {
    pub groups: Vec<AttentionGroup>,
    /// There are more than are shown.
    pub is_cut: bool,
}

#[derive(Debug, Clone)]
pub struct AttentionGroup {
    pub organization: OrganizationName,
    pub held: Vec<HeldAttempt>,
    pub incidents: Vec<Incident>,
}

/// An attempt of which nobody knows whether the phone rang.
#[derive(Debug, Clone)]
pub struct HeldAttempt {
    pub attempt: OddAttempt,
    /// Complete answers of the provider that did not show the call.
    pub looks: u32,
    pub looked_at: Option<Timestamp>,
    /// The provider's call is known, and its end was never told.
    pub has_call: bool,
}

/// A call that should not have been.
#[derive(Debug, Clone)]
pub struct Incident {
    pub attempt: OddAttempt,
    pub kind: IncidentKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentKind {
    /// It came to light after the attempt was closed without a call.
    Late,
    /// A second call of one attempt.
    Second,
}

#[derive(Debug, Clone)]
pub struct OddAttempt {
    pub id: String,
    pub lead_id: String,
    pub lead: String,
    /// In E.164.
    pub phone: String,
    pub campaign_id: String,
    pub campaign: String,
    pub sent_at: Option<Timestamp>,
    pub because: Option<String>,
}
