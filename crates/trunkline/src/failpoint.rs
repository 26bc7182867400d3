//! Failpoints: places at which the kill harness lets a node die or stand still, each by its name.
//!
//! Without the feature `failpoints` they are nothing at all. With it, `TRUNKLINE_FAILPOINT` says what happens where:
//! `claim.committed=abort@3` kills the process when it comes there for the third time, as `kill -9` would, and `=pause`
//! stops it until somebody lets it go on. The crate `torture` visits every one of them.

/// Every point there is, in the order of an attempt's life. `every_failpoint_stands_once_in_the_sources` keeps it.
pub const POINTS: &[&str] = &[
    // T1, the claim.
    "claim.begun",
    "claim.locked",
    "claim.decided",
    "claim.reserved",
    "claim.counted",
    "claim.committed",
    // From the claim to the point of no return, T2.
    "send.begun",
    "send.prepared",
    "send.connected",
    "send.asked",
    "send.passing",
    "send.passed",
    // The request. Between the two it is on its way.
    "send.writing",
    "send.answered",
    // T3, the answer is written down.
    "settle.begun",
    "settle.locked",
    "settle.happened",
    "settle.accepted",
    "settle.refused",
    "settle.unknown",
    "settle.written",
    "settle.committed",
    // Each step of an attempt, whoever makes it.
    "step.written",
    "step.units",
    "step.lines",
    "step.followed",
    // What was not sent is given back.
    "release.begun",
    "release.written",
    "release.committed",
    "reaper.found",
    // A campaign's time comes.
    "start.begun",
    "start.written",
    "start.committed",
    // Asking about unknown attempts.
    "reconcile.due",
    "reconcile.silent_sender",
    "reconcile.listing",
    "reconcile.listed",
    "reconcile.kept",
    "reconcile.concluding",
    "reconcile.concluded",
    "reconcile.committed",
    // Calls that changed at the provider.
    "sweep.due",
    "sweep.listed",
    "sweep.keeping",
    "sweep.kept",
    "sweep.marked",
    // Webhooks.
    "intake.received",
    "intake.attributed",
    "intake.keeping",
    "intake.kept",
    "intake.answering",
    // Events and their effects.
    "apply.locked",
    "apply.attempt",
    "apply.opened",
    "apply.ended",
    "apply.reported",
    "apply.marked",
    "apply.committed",
    // A node that is told to stop.
    "drain.begun",
    "drain.served",
    "drain.looped",
    "drain.sent",
];

#[cfg(feature = "failpoints")]
macro_rules! failpoint {
    ($name:literal) => {
        $crate::failpoint::armed::reach($name)
    };
}
#[cfg(not(feature = "failpoints"))]
macro_rules! failpoint {
    ($name:literal) => {};
}

/// What a node does at a point. For the harness only.
#[cfg(feature = "failpoints")]
pub mod armed {
    use anyhow::{Context as _, bail};
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::collections::HashMap;
    use std::io::{Write as _, stderr};
    use std::sync::{Mutex, OnceLock, PoisonError};

    /// What begins a line of the log that tells of a point.
    pub const REACHED: &str = "failpoint reached: ";
    pub const STRUCK: &str = "failpoint struck: ";

    static PLAN: OnceLock<Plan> = OnceLock::new();
    static HITS: Mutex<Option<HashMap<&'static str, u32>>> = Mutex::new(None);

    #[derive(Debug)]
    struct Plan {
        point: String,
        signal: Signal,
        on_hit: u32,
    }

    /// Takes in what is to happen, such as `claim.committed=abort@3`; a second plan is an error.
    pub fn arm(plan: &str) -> anyhow::Result<()> {
        let plan = read(plan).with_context(|| format!("{plan:?} is no plan, such as claim.committed=abort@3"))?;
        PLAN.set(plan).ok().context("a plan is made once")
    }

    fn read(plan: &str) -> anyhow::Result<Plan> {
        let (point, what) = plan.split_once('=').context("it names no action")?;
        let (action, on_hit) = what.split_once('@').unwrap_or((what, "1"));
        let signal = match action {
            "abort" => Signal::SIGKILL,
            "pause" => Signal::SIGSTOP,
            _ => bail!("there is no such action"),
        };
        if !crate::failpoint::POINTS.contains(&point) {
            bail!("there is no such point");
        }
        Ok(Plan { point: point.to_owned(), signal, on_hit: on_hit.parse()? })
    }

    /// The process is at a point. The first time is told on stderr, and what is planned for it happens.
    pub fn reach(point: &'static str) {
        let hit = {
            let mut hits = HITS.lock().unwrap_or_else(PoisonError::into_inner);
            let hit = hits.get_or_insert_default().entry(point).or_default();
            *hit += 1;
            *hit
        };
        if hit == 1 {
            tell(REACHED, point);
        }
        if let Some(plan) = PLAN.get()
            && plan.point == point
            && plan.on_hit == hit
        {
            tell(STRUCK, point);
            // No destructor runs, as if the machine had lost its power.
            let _ = kill(Pid::this(), plan.signal);
        }
    }

    fn tell(what: &str, point: &str) {
        let _ = stderr().write_all(format!("{what}{point}\n").as_bytes());
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_plan_names_a_point_an_action_and_a_hit() {
            let plan = read("claim.committed=abort@3").unwrap();

            assert_eq!((plan.point.as_str(), plan.signal, plan.on_hit), ("claim.committed", Signal::SIGKILL, 3));
            assert_eq!(read("send.passed=pause").unwrap().signal, Signal::SIGSTOP);
            assert!(read("nowhere=abort").is_err());
            assert!(read("claim.committed=sing").is_err());
            assert!(read("claim.committed").is_err());
        }
    }
}
