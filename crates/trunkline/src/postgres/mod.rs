//! The embedded PostgreSQL of the demo and the tests: found on the machine, initialised, started, shared
//! between processes, and stopped when its last user is gone.
//!
//! No network port and no password: one unix socket in a directory of its own, with peer authentication. A
//! small supervisor process (this same program) starts the server, starts it again if it dies, and stops it
//! when nobody holds the lease any more. A lease is a `flock`, so a process that was killed has given it
//! back.
//!
//! A leaf: knows nothing of Trunkline but the names of its database roles. It waits by the monotonic clock of
//! the operating system, because what it waits for are processes; no decision of the product depends on it.

mod binaries;
mod cluster;
mod databases;
mod embedded;
mod home;
mod lock;
mod log;
mod postmaster;
mod role;
mod server_user;
mod settings;
mod supervisor;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use binaries::Binaries;
pub use databases::{ROLES, ensure_database};
pub use embedded::Embedded;
use home::Home;
use lock::Lock;
use postmaster::Postmaster;
pub use role::Role;
pub use supervisor::{Supervise, supervise};

/// Names the socket file; nothing listens on TCP.
const PORT: u16 = 5432;
/// How long one opener waits for another one, which may be running `initdb` on a slow disk.
const OTHER_OPENER_MAX: Duration = Duration::from_secs(180);
/// How long a started server may take until it accepts connections; after a crash it first replays its log.
const READY_MAX: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(10);

/// Where and how an embedded PostgreSQL runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory that the cluster should live in; created when absent. When the program is root and the
    /// server's user cannot reach it, the cluster lives elsewhere and `moved` in this directory points there.
    pub dir: PathBuf,
    /// How long the server stays after its last user went: zero for a program, some seconds between tests.
    pub linger: Duration,
    /// False turns fsync off and such, which is for data that nobody will miss.
    pub durable: bool,
    /// The executable that understands `internal supervise`; this very program when `None`.
    pub supervisor: Option<PathBuf>,
}

/// Attaches to the server in `options.dir`; initialises the cluster and starts the server when need be.
///
/// Blocks: milliseconds when the server runs, about a second for a start, a few for the first start of all.
/// Of several users at once the first one's `linger` and `durable` hold.
pub fn open(options: &Options) -> Result<Embedded> {
    let home = Home::at(&options.dir)?;
    let start = Lock::open(&home.start_lock())?;
    if !start.exclusive_within(OTHER_OPENER_MAX)? {
        bail!("Another process has been starting PostgreSQL in {home} for minutes. End it and try again.");
    }
    let lease = Lock::open(&home.lease_lock())?;
    // From here on the supervisor of a running server may not stop it.
    lease.shared()?;
    let was_created = !home.data().exists();
    let postmaster = if supervisor::is_running(&home)? {
        wait_until_ready(&home, || Ok(!supervisor::is_running(&home)?))?
    } else {
        start_server(&home, options)?
    };
    Ok(Embedded { socket_dir: postmaster.socket_dir, home, linger: options.linger, was_created, lease })
}

fn start_server(home: &Home, options: &Options) -> Result<Postmaster> {
    // Left by a supervisor that was killed where the kernel does not tell the server so, or on its way out.
    postmaster::stop(home)?;
    let binaries = Binaries::find(cluster::major(home)?)?;
    if !home.data().exists() {
        cluster::create(home, &binaries, options.durable)?;
    }
    cluster::write_access_rules(home)?;
    let mut supervisor = Supervise::new(home, &binaries, options).spawn(options.supervisor.as_deref())?;
    wait_until_ready(home, || Ok(supervisor.try_wait()?.is_some()))
}

fn wait_until_ready(home: &Home, mut supervisor_ended: impl FnMut() -> Result<bool>) -> Result<Postmaster> {
    let begun = Instant::now();
    loop {
        if let Some(postmaster) = postmaster::find(home)
            && postmaster.accepts_connections
        {
            return Ok(postmaster);
        }
        if supervisor_ended()? || begun.elapsed() > READY_MAX {
            bail!("PostgreSQL did not start. The end of {}:\n{}", home.server_log().display(), log::tail(home));
        }
        std::thread::sleep(POLL);
    }
}
