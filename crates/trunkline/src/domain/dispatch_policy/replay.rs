//! Deciding again what was decided once.

use super::{Decision, Facts, RULES_VERSION, decide};
use serde::{Deserialize, Serialize};

/// A decision as it was made, with all that it looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDecision {
    pub rules_version: i32,
    pub facts: Facts<'static>,
    pub decision: Decision,
}

/// What comes of deciding again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    Same,
    /// By the rules of the same version: then the rules have changed without their version, or the facts are not all.
    Otherwise(Decision),
    /// It was decided by rules of another version, which this program does not have.
    OtherRules,
}

/// Decides again from the facts that were kept.
pub fn replay(kept: &KeptDecision) -> Replay {
    if kept.rules_version != RULES_VERSION {
        return Replay::OtherRules;
    }
    let again = decide(&kept.facts);
    if again == kept.decision { Replay::Same } else { Replay::Otherwise(again) }
}
