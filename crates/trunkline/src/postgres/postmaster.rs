//! The server process, as its `postmaster.pid` tells of it.
//!
//! The file is not to be trusted: one that was left by a killed server may name a process of somebody else's.
//! Its lines are: pid, data directory, start time, port, socket directory, address, shared memory, status
//! (source: `src/include/utils/pidfile.h` of PostgreSQL).

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::POLL;
use super::home::Home;

/// A fast shutdown that takes longer than this is made an immediate one.
const FAST_SHUTDOWN_MAX: Duration = Duration::from_secs(30);
const IMMEDIATE_SHUTDOWN_MAX: Duration = Duration::from_secs(10);

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: i32,
    pub(super) socket_dir: PathBuf,
    pub(super) accepts_connections: bool,
}

impl Postmaster {
    /// Reads the file; the server writes it line by line, so all but the pid may still be missing.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        let pid = lines.next()?.parse().ok()?;
        let socket_dir = lines.nth(3).unwrap_or_default().into();
        Some(Self { pid, socket_dir, accepts_connections: lines.nth(2) == Some("ready") })
    }
}

/// The server that works on the data of `home`, if there is one, ready or not.
pub(super) fn find(home: &Home) -> Option<Postmaster> {
    let text = fs::read_to_string(home.postmaster_pid()).ok()?;
    Postmaster::parse(&text).filter(|postmaster| is_server_of(home, postmaster.pid))
}

/// Shuts the server of `home` down and waits until it is gone. Says nothing if there is none.
pub(super) fn stop(home: &Home) -> Result<()> {
    for (signal, patience) in [(Signal::SIGINT, FAST_SHUTDOWN_MAX), (Signal::SIGQUIT, IMMEDIATE_SHUTDOWN_MAX)] {
        let begun = Instant::now();
        let Some(postmaster) = find(home) else {
            return Ok(());
        };
        // It may have gone by itself since.
        kill(Pid::from_raw(postmaster.pid), signal)
            .or_else(|cause| if cause == Errno::ESRCH { Ok(()) } else { Err(cause) })?;
        while begun.elapsed() < patience {
            if find(home).is_none() {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
    }
    bail!(
        "The PostgreSQL in {home} does not stop. End it by its process id, the first line of {}.",
        home.postmaster_pid().display()
    )
}

/// Removes what a server that was killed left, without which none starts if its pid now is another process's.
///
/// For who holds the supervisor lock, while no server runs. Processes of the old server that are still about
/// keep a new one from starting even so: they are attached to its shared memory, whose key comes from the
/// data directory.
pub(super) fn clear_leftovers(home: &Home) {
    for file in home.server_files() {
        // What cannot be removed makes the server refuse to start, and say so better than we could.
        let _ = fs::remove_file(file);
    }
}

fn is_server_of(home: &Home, pid: i32) -> bool {
    if kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH) {
        return false;
    }
    if cfg!(target_os = "linux") {
        // The server works in its data directory. A dead process that nobody has waited for has no directory,
        // but still answers signals: the first process of a container may never wait for it.
        return fs::read_link(format!("/proc/{pid}/cwd"))
            .is_ok_and(|cwd| home.data().canonicalize().is_ok_and(|data| cwd == data));
    }
    let command = Command::new("ps").args(["-p", &pid.to_string(), "-o", "comm="]).output();
    command.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("postgres"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "4711\n/srv/demo/data\n1790000000\n5432\n/srv/demo/socket\n\n  5432001         7\n";

    #[test]
    fn a_server_is_ready_when_the_eighth_line_says_so() {
        let ready = Postmaster::parse(&format!("{WHOLE}ready   \n")).unwrap();

        assert_eq!(ready, Postmaster { pid: 4711, socket_dir: "/srv/demo/socket".into(), accepts_connections: true });
        assert!(!Postmaster::parse(&format!("{WHOLE}stopping\n")).unwrap().accepts_connections);
        assert!(!Postmaster::parse(WHOLE).unwrap().accepts_connections);
    }

    #[test]
    fn a_file_that_is_just_being_written_is_no_error() {
        assert_eq!(Postmaster::parse(""), None);
        assert_eq!(Postmaster::parse("4711\n").unwrap().pid, 4711);
    }
}
