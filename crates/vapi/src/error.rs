//! What a request can come to when it does not succeed: one variant for each thing a caller does differently.

use std::time::Duration;

use http::StatusCode;

use crate::Refusal;

/// Why a request to Vapi did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Vapi understood and said no (400, 401, 402, 403, 404, 422). Nothing happened.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// 429: too many requests with this key in this minute. Vapi's windows start with the UTC minute.
    #[error("vapi is limiting this key")]
    RateLimited {
        /// What the answer asked to wait, when it did; a date is taken relative to the answer's own `Date`.
        retry_after: Option<Duration>,
    },
    /// No usable answer came: what was asked for may or may not have happened.
    #[error("no usable answer from vapi: {0}")]
    Unknown(#[from] Unanswered),
}

impl Error {
    /// Whether Vapi says that the object does not exist. A call just created may still read so for a while.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == StatusCode::NOT_FOUND)
    }
}

/// What came instead of an answer. For the log: the caller treats all of them alike.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// Nothing came in the time allowed.
    #[error("it timed out")]
    TimedOut,
    /// The connection broke, or could not be made.
    #[error("the connection broke")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A status that says neither yes nor no.
    #[error("its status was {0}")]
    Status(StatusCode),
    /// A success whose body says something else, or breaks off.
    #[error("its body was {0}")]
    Unreadable(&'static str),
}
