//! The time. Only this file reads it; everything else takes `now` as an argument.
//!
//! In production the time is the database's: worker clocks differ, and a decision must not depend on which worker takes
//! it. The offset is measured by [`Clock::follow`], and [`Clock::is_trusted`] says whether dialing may rely on it.

use crate::domain::protocol::decision_time;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// A measurement of the database's clock counts for this long.
const TRUST: SignedDuration = SignedDuration::from_mins(5);
/// A round trip that took longer says too little about the database's clock.
const ROUND_TRIP_MAX: SignedDuration = SignedDuration::from_secs(2);

#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// This machine's time, corrected by what the database's clock says.
    Database { offset_micros: AtomicI64, measured_micros: AtomicI64 },
    /// A make-believe time that runs `speed` times as fast, from `start` on.
    Fast { start: Timestamp, began: Instant, speed: u32 },
    /// Stands still until a test moves it.
    Manual { micros: AtomicI64 },
}

impl Clock {
    /// Not trusted until [`Clock::follow`] has been given a measurement.
    pub fn database() -> Self {
        Self(Arc::new(Kind::Database { offset_micros: AtomicI64::new(0), measured_micros: AtomicI64::new(i64::MIN) }))
    }

    pub fn fast(start: Timestamp, speed: u32) -> Self {
        Self(Arc::new(Kind::Fast { start, began: Instant::now(), speed }))
    }

    /// A fast clock that several processes share, as `SPEED,WHAT IT SHOWED,WHEN BY THE MACHINE'S CLOCK`.
    #[cfg(feature = "failpoints")]
    pub fn shared(text: &str) -> anyhow::Result<Self> {
        use anyhow::Context as _;
        let mut parts = text.split(',');
        let mut next = || parts.next().context("a shared clock is SPEED,SHOWN,AT");
        let (speed, shown, at): (u32, Timestamp, Timestamp) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
        let since = machine_micros() - at.as_microsecond();
        Ok(Self::fast(from_micros(shown.as_microsecond() + since.saturating_mul(i64::from(speed))), speed))
    }

    pub fn manual(start: Timestamp) -> Self {
        Self(Arc::new(Kind::Manual { micros: AtomicI64::new(start.as_microsecond()) }))
    }

    /// The time, in whole microseconds as Postgres keeps it.
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Kind::Database { offset_micros, .. } => {
                let machine = machine_micros();
                let database = machine + offset_micros.load(Ordering::Relaxed);
                decision_time(from_micros(database), from_micros(machine))
            }
            Kind::Fast { start, began, speed } => {
                let elapsed = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
                from_micros(start.as_microsecond().saturating_add(elapsed.saturating_mul(i64::from(*speed))))
            }
            Kind::Manual { micros } => from_micros(micros.load(Ordering::Relaxed)),
        }
    }

    /// How much faster than a wall clock it runs.
    pub fn speed(&self) -> u32 {
        match &*self.0 {
            Kind::Fast { speed, .. } => *speed,
            Kind::Database { .. } | Kind::Manual { .. } => 1,
        }
    }

    /// Takes in that the database's clock showed `database` at some instant between `before`, an earlier reading of
    /// [`Clock::machine`], and now.
    pub fn follow(&self, before: Timestamp, database: Timestamp) {
        let Kind::Database { offset_micros, measured_micros } = &*self.0 else { return };
        let after = machine_micros();
        let round_trip = after - before.as_microsecond();
        if round_trip > i64::try_from(ROUND_TRIP_MAX.as_micros()).unwrap_or(i64::MAX) {
            return;
        }
        offset_micros.store(database.as_microsecond() - (before.as_microsecond() + round_trip / 2), Ordering::Relaxed);
        measured_micros.store(after, Ordering::Relaxed);
    }

    /// This machine's own time, for measuring against the database's.
    pub fn machine() -> Timestamp {
        from_micros(machine_micros())
    }

    /// True while the last measurement is recent. Dialing stops when it is not.
    pub fn is_trusted(&self) -> bool {
        match &*self.0 {
            Kind::Database { measured_micros, .. } => {
                let measured = measured_micros.load(Ordering::Relaxed);
                let trust = i64::try_from(TRUST.as_micros()).unwrap_or(i64::MAX);
                measured != i64::MIN && machine_micros() - measured < trust
            }
            Kind::Fast { .. } | Kind::Manual { .. } => true,
        }
    }

    /// Moves a clock made by [`Clock::manual`]; the others go by themselves.
    pub fn advance(&self, by: SignedDuration) {
        if let Kind::Manual { micros } = &*self.0 {
            micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::Relaxed);
        }
    }
}

/// Measures a stretch of time in which the machine may have slept.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Duration);

impl Stopwatch {
    pub fn start() -> Self {
        Self(since_boot())
    }

    pub fn elapsed(&self) -> Duration {
        since_boot().saturating_sub(self.0)
    }
}

/// Goes on while the machine is suspended, which `Instant` does not on Linux.
#[cfg(target_os = "linux")]
fn since_boot() -> Duration {
    let read = nix::time::clock_gettime(nix::time::ClockId::CLOCK_BOOTTIME);
    read.map(Duration::from).expect("Linux has had this clock since 2.6.39")
}

/// Elsewhere there is no such clock to be had without unsafe code: do not dial from a machine that sleeps.
#[cfg(not(target_os = "linux"))]
fn since_boot() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]
fn machine_micros() -> i64 {
    Timestamp::now().as_microsecond()
}

fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}
