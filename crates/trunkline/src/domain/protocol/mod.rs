//! The dispatch protocol: at most once to the phone, and nothing lost. Pure: what happens goes in, what is to be written
//! comes out. Dialer, intake and the simulation of `dispatch-sim` run these same functions.
//!
//! - [`Sending`] is the order of one send: connect, pass the point of no return, write once, record.
//! - [`may_send`] is what the point of no return asks.
//! - [`step()`] is what an attempt becomes when something happens to it.
//! - [`next_adoption`] is what has to be listed before a restored database is dialed from.
//! - [`protections`] names what keeps the promise, so that a test can take each away and see it broken.

pub mod protections;
mod quarantine;
mod sending;
mod standing;
mod step;
#[cfg(test)]
mod tests;
mod timing;

pub use quarantine::{Adoption, next_adoption};
pub use sending::{Commit, Do, Reply, SendFacts, Sending, Withdrawn, may_send};
pub use standing::{Change, Follow, Standing, Units};
pub use step::{Answer, Happening, Seen, Unsent, Verdict, step};
pub use timing::{Moment, SEND_BUDGET, Timing};

use super::ids::AttemptId;
use jiff::Timestamp;
use protections::{Protection, off};

/// Whether a call that the provider lists is the attempt's own: by the marker that its request carried, in its name or in
/// its metadata. Its phone, number and time prove nothing: others call the same phone.
pub fn is_marked(attempt: AttemptId, name: Option<&str>, metadata: Option<&str>) -> bool {
    let marker = attempt.to_string();
    name == Some(marker.as_str()) || metadata == Some(marker.as_str()) || off(Protection::MatchByMarker)
}

/// Whether a message may be answered as kept: only after its commit was acknowledged.
pub fn may_acknowledge(commit: Commit) -> bool {
    commit == Commit::Acknowledged || off(Protection::CommitBeforeAnswer)
}

/// The time that decisions follow, where the database's clock and this machine's differ.
pub fn decision_time(database: Timestamp, machine: Timestamp) -> Timestamp {
    if off(Protection::DatabaseClock) { machine } else { database }
}

/// Whether Postgres keeps what it has acknowledged: `fsync`, `full_page_writes` and `synchronous_commit` are all on. On
/// another, the point of no return may be forgotten after a request was written, so nothing is dialed.
pub fn may_dial_on(keeps_what_it_acknowledges: bool) -> bool {
    keeps_what_it_acknowledges || off(Protection::DurableCommits)
}
