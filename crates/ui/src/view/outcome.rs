//! How a call stands or ended, and the colours such words are given.

/// The colour of a word. Colour repeats the word, it never replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Mute,
    Accent,
    Good,
    Warn,
    Bad,
    Plum,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Answered,
    Voicemail,
    NoAnswer,
    Busy,
    Refused,
    Failed,
}

impl Outcome {
    pub const ALL: [Outcome; 6] =
        [Outcome::Answered, Outcome::Voicemail, Outcome::NoAnswer, Outcome::Busy, Outcome::Refused, Outcome::Failed];

    /// The value of `outcome=` in an address, and the word in our tables.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Answered => "answered",
            Outcome::Voicemail => "voicemail",
            Outcome::NoAnswer => "no_answer",
            Outcome::Busy => "busy",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }

    pub fn from_name(name: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Where a call is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Accepted by the provider, does not ring yet.
    Queued,
    Ringing,
    Talking,
    Ended(Outcome),
}

/// Whether a call did what its agent is for, as far as the provider's analysis tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    Met,
    Missed,
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Outbound,
    Inbound,
}

impl Direction {
    pub const ALL: [Direction; 2] = [Direction::Outbound, Direction::Inbound];

    /// The value of `direction=` in an address, and the word in our tables.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Outbound => "outbound",
            Direction::Inbound => "inbound",
        }
    }

    pub fn from_name(name: &str) -> Option<Direction> {
        Direction::ALL.into_iter().find(|direction| direction.name() == name)
    }
}
