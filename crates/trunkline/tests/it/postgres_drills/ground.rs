//! Where a drill takes place, and who uses the server there.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio_postgres::{NoTls, SimpleQueryMessage};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// Waits for processes, which have no other clock than the machine's. Fails when it takes too long.
pub(super) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "in vain waited until {what}");
        std::thread::sleep(POLL);
    }
}

/// Ends a process without warning.
pub(super) fn kill_hard(pid: Pid) {
    kill(pid, Signal::SIGKILL).unwrap();
}

/// Whether a process runs. One that is dead but that nobody has waited for does not.
pub(super) fn is_alive(pid: Pid) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&output.stdout);
    !state.trim().is_empty() && !state.trim_start().starts_with('Z')
}

/// Where the cluster of a wished directory is: elsewhere, when the checkout itself lies where only root can go.
pub(super) fn home_of(dir: &Path) -> PathBuf {
    fs::read_link(dir.join("moved")).unwrap_or_else(|_| dir.to_owned())
}

/// A directory for one drill. With it goes what is in it, the server too.
pub(super) struct Ground {
    dir: PathBuf,
}

impl Ground {
    pub(super) fn new() -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("drill-{}", Uuid::now_v7().simple()));
        fs::create_dir_all(&dir).unwrap();
        Self { dir: dir.canonicalize().unwrap() }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn home(&self) -> PathBuf {
        home_of(&self.dir)
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.home().join("data/postmaster.pid")
    }

    /// The server that accepts connections here.
    pub(super) fn server(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.pid_file()).ok()?;
        let pid = Pid::from_raw(text.lines().next()?.parse().ok()?);
        (text.lines().nth(7)?.trim() == "ready" && is_alive(pid)).then_some(pid)
    }

    pub(super) fn supervisor(&self) -> Option<Pid> {
        let arguments = format!("internal supervise --home {} ", self.home().display());
        let output = Command::new("ps").args(["-eo", "pid,args"]).output().unwrap();
        let processes = String::from_utf8_lossy(&output.stdout);
        let line = processes.lines().find(|line| line.contains(&arguments))?;
        line.split_whitespace().next()?.parse().ok().map(Pid::from_raw)
    }

    pub(super) fn wait_until_deserted(&self) {
        wait_until("server and supervisor are gone", || self.server().is_none() && self.supervisor().is_none());
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        for pid in self.supervisor().into_iter().chain(self.server()) {
            let _ = kill(pid, Signal::SIGKILL);
        }
        let _ = fs::remove_dir_all(self.home());
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A program that uses the server in a directory until it is let go or killed.
pub(super) struct User {
    process: Child,
}

impl User {
    pub(super) fn start(dir: &Path, linger: Duration) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        program.args(["internal", "hold-postgres", "--linger-ms", &linger.as_millis().to_string()]).arg(dir);
        Self { process: program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap() }
    }

    pub(super) fn pid(&self) -> Pid {
        Pid::from_raw(self.process.id().cast_signed())
    }

    /// Waits until the server accepts the program's connections.
    pub(super) fn served(mut self) -> Served {
        let mut line = String::new();
        BufReader::new(self.process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (how, socket_dir) = line.trim_end().split_once(' ').expect("the program says that it is served");
        Served { has_created: how == "created", socket_dir: socket_dir.into(), user: self }
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program that has its connection.
pub(super) struct Served {
    pub(super) user: User,
    pub(super) has_created: bool,
    pub(super) socket_dir: PathBuf,
}

impl Served {
    pub(super) fn at(dir: &Path) -> Self {
        User::start(dir, Duration::ZERO).served()
    }

    /// Lets the program end by itself.
    pub(super) fn let_go(mut self) {
        drop(self.user.process.stdin.take());
        assert!(self.user.process.wait().unwrap().success());
    }

    /// The first column of what the server answers; an error as text.
    pub(super) fn sql(&self, text: &str) -> Result<Vec<String>, tokio_postgres::Error> {
        let mut config = tokio_postgres::Config::new();
        config.host_path(&self.socket_dir).user("postgres").dbname("postgres").connect_timeout(PATIENCE);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(connection);
            let messages = client.simple_query(text).await?;
            Ok(messages.iter().filter_map(first_column).collect())
        })
    }

    pub(super) fn write_something(&self) {
        self.sql("create table kept as select 'written before' as word").unwrap();
    }

    pub(super) fn assert_it_is_there(&self) {
        assert_eq!(self.sql("select word from kept").unwrap(), ["written before"]);
    }
}

fn first_column(message: &SimpleQueryMessage) -> Option<String> {
    match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }
}
