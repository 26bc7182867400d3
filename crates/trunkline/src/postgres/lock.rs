//! A file lock (`flock`) that a process gives back when it dies, however it dies.
//!
//! A home has three: `start.lock` (one opener at a time), `lease.lock` (shared by all users of the server)
//! and `supervisor.lock` (one supervisor). Invariant: the server is stopped only by who holds `start.lock`
//! and all of `lease.lock`, so nobody can be attaching meanwhile (kept by the drills of
//! `tests/it/postgres_drills.rs`).

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::POLL;

#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Opens the lock file, and does not lock it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        // Who may read a file may lock it: nobody else may.
        let file = OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(path);
        file.map(Self).with_context(|| format!("cannot open {}", path.display()))
    }

    /// Takes the whole lock, unless somebody holds a part of it.
    pub(super) fn try_exclusive(&self) -> Result<bool> {
        taken(self.0.try_lock())
    }

    /// Takes the whole lock; false if others still held it after `patience`.
    pub(super) fn exclusive_within(&self, patience: Duration) -> Result<bool> {
        let begun = Instant::now();
        while !self.try_exclusive()? {
            if begun.elapsed() > patience {
                return Ok(false);
            }
            std::thread::sleep(POLL);
        }
        Ok(true)
    }

    /// Takes a share. Waits while somebody holds the whole.
    pub(super) fn shared(&self) -> Result<()> {
        Ok(self.0.lock_shared()?)
    }

    /// Whether others hold shares of a lock that we do not hold: a share can be had, the whole cannot.
    pub(super) fn is_shared_by_others(&self) -> Result<bool> {
        let is_shareable = taken(self.0.try_lock_shared())?;
        let is_free = is_shareable && self.try_exclusive()?;
        self.release()?;
        Ok(is_shareable && !is_free)
    }

    pub(super) fn release(&self) -> Result<()> {
        Ok(self.0.unlock()?)
    }
}

fn taken(attempt: Result<(), TryLockError>) -> Result<bool> {
    match attempt {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(cause)) => Err(cause).context("this file system has no file locks"),
    }
}
