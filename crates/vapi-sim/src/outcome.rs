//! What becomes of a call: scripted for a phone, or drawn from the seed in a realistic mix.

use crate::Scene;
use crate::chance::Chance;

/// What becomes of one call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A person picks up and talks.
    Answered {
        /// The conversation; `None` draws one that suits the assistant.
        scene: Option<Scene>,
        /// Length of the talk; `None` leaves it to the words.
        talk_seconds: Option<f64>,
    },
    /// A voicemail box picks up. It ends as `voicemail` only if the assistant detects voicemail.
    Voicemail,
    /// It rings out: `customer-did-not-answer`.
    NoAnswer,
    /// Busy tone: `customer-busy`.
    Busy,
    /// The carrier or the person rejects the call.
    Rejected,
    /// The number does not exist; nothing rings.
    BadNumber,
    /// The call ends with this `endedReason`.
    Fault {
        /// Vapi's `endedReason`.
        reason: String,
        /// Whether the phone rings first.
        rings: bool,
    },
    /// Somebody picks up, and the call then breaks with this `endedReason`.
    FaultAfterAnswer {
        /// Vapi's `endedReason`.
        reason: String,
    },
}

/// Reasons of the rare calls that fail at the carrier or inside Vapi.
/// With each: whether the phone rings first.
const FAULTS: [(&str, bool); 4] = [
    ("call.in-progress.error-providerfault-outbound-sip-503-service-unavailable", false),
    ("twilio-failed-to-connect-call", false),
    ("call.in-progress.error-vapifault-worker-died", true),
    ("call.start.error-vapifault-get-org", false),
];

/// Share of phones that lead nowhere, whenever they are called.
const BAD_NUMBER_SHARE: f64 = 0.015;

#[derive(Clone, Copy)]
enum Mix {
    Answered,
    Voicemail,
    NoAnswer,
    Busy,
    Rejected,
    Fault,
}

/// Shares of a hundred calls to people who were not waiting for one.
const MIX: [(Mix, f64); 6] = [
    (Mix::Answered, 38.0),
    (Mix::Voicemail, 22.0),
    (Mix::NoAnswer, 28.0),
    (Mix::Busy, 7.0),
    (Mix::Rejected, 2.0),
    (Mix::Fault, 1.5),
];

impl Outcome {
    /// A person picks up; the rest is left to chance.
    pub fn answered() -> Self {
        Self::Answered { scene: None, talk_seconds: None }
    }

    /// A person picks up and plays this scene.
    pub fn scene(scene: Scene) -> Self {
        Self::Answered { scene: Some(scene), talk_seconds: None }
    }

    /// A call that ends for `reason` without a ring.
    pub fn fault(reason: &str) -> Self {
        Self::Fault { reason: reason.to_owned(), rings: false }
    }

    /// What becomes of the `call_number`-th call to `phone`: follows from the seed alone.
    pub(crate) fn drawn(seed: u64, phone: &str, call_number: u32) -> Self {
        if Chance::of(seed, &[b"phone", phone.as_bytes()]).happens(BAD_NUMBER_SHARE) {
            return Self::BadNumber;
        }
        let mut chance = Chance::of(seed, &[b"outcome", phone.as_bytes(), &call_number.to_be_bytes()]);
        match chance.weigh(&MIX) {
            Mix::Answered => Self::answered(),
            Mix::Voicemail => Self::Voicemail,
            Mix::NoAnswer => Self::NoAnswer,
            Mix::Busy => Self::Busy,
            Mix::Rejected => Self::Rejected,
            Mix::Fault => {
                let (reason, rings) = *chance.pick(&FAULTS);
                Self::Fault { reason: reason.to_owned(), rings }
            }
        }
    }
}
