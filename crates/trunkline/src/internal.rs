//! Subcommands that programs call, not people: the supervisor of the embedded PostgreSQL, and a user of it
//! for tests.

use std::io::{Read as _, Write as _, stdin, stdout};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::postgres::{self, Options, Supervise};

#[derive(clap::Subcommand, Debug)]
pub enum Internal {
    /// Keeps an embedded PostgreSQL running while somebody uses it.
    Supervise(Supervise),
    /// Uses the embedded PostgreSQL in a directory until standard input ends.
    HoldPostgres(HoldPostgres),
}

#[derive(clap::Args, Debug)]
pub struct HoldPostgres {
    dir: PathBuf,
    /// How long the server stays up after the last user.
    #[arg(long, default_value_t = 0)]
    linger_ms: u64,
}

/// Runs one of them. Call it before anything starts a thread (see [`postgres::supervise`]).
pub fn run(command: &Internal) -> Result<()> {
    match command {
        Internal::Supervise(args) => postgres::supervise(args),
        Internal::HoldPostgres(args) => hold_postgres(args),
    }
}

/// Says whether it made the cluster, and where the socket is, once the server accepts connections.
fn hold_postgres(args: &HoldPostgres) -> Result<()> {
    let embedded = postgres::open(&Options {
        dir: args.dir.clone(),
        linger: Duration::from_millis(args.linger_ms),
        durable: true,
        supervisor: None,
    })?;
    let how = if embedded.was_created() { "created" } else { "found" };
    writeln!(stdout(), "{how} {}", embedded.socket_dir().display())?;
    stdin().read_to_end(&mut Vec::new())?;
    embedded.close()
}
