//! What evidence makes of a call in the ledger: what is known of it and what was told go in, what is to be written comes out.

use super::call_evidence::CallEvidence;
use super::ids::CallId;
use super::outcome::Outcome;
use super::status::CallStatus;

/// A call as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCall {
    pub id: CallId,
    /// Of its pool, beside those that attempts hold.
    pub holds_line: bool,
    pub status: CallStatus,
    /// Once it has ended.
    pub outcome: Option<Outcome>,
}

/// A call as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEntry {
    pub status: CallStatus,
    pub holds_line: bool,
    pub end: End,
    pub settles: Settles,
}

/// What was learned about the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Nothing,
    /// It is told for the first time. This one stays.
    First(Outcome),
    /// A conversation that only the report shows is not a failure.
    Corrected(Outcome),
}

/// What that is to the call's attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settles {
    Nothing,
    /// It ends with its call.
    Attempt,
    /// It was closed otherwise, and the lead was reached all the same.
    ReachedAfterAll,
}

impl CallEntry {
    /// `None` is a call that was not heard of before. A call that no attempt holds a line for takes one of the pool from
    /// its first sign to its end: an inbound call, one placed by hand, or one that came to light late.
    pub fn of(known: Option<&KnownCall>, evidence: &CallEvidence, attempt_has_line: bool) -> Self {
        let status = evidence.brings_forward(known.map_or(&CallStatus::Queued, |call| &call.status));
        let may_hold = known.is_none_or(|call| call.holds_line);
        let holds_line = may_hold && !evidence.is_over() && !attempt_has_line;
        let end = end(known, evidence);
        let settles = match (&evidence.ended, end) {
            // Also of an adopted attempt, whose call's end was told before.
            (Some(_), _) if attempt_has_line => Settles::Attempt,
            (_, End::First(Outcome::Answered) | End::Corrected(_)) => Settles::ReachedAfterAll,
            _ => Settles::Nothing,
        };
        Self { status, holds_line, end, settles }
    }

    /// Lines of the pool that it takes; negative if it gives one back.
    pub fn takes_lines(&self, known: Option<&KnownCall>) -> i32 {
        i32::from(self.holds_line) - i32::from(known.is_some_and(|call| call.holds_line))
    }

    /// As it is to be written; `None` leaves what is known.
    pub fn outcome(&self) -> Option<Outcome> {
        match self.end {
            End::Nothing => None,
            End::First(outcome) | End::Corrected(outcome) => Some(outcome),
        }
    }
}

fn end(known: Option<&KnownCall>, evidence: &CallEvidence) -> End {
    let Some(ended) = &evidence.ended else { return End::Nothing };
    let outcome = ended.ended_as.outcome();
    match known.and_then(|call| call.outcome) {
        None => End::First(outcome),
        Some(known) if outcome == Outcome::Answered && known != outcome => End::Corrected(outcome),
        Some(_) => End::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::super::call_evidence::{Consequence, Ended};
    use super::super::outcome::EndedAs;
    use super::*;

    fn told(status: CallStatus, ended_as: Option<EndedAs>) -> CallEvidence {
        let ended = |ended_as| Ended { reason: String::new(), ended_as, consequence: Consequence::Nothing };
        CallEvidence {
            provider_call_id: "call".to_owned(),
            attempt: None,
            direction: None,
            assistant_id: None,
            provider_number_id: None,
            phone: None,
            status: Some(status),
            placed_at: None,
            ended: ended_as.map(ended),
            report: None,
        }
    }

    fn known(holds_line: bool, outcome: Option<Outcome>) -> KnownCall {
        KnownCall { id: CallId::new(), holds_line, status: CallStatus::Ringing, outcome }
    }

    #[test]
    fn a_call_of_no_attempt_holds_a_line_from_its_first_sign_to_its_end() {
        let going = told(CallStatus::InProgress, None);
        let over = told(CallStatus::Ended, Some(EndedAs::Maybe));
        let lines =
            |known: Option<&KnownCall>, evidence, has_line| CallEntry::of(known, evidence, has_line).takes_lines(known);

        assert_eq!(lines(None, &going, false), 1);
        assert_eq!(lines(None, &going, true), 0);
        assert_eq!(lines(None, &over, false), 0);
        assert_eq!(lines(Some(&known(true, None)), &going, false), 0);
        assert_eq!(lines(Some(&known(true, None)), &going, true), -1, "its attempt came to light");
        assert_eq!(lines(Some(&known(true, None)), &over, false), -1);
        assert_eq!(lines(Some(&known(false, None)), &going, false), 0);
    }

    #[test]
    fn the_first_end_stays_unless_a_conversation_shows() {
        let answered = told(CallStatus::Ended, Some(EndedAs::Rang(Outcome::Answered)));
        let busy = told(CallStatus::Ended, Some(EndedAs::Rang(Outcome::Busy)));
        let of = |outcome, evidence, has_line| CallEntry::of(Some(&known(false, outcome)), evidence, has_line);

        let first = of(None, &busy, true);
        assert_eq!((first.end, first.settles), (End::First(Outcome::Busy), Settles::Attempt));
        let first = of(None, &answered, false);
        assert_eq!((first.end, first.settles), (End::First(Outcome::Answered), Settles::ReachedAfterAll));
        let second = of(Some(Outcome::Answered), &busy, false);
        assert_eq!((second.end, second.settles), (End::Nothing, Settles::Nothing));
        let corrected = of(Some(Outcome::Failed), &answered, false);
        assert_eq!((corrected.end, corrected.settles), (End::Corrected(Outcome::Answered), Settles::ReachedAfterAll));
        assert_eq!(of(Some(Outcome::Answered), &answered, false).settles, Settles::Nothing);
    }

    #[test]
    fn an_adopted_attempt_ends_with_a_call_whose_end_was_told_before() {
        let busy = told(CallStatus::Ended, Some(EndedAs::Rang(Outcome::Busy)));

        let entry = CallEntry::of(Some(&known(false, Some(Outcome::Busy))), &busy, true);

        assert_eq!((entry.end, entry.settles, entry.outcome()), (End::Nothing, Settles::Attempt, None));
    }
}
