//! The CPU that trees of processes used, read from `/proc`. On a machine that others use too, CPU per operation says more
//! than operations per second.

use anyhow::{Context as _, Result};
use std::collections::HashMap;
use std::fs;
use std::time::Instant;

/// Of the clock in which the kernel counts: fixed for programs, whatever its own is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Deeper than a tree of processes gets: the table may change while it is read.
const TREE_DEPTH_MAX: usize = 64;

/// Runs while something is measured.
pub(super) struct Meter {
    roots: Vec<i32>,
    began: Instant,
    ours: u64,
    machine: u64,
}

/// What an amount of work took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub operations: u64,
    pub seconds: f64,
    /// Of the processes that were watched.
    pub cpu_seconds: f64,
    /// Cores that everybody else used meanwhile.
    pub foreign_cores: f64,
}

impl Meter {
    /// Watches the processes of `roots` with all their descendants.
    pub(super) fn start(roots: &[i32]) -> Result<Self> {
        Ok(Self { roots: roots.to_vec(), began: Instant::now(), ours: ticks_of(roots)?, machine: busy_ticks()? })
    }

    pub(super) fn stop(&self, operations: u64) -> Result<Measure> {
        let seconds = self.began.elapsed().as_secs_f64();
        let cpu_seconds = seconds_of(ticks_of(&self.roots)?.saturating_sub(self.ours));
        let busy = seconds_of(busy_ticks()?.saturating_sub(self.machine));
        let foreign_cores = ((busy - cpu_seconds) / seconds).max(0.0);
        Ok(Measure { operations, seconds, cpu_seconds, foreign_cores })
    }
}

impl Measure {
    pub(super) fn per_second(&self) -> f64 {
        self.count() / self.seconds
    }

    /// Microseconds of CPU an operation.
    pub(super) fn cpu_us(&self) -> f64 {
        self.cpu_seconds * 1e6 / self.count().max(1.0)
    }

    fn count(&self) -> f64 {
        f64::from(u32::try_from(self.operations).unwrap_or(u32::MAX))
    }
}

fn seconds_of(ticks: u64) -> f64 {
    f64::from(u32::try_from(ticks).unwrap_or(u32::MAX)) / TICKS_PER_SECOND
}

/// What one process used, with its children that have ended.
struct Process {
    parent: i32,
    ticks: u64,
}

/// A process that ends between two readings is counted with its parent's ended children.
fn ticks_of(roots: &[i32]) -> Result<u64> {
    let processes = processes()?;
    let is_watched = |mut pid: i32| {
        for _ in 0..TREE_DEPTH_MAX {
            if roots.contains(&pid) {
                return true;
            }
            match processes.get(&pid) {
                Some(process) => pid = process.parent,
                None => return false,
            }
        }
        false
    };
    Ok(processes.iter().filter(|(pid, _)| is_watched(**pid)).map(|(_, process)| process.ticks).sum())
}

fn processes() -> Result<HashMap<i32, Process>> {
    let entries = fs::read_dir("/proc").context("there is no /proc here: CPU cannot be measured")?;
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    Ok(pids.filter_map(|pid| Some((pid, parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect())
}

/// The fields after the name, which stands in parentheses and may hold anything.
fn parse(stat: &str) -> Option<Process> {
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |nth: usize| fields.get(nth)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { parent: fields.get(1)?.parse().ok()?, ticks })
}

/// What the whole machine was busy with: all but idle and waiting for disks.
fn busy_ticks() -> Result<u64> {
    let stat = fs::read_to_string("/proc/stat").context("there is no /proc here: CPU cannot be measured")?;
    let fields = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let ticks: Vec<u64> = fields.filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal.
    Ok([0, 1, 2, 5, 6].iter().filter_map(|nth| ticks.get(*nth)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_counted_with_its_ended_children() {
        let stat = "42 (a (b) c) S 7 42 42 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 3 0 100 1 2";

        let process = parse(stat).unwrap();

        assert_eq!((process.parent, process.ticks), (7, 100));
    }

    #[test]
    fn a_meter_sees_this_process_at_work() {
        let own = i32::try_from(std::process::id()).unwrap();
        let meter = Meter::start(&[own]).unwrap();
        let began = Instant::now();
        while began.elapsed().as_millis() < 60 {
            std::hint::black_box(0);
        }

        assert!(meter.stop(1).unwrap().cpu_seconds > 0.0);
    }
}
