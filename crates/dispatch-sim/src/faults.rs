//! What goes wrong in one run. A swarm: each fault is absent in part of the runs, or they would drown each other.

use jiff::SignedDuration;
use rand::Rng;
use rand::rngs::StdRng;
use trunkline::domain::protocol::protections::{Protection, off};

/// Probabilities of one thing going wrong at one opportunity, and properties of the whole run.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    pub(crate) request_lost: f64,
    pub(crate) answer_lost: f64,
    pub(crate) answer_slow: f64,
    /// The request is under way for up to half a minute.
    pub(crate) request_late: f64,
    pub(crate) refused_lead: f64,
    pub(crate) refused_other: f64,
    pub(crate) rate_limited: f64,
    pub(crate) failed_before: f64,
    pub(crate) failed_after: f64,
    pub(crate) not_connected: f64,
    pub(crate) page_failed: f64,
    pub(crate) webhook_lost: f64,
    pub(crate) webhook_twice: f64,
    /// The transaction was not committed, and nobody knows it.
    pub(crate) commit_lost: f64,
    /// The transaction was committed, and nobody knows it.
    pub(crate) answer_of_commit_lost: f64,
    pub(crate) killed: f64,
    pub(crate) paused: f64,
    pub(crate) database_crash: f64,
    /// The server acknowledges commits that it may lose.
    pub(crate) forgetful: bool,
    /// How far a worker's own clock may be off.
    pub(crate) clock_skew: SignedDuration,
    /// The listing shows calls up to hours late: what the protocol assumes does not hold.
    pub(crate) listing_is_late: bool,
    /// Other programs place calls with the same account.
    pub(crate) foreign_calls: bool,
    pub(crate) webhook_retries: u32,
}

impl Faults {
    pub(crate) fn draw(rng: &mut StdRng) -> Self {
        let mut chance =
            |present: f64, max: f64| if rng.random_bool(present) { rng.random_range(0.005..max) } else { 0.0 };
        let mut faults = Self {
            request_lost: chance(0.6, 0.12),
            answer_lost: chance(0.6, 0.3),
            answer_slow: chance(0.5, 0.1),
            request_late: chance(0.5, 0.3),
            refused_lead: chance(0.2, 0.03),
            refused_other: chance(0.3, 0.06),
            rate_limited: chance(0.4, 0.2),
            failed_before: chance(0.5, 0.1),
            failed_after: chance(0.5, 0.3),
            not_connected: chance(0.4, 0.08),
            page_failed: chance(0.5, 0.5),
            webhook_lost: chance(0.6, 0.5),
            webhook_twice: chance(0.6, 0.4),
            commit_lost: chance(0.5, 0.04),
            answer_of_commit_lost: chance(0.5, 0.04),
            killed: chance(0.6, 0.06),
            paused: chance(0.5, 0.06),
            database_crash: chance(0.4, 0.02),
            forgetful: false,
            clock_skew: SignedDuration::ZERO,
            listing_is_late: off(Protection::AbsenceKeepsTheUnit),
            foreign_calls: rng.random_bool(0.5),
            webhook_retries: rng.random_range(0..4),
        };
        faults.forgetful = rng.random_bool(0.02) || off(Protection::DurableCommits);
        if rng.random_bool(0.5) || off(Protection::DatabaseClock) {
            faults.clock_skew = SignedDuration::from_secs(rng.random_range(60..20 * 60));
        }
        faults
    }
}
