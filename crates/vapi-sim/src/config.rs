//! What a simulator is started with.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::Knobs;

/// Where the simulator reads the time. Nothing in this crate reads it elsewhere.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Lines of a subscription nobody spoke of, as Vapi gives them.
pub const LINES_MAX_DEFAULT: u32 = 10;
/// Entries the journal keeps by default; older ones are dropped and counted.
pub const JOURNAL_ENTRIES_MAX: usize = 2_000_000;
/// Calls kept by default; the oldest that have ended are forgotten first.
pub const CALLS_MAX: usize = 500_000;

/// What a [`crate::Simulator`] is started with.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Everything left to chance follows from this number.
    pub seed: u64,
    /// The only source of time.
    pub clock: Clock,
    /// True: a task processes what is due every 10 ms of real time. False: only `settle` does.
    pub auto_run: bool,
    /// Bad days to begin with.
    pub knobs: Knobs,
    /// Lines of a subscription that was not added by `add_subscription`.
    pub lines_max: u32,
    /// Entries kept by the journal.
    pub journal_entries_max: usize,
    /// Calls kept in memory.
    pub calls_max: usize,
    /// What recording and control URLs begin with; the bound address when `None`.
    pub public_url: Option<String>,
}

impl SimulatorConfig {
    /// A simulator on any port that moves only when told to, without bad days.
    pub fn new(clock: Clock) -> Self {
        Self {
            port: 0,
            seed: 1,
            clock,
            auto_run: false,
            knobs: Knobs::default(),
            lines_max: LINES_MAX_DEFAULT,
            journal_entries_max: JOURNAL_ENTRIES_MAX,
            calls_max: CALLS_MAX,
            public_url: None,
        }
    }
}

impl fmt::Debug for SimulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorConfig")
            .field("port", &self.port)
            .field("seed", &self.seed)
            .field("auto_run", &self.auto_run)
            .field("knobs", &self.knobs)
            .finish_non_exhaustive()
    }
}
