//! `trunkline migrate`: the schema, and for a new server the roles.

use crate::config::connection;
use crate::store::{db, migrations};
use crate::{postgres, tls};
use anyhow::{Context as _, bail};
use secrecy::SecretString;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use tokio_postgres::Client;

/// Brings a database's schema to this version. Run it before `serve`, as the owner of the schema.
///
/// On a new server an administrator makes the roles first, once: `trunkline migrate --print-roles | psql …`, and gives
/// `trunkline_owner` and `trunkline_app` a password each. The database belongs to `trunkline_owner`.
#[derive(clap::Args, Debug)]
pub struct Migrate {
    /// The database as its owner: <postgresql://trunkline_owner:…@host/trunkline?sslmode=require>
    #[arg(
        long,
        env = "OWNER_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        required_unless_present = "print_roles"
    )]
    owner_database_url: Option<SecretString>,
    /// PEM file with the certificate authority of a managed database, if it is not a public one.
    #[arg(long, env = "DATABASE_CA", value_name = "FILE")]
    database_ca: Option<PathBuf>,
    /// Prints the SQL that makes the roles, for an administrator, and does nothing else.
    #[arg(long)]
    print_roles: bool,
}

pub async fn run(migrate: Migrate) -> anyhow::Result<()> {
    if migrate.print_roles {
        write!(stdout(), "{}", postgres::ROLES)?;
        return Ok(());
    }
    tls::install();
    let url = migrate.owner_database_url.context("--owner-database-url is missing")?;
    let tls = db::tls(migrate.database_ca.as_deref())?;
    let (mut owner, driver) = connection(&url)?.connect(tls).await.context("the database cannot be reached")?;
    tokio::spawn(driver);
    check_roles(&owner).await?;
    let ran = migrations::migrate(&mut owner).await?;
    match ran.as_slice() {
        [] => writeln!(stdout(), "The schema is up to date.")?,
        ran => writeln!(stdout(), "Ran {}.", ran.join(", "))?,
    }
    Ok(())
}

async fn check_roles(owner: &Client) -> anyhow::Result<()> {
    let roles = migrations::roles(owner).await?;
    if !roles.all_exist {
        bail!("roles are missing: let an administrator run `trunkline migrate --print-roles | psql …` once");
    }
    if !roles.is_owner {
        bail!("migrations run as trunkline_owner, so that it owns the tables and the program does not");
    }
    Ok(())
}
