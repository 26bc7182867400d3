//! What a message of a provider proves about a call, in our words.
//!
//! Messages come late, twice and in any order. Evidence is joined to what is known: the status only moves forward, the
//! first non-empty fact stays, and a report replaces the texts of an earlier one. Any order gives the same call.

use super::conversation::Turn;
use super::ids::{AttemptId, OrganizationId, ProviderAccountId};
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

/// Evidence, of whose call it is and which account told it.
#[derive(Debug, Clone)]
pub struct Told {
    pub organization: OrganizationId,
    pub account: ProviderAccountId,
    pub evidence: CallEvidence,
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

    /// Takes in what the next message proves about the same call, as if both had been one. Gives it back if it has to be
    /// taken in by itself: an end has effects, which come before anything else; and of two names for one thing, the ledger
    /// may know only the second.
    pub fn absorb(&mut self, next: Self) -> Option<Self> {
        let agrees = agree(self.attempt.as_ref(), next.attempt.as_ref())
            && agree(self.assistant_id.as_ref(), next.assistant_id.as_ref())
            && agree(self.provider_number_id.as_ref(), next.provider_number_id.as_ref())
            && agree(self.phone.as_ref(), next.phone.as_ref());
        if self.ended.is_some() || self.report.is_some() || !agrees {
            return Some(next);
        }
        self.status = match &self.status {
            Some(known) => Some(next.brings_forward(known)),
            None => next.status,
        };
        self.attempt = self.attempt.or(next.attempt);
        self.direction = self.direction.or(next.direction);
        self.assistant_id = self.assistant_id.take().or(next.assistant_id);
        self.provider_number_id = self.provider_number_id.take().or(next.provider_number_id);
        self.phone = self.phone.take().or(next.phone);
        self.placed_at = self.placed_at.into_iter().chain(next.placed_at).min();
        self.ended = next.ended;
        self.report = next.report;
        None
    }

    /// The call is known to be over.
    pub fn is_over(&self) -> bool {
        self.ended.is_some() || self.status == Some(CallStatus::Ended)
    }
}

fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none() || other.is_none() || one == other
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

#[cfg(test)]
mod tests {
    use super::super::outcome::Outcome;
    use super::*;

    fn told(status: CallStatus) -> CallEvidence {
        CallEvidence {
            provider_call_id: "call".to_owned(),
            attempt: None,
            direction: None,
            assistant_id: None,
            provider_number_id: None,
            phone: None,
            status: Some(status),
            placed_at: None,
            ended: None,
            report: None,
        }
    }

    fn over() -> CallEvidence {
        let reason = "customer-busy".to_owned();
        let ended = Ended { reason, ended_as: EndedAs::Rang(Outcome::Busy), consequence: Consequence::Nothing };
        CallEvidence { ended: Some(ended), ..told(CallStatus::Ended) }
    }

    #[test]
    fn what_is_told_up_to_the_end_is_one() {
        let mut evidence = told(CallStatus::InProgress);
        let second = CallEvidence { phone: Some("+12125550146".to_owned()), ..told(CallStatus::Ringing) };

        assert!(evidence.absorb(second).is_none());
        assert_eq!(evidence.status, Some(CallStatus::InProgress));
        assert_eq!(evidence.phone.as_deref(), Some("+12125550146"));
        assert!(evidence.absorb(over()).is_none());
        assert!(evidence.is_over());
        assert!(evidence.absorb(told(CallStatus::Queued)).is_some(), "after an end each is by itself");
    }

    #[test]
    fn two_names_for_one_thing_are_taken_in_one_after_the_other() {
        let named = |name: &str| CallEvidence { assistant_id: Some(name.to_owned()), ..told(CallStatus::Queued) };
        let mut evidence = named("one");

        assert!(evidence.absorb(named("one")).is_none());
        assert!(evidence.absorb(named("another")).is_some());
    }
}
