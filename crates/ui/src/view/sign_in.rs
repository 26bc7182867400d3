//! Signing in, and what may go wrong on the way.

/// The page `/signin`.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// What was typed; the password never comes back.
    pub email: String,
    /// Where to go afterwards (`next=`), a path of ours.
    pub next: Option<String>,
    pub problem: Option<SignInProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// Email or password. It is never said which.
    Wrong,
    TooManyTries {
        wait_seconds: u32,
    },
    /// A one-time link that was used, is too old, or never was.
    LinkSpent,
    SessionOver,
}

/// Why a page cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    NotFound,
    Forbidden,
    /// Our own fault; the cause is in the log under the request's id.
    Internal,
}
