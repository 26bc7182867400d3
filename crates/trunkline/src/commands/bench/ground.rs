//! What a bench stands on: a PostgreSQL of its own with the settings of one that must not lose anything, and an agency in
//! it for each section.

use super::seed::{self, Seed};
use crate::clock::Clock;
use crate::dialer::Dialer;
use crate::dialer::accounts::Accounts;
use crate::postgres::{self, Embedded, Options, Role};
use crate::store::{Db, db, migrations};
use crate::vault::Vault;
use anyhow::{Context as _, Result};
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::{Client, NoTls};

/// As many as one node has by default and a few for those who watch.
const CONNECTIONS_MAX: usize = 32;
/// A Wednesday on which all of the United States is awake: nobody's hours are in the way.
const BEGINS: &str = "2026-03-04T18:00:00Z";
const CROWD: &str = include_str!("dispatch/crowd.sql");

pub(super) struct Ground {
    dir: PathBuf,
    pub embedded: Embedded,
    pub postmaster: i32,
}

/// A database with an agency, and the dialer of one node over it.
pub(super) struct Agency {
    pub name: String,
    pub db: Db,
    pub dialer: Dialer,
    pub clock: Clock,
    /// A session that sees everything.
    pub admin: Client,
}

impl Ground {
    /// Starts from nothing in `dir`.
    pub(super) async fn open(dir: &Path) -> Result<Self> {
        let dir = dir.join(format!("bench-{}", std::process::id()));
        fs::create_dir_all(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
        let options = Options { dir: dir.join("postgres"), linger: Duration::ZERO, durable: true, supervisor: None };
        let embedded = tokio::task::spawn_blocking(move || postgres::open(&options)).await??;
        let pid_file = fs::read_to_string(embedded.home().join("data/postmaster.pid"))?;
        let postmaster = pid_file.lines().next().unwrap_or_default().trim().parse()?;
        Ok(Self { dir, embedded, postmaster })
    }

    /// Whose CPU ours is: this process and the server.
    pub(super) fn processes(&self) -> [i32; 2] {
        [i32::try_from(std::process::id()).unwrap_or(0), self.postmaster]
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// A new database with the agency that `seed` describes.
    pub(super) async fn agency(&self, name: &str, seed: &Seed) -> Result<Agency> {
        postgres::ensure_database(&self.embedded, name).await?;
        let mut owner = self.session(Role::Owner, name).await?;
        migrations::migrate(&mut owner).await?;
        let admin = self.session(Role::Superuser, name).await?;
        let begins: Timestamp = BEGINS.parse()?;
        seed.sow(&admin, begins).await?;
        let db = Db::new(self.embedded.config(Role::App, name), db::tls(None)?, CONNECTIONS_MAX)?;
        let clock = Clock::fast(begins, 1);
        let vault = Vault::in_file(&self.dir.join("master.key"))?;
        let accounts = Arc::new(Accounts::new(db.clone(), vault, clock.clone()));
        let dialer = Dialer::new(db.clone(), clock.clone(), accounts, "http://127.0.0.1");
        Ok(Agency { name: name.to_owned(), db, dialer, clock, admin })
    }

    /// A database for somebody else's queue.
    pub(super) async fn empty_database(&self, name: &str) -> Result<()> {
        postgres::ensure_database(&self.embedded, name).await
    }

    pub(super) async fn drop_database(&self, name: &str) -> Result<()> {
        let admin = self.session(Role::Superuser, "postgres").await?;
        admin.batch_execute(&format!("drop database if exists {name} with (force)")).await?;
        Ok(())
    }

    /// Stops the server and removes everything.
    pub(super) async fn close(self) -> Result<()> {
        let home = self.embedded.home().to_owned();
        tokio::task::spawn_blocking(move || self.embedded.close()).await??;
        for dir in [home, self.dir] {
            if dir.exists() {
                fs::remove_dir_all(&dir).with_context(|| format!("{} cannot be removed", dir.display()))?;
            }
        }
        Ok(())
    }

    async fn session(&self, role: Role, database: &str) -> Result<Client> {
        let (client, connection) =
            self.embedded.config(role, database).connect(NoTls).await.context("no connection")?;
        tokio::spawn(connection);
        Ok(client)
    }
}

impl Agency {
    /// Gives the first organization `attempts` more, due before all others, of leads who had `calls` today already.
    pub(super) async fn crowd(&self, attempts: u32, calls: u32) -> Result<()> {
        let settings = format!("set bench.crowd = '{attempts}'; set bench.crowd_calls = '{calls}'");
        self.admin.batch_execute(&settings).await?;
        self.admin.batch_execute(CROWD).await?;
        seed::settle(&self.admin).await
    }

    /// One number that a question of the bench gives.
    pub(super) async fn number(&self, question: &str) -> Result<f64> {
        let row = self.admin.query_one(question, &[]).await?;
        Ok(row.try_get::<_, f64>(0)?)
    }
}
