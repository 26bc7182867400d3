//! Whether the walls between organizations hold for the role that the program has logged in as, and whether the server may be
//! relied on. Asked at every start.

use super::statement::sql;
use super::{Db, Result};
use jiff::Timestamp;

/// What is wrong with the role; the program does not start on any of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    #[error("the database role is a superuser, whom no policy binds: log in as trunkline_app")]
    Superuser,
    #[error("the database role may bypass row-level security: alter role … nobypassrls, or log in as trunkline_app")]
    BypassesPolicies,
    #[error("the database role owns tables, so that their policies do not bind it: log in as trunkline_app")]
    OwnsTables,
    #[error("the database role inherits trunkline_agency, who reads all organizations: alter role … noinherit")]
    InheritsAgency,
}

// Of owners 'member', not 'usage': whoever may become one by `set role` is bound as little as who inherits from it. The
// agency's role is taken on like that by every program, but must not be inherited.
sql!(
    ROLE,
    "select r.rolsuper, r.rolbypassrls,
            exists (
                select from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'public' and c.relkind in ('r', 'p')
                  and pg_has_role(r.oid, c.relowner, 'member')
            ),
            pg_has_role(r.oid, 'trunkline_agency', 'usage')
     from pg_roles r
     where r.rolname = current_user"
);
sql!(
    KEEPS,
    "select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'
        and current_setting('synchronous_commit') <> 'off'"
);
sql!(NOW, "select clock_timestamp()");

/// The first thing that is wrong with the role, if anything is.
pub async fn breach(db: &Db) -> Result<Option<Breach>> {
    let row = db.plain().await?.one(ROLE, &[]).await?;
    let breaches = [Breach::Superuser, Breach::BypassesPolicies, Breach::OwnsTables, Breach::InheritsAgency];
    Ok(breaches.into_iter().enumerate().find(|(place, _)| row.get(*place)).map(|(_, breach)| breach))
}

/// Whether the server keeps what it has acknowledged, through a crash of itself and of its machine.
pub async fn keeps_what_it_acknowledges(db: &Db) -> Result<bool> {
    Ok(db.plain().await?.one(KEEPS, &[]).await?.get(0))
}

/// The database's own clock.
pub async fn database_time(db: &Db) -> Result<Timestamp> {
    Ok(db.plain().await?.one(NOW, &[]).await?.get(0))
}
