//! Where an attempt stands, and how that changes.

use super::super::outcome::Outcome;
use super::super::status::{AttemptState, Disposition};
use jiff::{SignedDuration, Timestamp};

/// Where an attempt stands: the columns of its row that the protocol moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub state: AttemptState,
    pub sending_at: Option<Timestamp>,
    pub provider_call_id: Option<String>,
    /// When the reconciler looks at it next. Every state that waits for the provider has it.
    pub look_at: Option<Timestamp>,
    /// Complete listings without the call that count as proof, and when the last of them was made.
    pub looks: i32,
    pub looked_at: Option<Timestamp>,
    /// What came of it is written down, for its enrollment and its line too.
    pub settled_at: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    pub because: Option<String>,
    /// Proof that no phone rang: its counted call was given back.
    pub never_dialed: bool,
    /// When the provider was asked to drop its call, which had waited there for too long.
    pub dropped_at: Option<Timestamp>,
}

/// What a step changes: the standing as it is afterwards, and what goes with it in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub standing: Standing,
    pub units: Units,
    /// Gives back the line of organization and pool.
    pub frees_line: bool,
    pub follow: Follow,
    /// A person has to see it: a call after the end, or a second one.
    pub incident: Option<&'static str>,
}

/// What happens to the call that was counted for lead, number and organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    Keep,
    GiveBack,
    /// It was given back, and its phone rings after all.
    TakeAgain,
    /// A second one is counted: the phone rings once more for the same attempt.
    TakeAnother,
}

/// What becomes of the enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    Nothing,
    /// The same try again, from then on.
    Again(Timestamp),
    /// What the retry plan says after this outcome; `counts` if the phone may have rung.
    Plan {
        outcome: Outcome,
        counts: bool,
    },
    Finish(Disposition),
}

impl Standing {
    /// A change that touches nothing but the standing.
    pub(super) fn becomes(&self, state: AttemptState) -> Change {
        let standing = Self { state, ..self.clone() };
        Change { standing, units: Units::Keep, frees_line: false, follow: Follow::Nothing, incident: None }
    }

    /// The end of the attempt: its line is free.
    pub(super) fn closes(&self, state: AttemptState, because: &str, now: Timestamp) -> Change {
        let mut change = self.becomes(state);
        change.frees_line = true;
        change.standing.settled_at = Some(now);
        change.standing.because = Some(because.to_owned());
        change.standing.look_at = None;
        change
    }

    /// How long ago it was sent.
    pub(super) fn sent_before(&self, now: Timestamp) -> Option<SignedDuration> {
        self.sending_at.map(|at| now.duration_since(at))
    }
}

impl Change {
    /// No phone rang: the counted call goes back.
    pub(super) fn giving_back(mut self) -> Self {
        self.units = Units::GiveBack;
        self.standing.never_dialed = true;
        self
    }

    pub(super) fn followed_by(mut self, follow: Follow) -> Self {
        self.follow = follow;
        self
    }

    pub(super) fn looking_at(mut self, at: Timestamp, because: &str) -> Self {
        self.standing.look_at = Some(at);
        self.standing.because = Some(because.to_owned());
        self
    }
}
