//! Settings, each with what it is for. They come from the command line or from the environment; nobody else reads either.

use crate::store::{Db, db};
use crate::vault::Vault;
use anyhow::{Context as _, bail};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use std::path::PathBuf;
use url::Url;

/// Where the database is, and as whom the program works in it.
#[derive(clap::Args, Debug, Clone)]
pub struct Database {
    /// PostgreSQL 15 or newer, as `trunkline_app`: <postgresql://trunkline_app:…@host/trunkline?sslmode=require>
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: SecretString,
    /// PEM file with the certificate authority of a managed database, if it is not a public one.
    #[arg(long, env = "DATABASE_CA", value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
    /// Connections to the database that this node uses at most.
    #[arg(long, env = "DATABASE_CONNECTIONS_MAX", default_value_t = 20, value_name = "N")]
    pub database_connections_max: usize,
}

/// The key under which provider keys and webhook secrets are sealed.
#[derive(clap::Args, Debug, Clone)]
pub struct MasterKey {
    /// 32 bytes in base64; make one with `openssl rand -base64 32` and keep it apart from the database's backups.
    #[arg(long, env = "TRUNKLINE_MASTER_KEY", value_name = "KEY", hide_env_values = true)]
    pub master_key: SecretString,
}

/// How the agency and the world reach this installation.
#[derive(clap::Args, Debug, Clone)]
pub struct Address {
    /// Where to listen.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:4400", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
    /// Where browsers and the provider reach this program, such as <https://calls.example.com>
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Url,
    /// What the agency is called on its pages.
    #[arg(long, env = "AGENCY_NAME", default_value = "Your agency", value_name = "NAME")]
    pub agency: String,
    /// The agency's time zone, by its IANA name.
    #[arg(long, env = "AGENCY_TIME_ZONE", default_value = "UTC", value_name = "ZONE")]
    pub time_zone: String,
}

/// A provider account that is kept as the environment says.
#[derive(clap::Args, Debug, Clone)]
pub struct Vapi {
    /// Private key of a Vapi organization. It is sealed in the database and used to place calls.
    #[arg(long, env = "VAPI_API_KEY", value_name = "KEY", hide_env_values = true)]
    pub vapi_api_key: Option<SecretString>,
    /// Vapi's address; the EU region has another one.
    #[arg(long, env = "VAPI_BASE_URL", default_value = "https://api.vapi.ai", value_name = "URL")]
    pub vapi_base_url: Url,
    /// Name of this provider account here.
    #[arg(long, env = "VAPI_ACCOUNT_NAME", default_value = "vapi", value_name = "NAME")]
    pub vapi_account_name: String,
    /// Lines of the Vapi subscription: calls that it lets go on at once.
    #[arg(long, env = "VAPI_LINES", default_value_t = 10, value_name = "N")]
    pub vapi_lines: i32,
}

/// How long what explains the past is kept.
#[derive(clap::Args, Debug, Clone)]
pub struct Keeping {
    /// Days for which each decision to call or not to call is kept with its facts.
    #[arg(long, env = "DECISIONS_KEPT_DAYS", default_value_t = 90, value_name = "DAYS",
          value_parser = clap::value_parser!(u16).range(1..))]
    pub decisions_kept_days: u16,
}

/// What the kill harness does to a node. Only in a program that is built for it.
#[cfg(feature = "failpoints")]
#[derive(clap::Args, Debug, Clone)]
pub struct Drill {
    /// What happens at which failpoint, such as `claim.committed=abort@3`.
    #[arg(long, env = "TRUNKLINE_FAILPOINT", value_name = "PLAN")]
    pub failpoint: Option<String>,
    /// A clock that several nodes share: SPEED,WHAT IT SHOWED,WHEN BY THE MACHINE'S CLOCK.
    #[arg(long, env = "TRUNKLINE_DRILL_CLOCK", value_name = "CLOCK")]
    pub clock: Option<String>,
    /// A protection of the dispatch protocol that is switched off, for the harness to find out.
    #[cfg(feature = "mutants")]
    #[arg(long, env = "TRUNKLINE_WITHOUT", value_name = "PROTECTION")]
    pub without: Option<String>,
}

impl Database {
    pub fn open(&self) -> anyhow::Result<Db> {
        let config = connection(&self.database_url)?;
        Db::new(config, db::tls(self.database_ca.as_deref())?, self.database_connections_max)
    }
}

impl Keeping {
    pub fn decisions_kept(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.decisions_kept_days))
    }
}

impl MasterKey {
    pub fn vault(&self) -> anyhow::Result<Vault> {
        Vault::new(&self.master_key)
    }
}

impl Address {
    /// The public address without a slash at its end.
    pub fn public_url(&self) -> anyhow::Result<String> {
        if !matches!(self.public_url.scheme(), "http" | "https") {
            bail!("the public URL is where browsers and the provider come: it begins with https://");
        }
        Ok(self.public_url.as_str().trim_end_matches('/').to_owned())
    }

    pub fn zone(&self) -> anyhow::Result<TimeZone> {
        crate::domain::time_zone::named(&self.time_zone).context("the agency's time zone cannot be used")
    }
}

/// A connection as a URL says it. Its password never appears in a message.
pub fn connection(url: &SecretString) -> anyhow::Result<tokio_postgres::Config> {
    use secrecy::ExposeSecret as _;
    url.expose_secret().parse::<tokio_postgres::Config>().map_err(|_| {
        anyhow::anyhow!("the database URL cannot be read; it looks like postgresql://user:password@host:5432/database")
    })
}
