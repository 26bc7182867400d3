//! The process that stays while the server does: starts it, starts it again when it dies, stops it when its
//! last user is gone.
//!
//! Its death must not leave a server behind: on Linux the kernel tells the server of it. macOS cannot; there
//! the next opener stops the orphan.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::binaries::Binaries;
use super::home::Home;
use super::lock::Lock;
use super::{Options, log, postmaster, settings};

const CHECK_EVERY: Duration = Duration::from_millis(100);
/// An opener that asks whether a supervisor runs holds the supervisor's lock for a moment.
const LOCK_MAX: Duration = Duration::from_secs(2);
/// How often in a row the server is started again, each time after twice the pause.
const RESTARTS_MAX: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A server that ran this long before it died did not die of its start.
const STEADY_AFTER: Duration = Duration::from_secs(60);

/// What `trunkline internal supervise` is given. For [`super::open`], not for people.
#[derive(clap::Args, Debug)]
pub struct Supervise {
    #[arg(long)]
    home: PathBuf,
    #[arg(long)]
    binaries: PathBuf,
    #[arg(long)]
    linger_ms: u64,
    #[arg(long)]
    durable: bool,
}

/// Whether a supervisor lives in `home`.
pub(super) fn is_running(home: &Home) -> Result<bool> {
    // The lock goes with the file, at the end of this function.
    Ok(!Lock::open(&home.supervisor_lock())?.try_exclusive()?)
}

impl Supervise {
    pub(super) fn new(home: &Home, binaries: &Binaries, options: &Options) -> Self {
        Self {
            home: home.root().to_owned(),
            binaries: binaries.dir().to_owned(),
            linger_ms: u64::try_from(options.linger.as_millis()).unwrap_or(u64::MAX),
            durable: options.durable,
        }
    }

    /// Starts `program`, or this one, as the supervisor.
    pub(super) fn spawn(&self, program: Option<&Path>) -> Result<Child> {
        let program = program.map_or_else(std::env::current_exe, |given| Ok(given.to_owned()))?;
        let home = Home::at(&self.home)?;
        let output = log::open(&home.supervisor_log())?;
        let mut command = Command::new(&program);
        command.args(["internal", "supervise", "--home"]).arg(&self.home).arg("--binaries").arg(&self.binaries);
        command.arg("--linger-ms").arg(self.linger_ms.to_string()).args(self.durable.then_some("--durable"));
        // In a process group of its own, so that Ctrl-C in the terminal does not reach it.
        command.process_group(0).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        command.spawn().with_context(|| format!("cannot run {}", program.display()))
    }
}

/// Runs until nobody has used the server for the time it may linger. Call it on the first thread of a process
/// that has no others: the kernel takes the end of the thread that started the server for the end of the
/// supervisor.
pub fn supervise(args: &Supervise) -> Result<()> {
    let home = Home::at(&args.home)?;
    let only = Lock::open(&home.supervisor_lock())?;
    if !only.exclusive_within(LOCK_MAX)? {
        return Ok(());
    }
    let mut server = Server::start(&home, args)?;
    let linger = Duration::from_millis(args.linger_ms);
    let lease = Lock::open(&home.lease_lock())?;
    let start = Lock::open(&home.start_lock())?;
    let mut idle_since = None;
    loop {
        std::thread::sleep(CHECK_EVERY);
        server.keep_alive()?;
        if !lease.try_exclusive()? {
            idle_since = None;
            continue;
        }
        lease.release()?;
        let is_over = idle_since.get_or_insert_with(Instant::now).elapsed() >= linger;
        if is_over && start.try_exclusive()? {
            if lease.try_exclusive()? {
                return server.stop();
            }
            start.release()?;
        }
    }
}

struct Server<'a> {
    home: &'a Home,
    args: &'a Supervise,
    process: Child,
    started_at: Instant,
    restarts: u32,
}

impl<'a> Server<'a> {
    fn start(home: &'a Home, args: &'a Supervise) -> Result<Self> {
        Ok(Self { home, args, process: start_postgres(home, args)?, started_at: Instant::now(), restarts: 0 })
    }

    fn keep_alive(&mut self) -> Result<()> {
        let Some(status) = self.process.try_wait()? else {
            return Ok(());
        };
        if self.started_at.elapsed() > STEADY_AFTER {
            self.restarts = 0;
        }
        if self.restarts == RESTARTS_MAX {
            bail!("the server keeps dying ({status})");
        }
        std::thread::sleep(FIRST_PAUSE * 2_u32.pow(self.restarts));
        self.restarts += 1;
        self.process = start_postgres(self.home, self.args)?;
        self.started_at = Instant::now();
        Ok(())
    }

    fn stop(mut self) -> Result<()> {
        postmaster::stop(self.home)?;
        self.process.wait()?;
        Ok(())
    }
}

fn start_postgres(home: &Home, args: &Supervise) -> Result<Child> {
    home.create_private(&home.socket_dir())?;
    // One whose supervisor was killed before the server could be told to follow it.
    postmaster::stop(home)?;
    postmaster::clear_leftovers(home);
    let binaries = Binaries::at(&args.binaries).context("PostgreSQL is no longer where it was")?;
    let output = log::open(&home.server_log())?;
    let mut command = Command::new(binaries.postgres());
    command.arg("-D").arg(home.data());
    for setting in settings::of(home, args.durable) {
        command.arg("-c").arg(setting);
    }
    home.server_user().run(&mut command);
    command.process_group(0).stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    die_with_parent(&mut command);
    command.spawn().context("cannot run postgres")
}

/// Has the kernel ask the server to shut down, quickly but cleanly, when its parent dies.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "only the child itself can ask for this, between fork and exec; one system call, safe there"
)]
fn die_with_parent(command: &mut Command) {
    use nix::sys::{prctl, signal::Signal};
    // The standard library runs this after having changed the user, which would undo it.
    unsafe {
        command.pre_exec(|| prctl::set_pdeathsig(Signal::SIGINT).map_err(Into::into));
    }
}

#[cfg(not(target_os = "linux"))]
const fn die_with_parent(_: &mut Command) {}
