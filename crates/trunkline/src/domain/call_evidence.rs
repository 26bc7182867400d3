//! What a message of a provider proves about a call, in our words.
//!
//! Messages come late, twice and in any order. Evidence is joined to what is known: the status only moves forward, the
//! first non-empty fact stays, and a report replaces the texts of an earlier one. Any order gives the same call.

use super::conversation::Turn;
use super::ids::AttemptId;
use super::outcome::EndedAs;
use super::protocol::protections::{Protection, off};
use super::status::CallStatus;
use super::text_enum::text_enum;
use jiff::Timestamp;
use rust_decimal::Decimal;

text_enum! {
    /// Who rang whom.
    pub enum Direction ("direction") {
        Outbound = "outbound",
        Inbound = "inbound",
        Web = "web",
    }
}

#[derive(Debug, Clone)]
pub struct CallEvidence {
    pub provider_call_id: String,
    /// The attempt whose marker the call carries.
    pub attempt: Option<AttemptId>,
    pub direction: Option<Direction>,
    pub assistant_id: Option<String>,
    pub provider_number_id: Option<String>,
    /// The other side's phone, as the provider writes it.
    pub phone: Option<String>,
    pub status: Option<CallStatus>,
    pub placed_at: Option<Timestamp>,
    pub ended: Option<Ended>,
    pub report: Option<Report>,
}

impl CallEvidence {
    /// The status of a call that stood at `known`, after this was told.
    pub fn brings_forward(&self, known: &CallStatus) -> CallStatus {
        match &self.status {
            Some(told) if off(Protection::CallsMoveForward) => told.clone(),
            Some(told) => known.clone().join(told.clone()),
            None => known.clone(),
        }
    }
}

/// The end of a call.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The provider's own word, kept as it is.
    pub reason: String,
    pub ended_as: EndedAs,
    /// What else the reason asks for.
    pub consequence: Consequence,
}

/// What an end says about more than its call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    Nothing,
    /// The provider has no free line.
    CoolPool,
    /// The number may make no more calls today, or none of this kind.
    RestNumber,
    /// The account may make no calls: credit or standing.
    PauseAccount,
    /// The agent is set up wrongly: each of its calls would end so.
    PauseCampaign,
}

/// All that is told after a call.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub duration_ms: Option<i64>,
    /// US dollars.
    pub cost: Option<Decimal>,
    /// Cost by part, in the provider's names: `vapi`, `tts`, `llm`, `stt`, `transport`…
    pub cost_parts: Vec<(String, Decimal)>,
    pub transcript: Option<String>,
    pub turns: Vec<Turn>,
    pub summary: Option<String>,
    pub success: Option<String>,
    pub structured_data: serde_json::Value,
    pub recording_url: Option<String>,
    /// False for what is told while analysis still runs.
    pub is_whole: bool,
}
