//! What keeps the protocol's promise, each by name, so that `make mutants` can take it away and see a test object.
//!
//! In the program [`off`] is a constant `false` and costs nothing. With the feature `mutants`, which only the simulation
//! is built with, one of them at a time can be switched off.

crate::domain::text_enum::text_enum! {
    /// A protection; its text is the mistake that it prevents.
    pub enum Protection ("protection") {
        /// A request is written once: no client retries it.
        OneRequest = "retry_5xx",
        /// An attempt whose sender is silent is asked about, not queued again.
        SilentSenderIsUnknown = "rescue_requeues",
        /// Absence is judged after every request has arrived or died, and by two listings.
        Settle = "no_settle",
        /// The point of no return is committed before the first byte.
        CommitBeforeWrite = "post_before_commit",
        /// State, fence and lease are asked again in the point of no return.
        CompareAndSet = "no_cas",
        UnknownCommitDoesNotSend = "t2_err_is_ok",
        /// A 5xx says neither yes nor no.
        OddAnswerIsUnknown = "http5xx_definite",
        FailedListingSaysNothing = "list_error_empty",
        /// A listing is read to its end.
        WholeListing = "first_page_only",
        /// What took too long since the commit is not written, nor on a connection that has closed.
        SendBudget = "late_write",
        /// Decisions follow the database's clock.
        DatabaseClock = "worker_clock",
        /// Nothing is dialed on a server that acknowledges what it may lose.
        DurableCommits = "async_commit",
        /// One open attempt per phone.
        OneOpenAttemptPerPhone = "no_phone_unique",
        /// What limits is read and counted in one transaction, under the organization's lock.
        CountInTheClaim = "limit_two_txn",
        MatchByMarker = "match_by_phone",
        /// A call only moves forward.
        CallsMoveForward = "last_writer_wins",
        CommitBeforeAnswer = "ack_before_commit",
        SilentCallsAreAskedAbout = "webhooks_only",
        /// Calling hours at the claim, and the end of hours and day at the send.
        Window = "no_window",
        DncAtTheSend = "dnc_at_claim_only",
        /// What was counted stays counted when a listing shows no call.
        AbsenceKeepsTheUnit = "refund_unknown",
    }
}

#[cfg(not(feature = "mutants"))]
#[inline]
pub const fn off(_: Protection) -> bool {
    false
}

#[cfg(feature = "mutants")]
pub use switched::{off, switch_off};

#[cfg(feature = "mutants")]
mod switched {
    use super::Protection;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// The place of the one that is off, counted from 1; 0: none is.
    static OFF: AtomicUsize = AtomicUsize::new(0);

    fn place(protection: Protection) -> usize {
        Protection::ALL.iter().position(|one| *one == protection).map_or(0, |place| place + 1)
    }

    /// Whether the protection is switched off.
    pub fn off(protection: Protection) -> bool {
        let off = OFF.load(Ordering::Relaxed);
        off != 0 && off == place(protection)
    }

    /// Switches one off, and the one before on again; `None`: all are on.
    pub fn switch_off(protection: Option<Protection>) {
        OFF.store(protection.map_or(0, place), Ordering::Relaxed);
    }
}
