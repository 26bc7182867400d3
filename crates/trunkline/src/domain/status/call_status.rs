//! The status of a call, which only ever goes forward.

use std::cmp::Ordering;

/// Where a call stands at the provider, in our words.
///
/// Reports of a call come late, twice and out of order. [`CallStatus::join`] takes the furthest, so every
/// order gives the same status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CallStatus {
    Queued,
    Ringing,
    InProgress,
    Forwarding,
    Ended,
    /// A status that this version does not know; it is shown, and moves nothing.
    Other(String),
}

impl CallStatus {
    pub fn parse(text: &str) -> Self {
        match text {
            "queued" => Self::Queued,
            "ringing" => Self::Ringing,
            "in_progress" => Self::InProgress,
            "forwarding" => Self::Forwarding,
            "ended" => Self::Ended,
            _ => Self::Other(text.to_owned()),
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in_progress",
            Self::Forwarding => "forwarding",
            Self::Ended => "ended",
            Self::Other(text) => text,
        }
    }

    /// How far the call has come; a call never goes back.
    pub fn rank(&self) -> i16 {
        match self {
            Self::Other(_) => 0,
            Self::Queued => 1,
            Self::Ringing => 2,
            Self::InProgress => 3,
            Self::Forwarding => 4,
            Self::Ended => 5,
        }
    }

    /// The further of two reports. Commutative, associative and idempotent.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match self.rank().cmp(&other.rank()).then_with(|| self.as_str().cmp(other.as_str())) {
            Ordering::Less => other,
            Ordering::Equal | Ordering::Greater => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_a_call_give_the_same_status_in_every_order() {
        let texts = ["queued", "ringing", "in_progress", "forwarding", "ended", "not_found", "scheduled"];
        let all = texts.map(CallStatus::parse);
        for a in &all {
            assert_eq!(a.clone().join(a.clone()), *a);
            for b in &all {
                assert_eq!(a.clone().join(b.clone()), b.clone().join(a.clone()));
                for c in &all {
                    let left = a.clone().join(b.clone()).join(c.clone());
                    assert_eq!(left, a.clone().join(b.clone().join(c.clone())));
                }
            }
        }
    }

    #[test]
    fn an_ended_call_stays_ended() {
        for text in ["ringing", "in_progress", "a word of next year"] {
            assert_eq!(CallStatus::Ended.join(CallStatus::parse(text)), CallStatus::Ended);
        }
    }
}
