//! The schema, forward only. Runs as the owner of the schema, never as the program.

use super::statement::sql;
use super::{Db, Result};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

/// Name and text of each migration, in order. One is never edited once released: its hash is kept beside its name.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_walls", include_str!("../../migrations/0001_walls.sql")),
    ("0002_agency", include_str!("../../migrations/0002_agency.sql")),
    ("0003_organizations", include_str!("../../migrations/0003_organizations.sql")),
    ("0004_leads", include_str!("../../migrations/0004_leads.sql")),
    ("0005_dispatch", include_str!("../../migrations/0005_dispatch.sql")),
    ("0006_calls", include_str!("../../migrations/0006_calls.sql")),
    ("0007_across", include_str!("../../migrations/0007_across.sql")),
    ("0008_lists", include_str!("../../migrations/0008_lists.sql")),
    ("0009_limits", include_str!("../../migrations/0009_limits.sql")),
    ("0010_decisions", include_str!("../../migrations/0010_decisions.sql")),
    ("0011_control", include_str!("../../migrations/0011_control.sql")),
    ("0012_protocol", include_str!("../../migrations/0012_protocol.sql")),
    ("0013_turns", include_str!("../../migrations/0013_turns.sql")),
    ("0015_intake", include_str!("../../migrations/0015_intake.sql")),
    ("0016_answers", include_str!("../../migrations/0016_answers.sql")),
    ("0017_postal_codes", include_str!("../../migrations/0017_postal_codes.sql")),
    ("0018_number_answers", include_str!("../../migrations/0018_number_answers.sql")),
    ("0019_changes", include_str!("../../migrations/0019_changes.sql")),
    ("0020_replay", include_str!("../../migrations/0020_replay.sql")),
    ("0021_keep", include_str!("../../migrations/0021_keep.sql")),
    ("0022_lookups", include_str!("../../migrations/0022_lookups.sql")),
    ("0023_full_pools", include_str!("../../migrations/0023_full_pools.sql")),
    ("0026_report_texts", include_str!("../../migrations/0026_report_texts.sql")),
];

// Any number will do, as long as no other program takes the same: "trunklin" in ASCII.
const LOCK: i64 = 0x7472_756e_6b6c_696e;

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error("migration {0} was changed after it had run here: a released migration is never edited")]
    Edited(String),
    #[error("this database has migration {0}, which this version does not know: use the newer version")]
    Newer(String),
    #[error("migration {name} failed, and nothing of it was kept")]
    Failed { name: &'static str, source: tokio_postgres::Error },
    #[error("the database did not answer while it was being migrated")]
    Database(#[from] tokio_postgres::Error),
}

sql!(HAS_BEGUN, "select to_regclass('public.schema_migrations') is not null");
sql!(RAN, "select name from schema_migrations");

/// Brings the schema to this version and returns the names of the migrations that ran. Several starters at once wait
/// for each other.
pub async fn migrate(owner: &mut Client) -> std::result::Result<Vec<&'static str>, MigrationError> {
    owner.execute("select pg_advisory_lock($1)", &[&LOCK]).await?;
    let ran = run_missing(owner).await;
    owner.execute("select pg_advisory_unlock($1)", &[&LOCK]).await?;
    ran
}

/// The names of migrations of this version that the database lacks.
pub async fn missing(db: &Db) -> Result<Vec<&'static str>> {
    let tx = db.plain().await?;
    let has_begun: bool = tx.one(HAS_BEGUN, &[]).await?.get(0);
    let rows = if has_begun { tx.all(RAN, &[]).await? } else { Vec::new() };
    let ran: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(MIGRATIONS.iter().map(|(name, _)| *name).filter(|name| !ran.iter().any(|r| r == name)).collect())
}

/// What a session finds of the roles.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    pub is_owner: bool,
    pub all_exist: bool,
}

pub async fn roles(session: &Client) -> std::result::Result<Roles, MigrationError> {
    let row = session
        .query_one(
            "select current_user = 'trunkline_owner',
                    (select count(*) from pg_roles
                     where rolname in ('trunkline_app', 'trunkline_agency', 'trunkline_turns')) = 3",
            &[],
        )
        .await?;
    Ok(Roles { is_owner: row.get(0), all_exist: row.get(1) })
}

async fn run_missing(owner: &mut Client) -> std::result::Result<Vec<&'static str>, MigrationError> {
    owner
        .batch_execute(
            "create table if not exists schema_migrations (
                name text primary key,
                hash text not null,
                ran_at timestamptz not null default now()
            );
            grant select on schema_migrations to trunkline_app, trunkline_agency",
        )
        .await?;
    let known = owner.query("select name, hash from schema_migrations", &[]).await?;
    let known: Vec<(String, String)> = known.iter().map(|row| (row.get(0), row.get(1))).collect();
    if let Some((name, _)) = known.iter().find(|(name, _)| !MIGRATIONS.iter().any(|(n, _)| n == name)) {
        return Err(MigrationError::Newer(name.clone()));
    }
    let mut ran = Vec::new();
    for (name, text) in MIGRATIONS {
        let hash = hex::encode(Sha256::digest(text));
        match known.iter().find(|(n, _)| n == name) {
            Some((_, ran_as)) if *ran_as == hash => {}
            Some(_) => return Err(MigrationError::Edited((*name).to_owned())),
            None => {
                run_one(owner, name, text, &hash).await?;
                ran.push(*name);
            }
        }
    }
    Ok(ran)
}

async fn run_one(
    owner: &mut Client,
    name: &'static str,
    text: &str,
    hash: &str,
) -> std::result::Result<(), MigrationError> {
    let tx = owner.transaction().await?;
    tx.batch_execute(text).await.map_err(|source| MigrationError::Failed { name, source })?;
    tx.execute("insert into schema_migrations (name, hash) values ($1, $2)", &[&name, &hash]).await?;
    tx.commit().await?;
    Ok(())
}
