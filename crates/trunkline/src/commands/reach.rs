//! Which installation a command is about: the one of `DATABASE_URL`, or the demo of this directory.

use crate::clock::Clock;
use crate::config::connection;
use crate::demo::{self, DATABASE};
use crate::postgres::{self, Embedded, Options, Role};
use crate::store::{Db, db};
use crate::tls;
use anyhow::bail;
use jiff::Timestamp;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

const CONNECTIONS_MAX: usize = 4;

/// Where the database is; without an address, the demo that was started in this directory.
#[derive(clap::Args, Debug, Clone)]
pub struct Installation {
    /// PostgreSQL, as `trunkline_app`: <postgresql://trunkline_app:…@host/trunkline?sslmode=require>
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<SecretString>,
    /// PEM file with the certificate authority of a managed database, if it is not a public one.
    #[arg(long, global = true, env = "DATABASE_CA", value_name = "FILE")]
    database_ca: Option<PathBuf>,
    /// The demo's directory, for when there is no database URL.
    #[arg(long, global = true, default_value = ".trunkline/demo", value_name = "DIR")]
    demo: PathBuf,
}

/// An installation that was reached.
pub struct Reached {
    pub db: Db,
    pub now: Timestamp,
    /// Keeps the demo's server up for as long as the command runs.
    _embedded: Option<Embedded>,
}

impl Installation {
    pub async fn reach(&self) -> anyhow::Result<Reached> {
        tls::install();
        if let Some(url) = &self.database_url {
            let db = Db::new(connection(url)?, db::tls(self.database_ca.as_deref())?, CONNECTIONS_MAX)?;
            return Ok(Reached { db, now: Clock::machine(), _embedded: None });
        }
        let dir = self.demo.join("postgres");
        if !dir.exists() {
            bail!("no database: give --database-url, or start the demo here first");
        }
        let options = Options { dir, linger: Duration::ZERO, durable: true, supervisor: None };
        let embedded = tokio::task::spawn_blocking(move || postgres::open(&options)).await??;
        let db = Db::new(embedded.config(Role::App, DATABASE), db::tls(None)?, CONNECTIONS_MAX)?;
        let now = demo::time_shown(&db).await?.unwrap_or_else(Clock::machine);
        Ok(Reached { db, now, _embedded: Some(embedded) })
    }
}
