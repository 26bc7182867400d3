//! What was done so far: kills by point, times until a node dialed again, and a log of all drills.

use crate::drill::RECOVERY_MAX;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use trunkline::failpoint::POINTS;

/// Lines of the log that are shown with a failure.
const STORY_LINES_MAX: usize = 40;

pub(crate) struct Ledger {
    began: Instant,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    /// By point: kills there, and drills in which no node came there in time.
    points: BTreeMap<&'static str, (u32, u32)>,
    reached: BTreeMap<String, u32>,
    random_kills: u32,
    pauses: u32,
    crashes: u32,
    starts_refused: u32,
    recoveries: Vec<Duration>,
    crashed_at: Option<Instant>,
    log: Vec<String>,
    wrong: Vec<String>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        let points = POINTS.iter().map(|point| (*point, (0, 0))).collect();
        Self { began: Instant::now(), book: Mutex::new(Book { points, ..Book::default() }) }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The points that have had the fewest drills, those in which nobody came there included.
    pub(crate) fn neediest(&self) -> Vec<&'static str> {
        let book = self.book();
        let drills = |(kills, misses): &(u32, u32)| kills + misses;
        let fewest = book.points.values().map(drills).min().unwrap_or(0);
        book.points.iter().filter(|(_, drilled)| drills(drilled) == fewest).map(|(point, _)| *point).collect()
    }

    pub(crate) fn note(&self, what: &str) {
        let at = self.began.elapsed().as_secs_f64();
        self.book().log.push(format!("{at:8.2} s  {what}"));
    }

    pub(crate) fn wrong(&self, what: String) {
        self.note(&what);
        self.book().wrong.push(what);
    }

    pub(crate) fn reached(&self, point: &str) {
        *self.book().reached.entry(point.to_owned()).or_default() += 1;
    }

    pub(crate) fn killed_at(&self, point: &'static str) {
        self.note(&format!("a node died at {point}"));
        self.book().points.entry(point).or_default().0 += 1;
    }

    pub(crate) fn missed(&self, point: &'static str) {
        self.book().points.entry(point).or_default().1 += 1;
    }

    pub(crate) fn killed_at_random(&self) {
        self.note("a node was killed at a random moment");
        self.book().random_kills += 1;
    }

    pub(crate) fn paused(&self, point: &str) {
        self.note(&format!("a node stood still at {point} and went on"));
        self.book().pauses += 1;
    }

    pub(crate) fn crashed(&self, how: &str) {
        self.note(&format!("Postgres: {how}"));
        let mut book = self.book();
        book.crashes += 1;
        book.crashed_at = Some(Instant::now());
    }

    /// Whether Postgres was there all the time since `began`.
    pub(crate) fn was_calm_since(&self, began: Instant) -> bool {
        self.book().crashed_at.is_none_or(|at| at + crate::postgres_crash::BACK_MAX < began)
    }

    pub(crate) fn start_refused(&self) {
        self.book().starts_refused += 1;
    }

    pub(crate) fn recovered(&self, after: Duration) {
        self.book().recoveries.push(after);
    }

    pub(crate) fn kills(&self) -> u32 {
        let book = self.book();
        book.random_kills + book.points.values().map(|(kills, _)| kills).sum::<u32>()
    }

    /// What went wrong, and points at which fewer than `each_min` nodes died.
    pub(crate) fn violations(&self, each_min: u32) -> Vec<String> {
        let book = self.book();
        let rare = book.points.iter().filter(|(_, (kills, _))| *kills < each_min);
        let rare = rare.map(|(point, (kills, _))| format!("only {kills} nodes died at {point}, not {each_min}"));
        let unproven = POINTS.iter().filter(|point| each_min > 0 && !book.reached.contains_key(**point));
        let unproven = unproven.map(|point| format!("no node ever came to {point}"));
        book.wrong.iter().cloned().chain(rare).chain(unproven).collect()
    }

    pub(crate) fn story(&self) -> Vec<String> {
        let book = self.book();
        book.log.iter().skip(book.log.len().saturating_sub(STORY_LINES_MAX)).cloned().collect()
    }

    pub(crate) fn log(&self) -> String {
        self.book().log.join("\n") + "\n"
    }

    /// One line while it goes on.
    pub(crate) fn progress(&self, kills: u32, crashes: u32) -> String {
        let book = self.book();
        let at_points: u32 = book.points.values().map(|(kills, _)| kills).sum();
        let visited = book.points.values().filter(|(kills, _)| *kills > 0).count();
        let latest = book.recoveries.last().map_or(0.0, Duration::as_secs_f64);
        let slow = book.recoveries.iter().filter(|after| **after > RECOVERY_MAX).count();
        format!(
            "{:5} s: {} of {kills} kills, at {visited} of {} failpoints; {} of {crashes} crashes; {} pauses; the last start \
             dialed after {latest:.1} s, {slow} of {} after more than {RECOVERY_MAX:?}; {} wrong so far",
            self.began.elapsed().as_secs(),
            at_points + book.random_kills,
            book.points.len(),
            book.crashes,
            book.pauses,
            book.recoveries.len(),
            book.wrong.len(),
        )
    }

    pub(crate) fn summary(&self) -> String {
        let mut book = self.book();
        book.recoveries.sort();
        let at = |per_cent: usize| {
            let place = (book.recoveries.len() * per_cent / 100).min(book.recoveries.len().saturating_sub(1));
            book.recoveries.get(place).map_or(0.0, Duration::as_secs_f64)
        };
        // A figure, not a violation: nothing may have been due, or the machine may have had other things to do.
        let slow = book.recoveries.iter().filter(|after| **after > RECOVERY_MAX).count();
        let at_points: u32 = book.points.values().map(|(kills, _)| kills).sum();
        let visited = book.points.values().filter(|(kills, _)| *kills > 0).count();
        let fewest = book.points.values().map(|(kills, _)| *kills).min().unwrap_or(0);
        format!(
            "kills: {} ({at_points} at {visited} of {} failpoints, at least {fewest} at each; {} at random moments)\n\
             pauses: {}, Postgres crashes: {}, starts refused meanwhile: {}\n\
             from a start to the first claim: p50 {:.2} s, p99 {:.2} s, max {:.2} s over {} starts, \
             {slow} of them over {RECOVERY_MAX:?}",
            at_points + book.random_kills,
            book.points.len(),
            book.random_kills,
            book.pauses,
            book.crashes,
            book.starts_refused,
            at(50),
            at(99),
            at(100),
            book.recoveries.len(),
        )
    }

    /// Kills by point, one a line.
    pub(crate) fn points(&self) -> String {
        let book = self.book();
        let reached = |point: &str| book.reached.get(point).copied().unwrap_or(0);
        let line = |(point, (kills, missed)): (&&str, &(u32, u32))| {
            format!("{point:<26} {kills:>4} kills {missed:>4} missed {:>6} lives came there", reached(point))
        };
        book.points.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
