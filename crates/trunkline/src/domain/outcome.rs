//! How a call ended, in our words, and what that says about whether a phone rang.

use super::text_enum::text_enum;

text_enum! {
    /// How a call ended.
    pub enum Outcome ("outcome") {
        /// A conversation took place.
        Answered = "answered",
        Voicemail = "voicemail",
        NoAnswer = "no_answer",
        Busy = "busy",
        /// The lead or their carrier turned the call away, or the number is not in service.
        Refused = "refused",
        /// It failed for a reason that is not the lead's.
        Failed = "failed",
    }
}

text_enum! {
    /// Why a call ended before it reached the phone network; one variant for each thing to be done about it.
    pub enum NeverDialed ("reason for not dialing") {
        /// The provider or a carrier had trouble: try again soon.
        ProviderTrouble = "provider_trouble",
        /// All lines of the provider's pool were in use.
        NoFreeLine = "no_free_line",
        /// The number called from has made its calls of the day.
        NumberSpent = "number_spent",
        /// The provider account may not call now: credit, a limit, a freeze.
        AccountBlocked = "account_blocked",
        /// The agent or the number called from is not set up right.
        SetupBroken = "setup_broken",
        /// The number called does not exist.
        BadNumber = "bad_number",
    }
}

/// What the end of a call proves about the lead's phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedAs {
    /// The phone rang.
    Rang(Outcome),
    /// Proof that it did not: the counted try is given back.
    NeverDialed(NeverDialed),
    /// It may have rung; the try stays counted.
    Maybe,
}

impl Outcome {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Answered => "Answered",
            Self::Voicemail => "Voicemail",
            Self::NoAnswer => "No answer",
            Self::Busy => "Busy",
            Self::Refused => "Refused",
            Self::Failed => "Failed",
        }
    }
}

impl EndedAs {
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Rang(outcome) => outcome,
            Self::NeverDialed(NeverDialed::BadNumber) => Outcome::Refused,
            Self::NeverDialed(
                NeverDialed::ProviderTrouble
                | NeverDialed::NoFreeLine
                | NeverDialed::NumberSpent
                | NeverDialed::AccountBlocked
                | NeverDialed::SetupBroken,
            )
            | Self::Maybe => Outcome::Failed,
        }
    }

    /// The class as kept in a table: `rang`, `never_dialed` or `maybe`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rang(_) => "rang",
            Self::NeverDialed(_) => "never_dialed",
            Self::Maybe => "maybe",
        }
    }

    /// Whether it is the provider's or our own matter alone: the lead's same try is planned again, and is not a failure of
    /// it. What is to blame is held back elsewhere.
    pub const fn says_nothing_of_the_lead(self) -> bool {
        use NeverDialed::{AccountBlocked, NoFreeLine, NumberSpent};
        matches!(self, Self::NeverDialed(NoFreeLine | NumberSpent | AccountBlocked))
    }

    /// Whether the try is given back to the lead's limits.
    pub const fn gives_back_the_try(self) -> bool {
        matches!(self, Self::NeverDialed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_text_and_a_label() {
        let all: Vec<_> = Outcome::ALL.iter().map(|o| format!("{o}: {}", o.label())).collect();
        let expected = [
            "answered: Answered",
            "voicemail: Voicemail",
            "no_answer: No answer",
            "busy: Busy",
            "refused: Refused",
            "failed: Failed",
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_try_is_given_back_only_on_proof_that_no_phone_rang() {
        assert!(!EndedAs::Maybe.gives_back_the_try());
        for &outcome in Outcome::ALL {
            assert!(!EndedAs::Rang(outcome).gives_back_the_try(), "{outcome}");
        }
        for &cause in NeverDialed::ALL {
            assert!(EndedAs::NeverDialed(cause).gives_back_the_try(), "{cause}");
        }
    }

    #[test]
    fn a_number_that_does_not_exist_is_refused_and_other_trouble_is_failed() {
        assert_eq!(EndedAs::NeverDialed(NeverDialed::BadNumber).outcome(), Outcome::Refused);
        assert_eq!(EndedAs::NeverDialed(NeverDialed::AccountBlocked).outcome(), Outcome::Failed);
        assert_eq!(EndedAs::Maybe.outcome(), Outcome::Failed);
        assert_eq!(EndedAs::Rang(Outcome::Busy).outcome(), Outcome::Busy);
    }
}
