//! Creates the roles of Trunkline and a database: all that the superuser is used for.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio_postgres::{Client, NoTls};

use super::{Embedded, Role};

/// Creates what is missing of the roles and sets what they may and may not do.
pub const ROLES: &str = include_str!("roles.sql");
/// Two processes that create the same role at once would get an error; a number of our own keeps them apart.
const LOCK: &str = "select pg_advisory_lock(7261746)";
const DATABASE_EXISTS: &str = "select from pg_database where datname = $1";
/// It packs the pages that follow a checkpoint into the log faster than the default does; not every build has it.
const LZ4_IS_KNOWN: &str = "select from pg_settings where name = 'wal_compression' and 'lz4' = any (enumvals)";
const SETUP_MAX: Duration = Duration::from_secs(60);
/// PostgreSQL cuts longer names off.
const NAME_BYTES_MAX: usize = 63;

/// Makes sure that the three roles exist as they should and that the database `name` does, owned by
/// [`Role::Owner`].
pub async fn ensure_database(embedded: &Embedded, name: &str) -> Result<()> {
    if !is_plain_name(name) {
        bail!(
            "A database is named by at most {NAME_BYTES_MAX} of a to z, 0 to 9 and _, beginning with a \
             letter; {name:?} is not."
        );
    }
    let work = async {
        let client = connect(embedded).await?;
        client.batch_execute(LOCK).await?;
        client.batch_execute(ROLES).await?;
        if client.query_opt(DATABASE_EXISTS, &[&name]).await?.is_none() {
            client.batch_execute(&format!("create database {name} owner {}", Role::Owner)).await?;
        }
        if client.query_opt(LZ4_IS_KNOWN, &[]).await?.is_some() {
            client.batch_execute(&format!("alter database {name} set wal_compression = lz4")).await?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(SETUP_MAX, work).await.context("PostgreSQL did not create the database in time")?
}

/// A session of the superuser. It ends with the client, and the lock with it.
async fn connect(embedded: &Embedded) -> Result<Client> {
    let config = embedded.config(Role::Superuser, "postgres");
    let (client, connection) = config.connect(NoTls).await.context("cannot connect to the embedded PostgreSQL")?;
    // An error of the connection is also the error of the statement that waits for it.
    tokio::spawn(connection);
    Ok(client)
}

/// Whether a name needs no quotes in SQL.
fn is_plain_name(name: &str) -> bool {
    name.len() <= NAME_BYTES_MAX
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_go_into_sql() {
        let check = |name: &str, expected| assert_eq!(is_plain_name(name), expected, "{name}");

        check("trunkline", true);
        check("t_01_ab", true);
        check("", false);
        check("1st", false);
        check("Trunkline", false);
        check("a\"; drop role postgres", false);
        check(&"a".repeat(64), false);
    }
}
