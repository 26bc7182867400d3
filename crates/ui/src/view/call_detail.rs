//! One call: transcript, recording, how it ended, cost and events.

use super::{CallRow, Named, OrganizationName};
use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;

/// A call as the agency sees it.
#[derive(Debug, Clone)]
pub struct OperatorCallDetail {
    pub call: CallDetail,
    pub organization: OrganizationName,
    pub provider_account: String,
    pub provider_call_id: Option<String>,
    /// The provider's own word for the end: `customer-ended-call`.
    pub ended_reason: Option<String>,
    /// `None` until the provider's report is here.
    pub cost: Option<Cost>,
    /// What the provider told, as received, oldest first.
    pub events: Vec<ProviderEvent>,
}

/// A call as everybody of its organization sees it.
#[derive(Debug, Clone)]
pub struct CallDetail {
    pub row: CallRow,
    pub lead: Option<Named>,
    pub campaign: Option<Named>,
    pub lead_zone: Option<TimeZone>,
    pub ended_at: Option<Timestamp>,
    /// How it ended in plain words, without a supplier's name: "The lead hung up". See [`crate::words::how_it_ended`].
    pub how_it_ended: Option<String>,
    pub summary: Option<String>,
    /// What the agent noted: name and value.
    pub fields: Vec<(String, String)>,
    pub transcript: Transcript,
    pub recording: Recording,
    /// How long the lead waited for each of the agent's answers, in milliseconds; may be empty.
    pub response_ms: Vec<u32>,
    /// What happened, oldest first, in our words.
    pub timeline: Vec<TimelineStep>,
    /// Calls beside this one in the list.
    pub newer_id: Option<String>,
    pub older_id: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Transcript {
    Turns(Vec<Turn>),
    /// The report has not come yet.
    Pending,
    /// There was nothing to write down.
    Nothing,
}

/// One thing in the conversation. `at` is in seconds from the beginning of the recording, if known.
#[derive(Debug, Clone)]
pub enum Turn {
    Agent { at: Option<u32>, text: String, response_ms: Option<u32> },
    Lead { at: Option<u32>, text: String },
    Tool { at: Option<u32>, name: String, result: String, took_ms: Option<u32> },
}

#[derive(Debug, Clone)]
pub enum Recording {
    /// To be had at `/o/{slug}/calls/{id}/recording`.
    Ready { seconds: u32, peaks: Option<Peaks> },
    /// The report has not come yet.
    Pending,
    /// Nobody picked up, so nothing was recorded.
    NotAnswered,
    /// The call was answered, but not recorded.
    NotRecorded,
    /// It was there once.
    Gone,
}

/// Loudness over time, 0 to 255, as many values for one voice as for the other.
#[derive(Debug, Clone)]
pub struct Peaks {
    pub agent: Vec<u8>,
    pub lead: Vec<u8>,
}

#[derive(Debug, Clone)]
pub struct Cost {
    pub total: Decimal,
    /// In the order to be shown. What is zero may be left out.
    pub parts: Vec<CostPart>,
}

#[derive(Debug, Clone)]
pub struct CostPart {
    /// "Platform", "Voice", "Model", "Telephony", "Transcriber", "Analysis".
    pub name: String,
    pub amount: Decimal,
}

#[derive(Debug, Clone)]
pub struct TimelineStep {
    pub at: Timestamp,
    pub title: String,
    pub detail: Option<String>,
}

/// A message of the provider about this call.
#[derive(Debug, Clone)]
pub struct ProviderEvent {
    pub received_at: Timestamp,
    /// The provider's word: `end-of-call-report`.
    pub kind: String,
    pub state: super::EventState,
}
