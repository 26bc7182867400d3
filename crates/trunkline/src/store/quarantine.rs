//! The quarantine of a database that may lack what was done since it was copied: how it is recognized, how far the adoption
//! of the provider's calls has come, and its end.

use super::statement::sql;
use super::{Db, PlainTx, Result, across, audit, send_gate};
use crate::domain::ids::{ProviderAccountId, UserId};
use jiff::Timestamp;
use serde_json::json;

/// Since when nothing is dialed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    pub since: Timestamp,
    pub because: String,
}

/// An account whose calls are not all in the ledger.
#[derive(Debug, Clone)]
pub struct Adopting {
    pub account: ProviderAccountId,
    pub name: String,
    /// Calls that were created before are.
    pub adopted_until: Timestamp,
}

/// What is still to be done.
#[derive(Debug, Clone, Default)]
pub struct Left {
    pub accounts: Vec<Adopting>,
    /// Calls that are kept and not yet in the ledger.
    pub calls: i64,
}

sql!(
    STATE,
    "select quarantined_since, quarantined_because, database_identity is null,
            database_identity is distinct from database_identity()
     from agency_dispatch"
);
sql!(STAMP, "update agency_dispatch set database_identity = database_identity() where database_identity is null");
// Two nodes may recognize the same restore: the second changes nothing.
sql!(
    BEGIN,
    "update agency_dispatch
     set quarantined_since = $1, quarantined_because = $2, database_identity = database_identity()
     where quarantined_since is null or database_identity is distinct from database_identity()"
);
// What the ledger was told of last: it knows every call that was created before, or it has the attempt.
sql!(
    ADOPT_FROM,
    "update provider_accounts
     set adopted_until = least(coalesce(swept_until, created_at), $1, $2)"
);
sql!(
    END,
    "update agency_dispatch set quarantined_since = null, quarantined_because = null where quarantined_since is not null"
);
sql!(NOTHING_TO_ADOPT, "update provider_accounts set adopted_until = null where adopted_until is not null");
// An account is added by a person: there are few.
sql!(
    ADOPTING,
    "select id, name, adopted_until from provider_accounts
     where adopted_until is not null
     order by name
     limit 1000"
);
sql!(ADOPTED, "update provider_accounts set adopted_until = $2 where id = $1 and adopted_until is not null");

/// The quarantine that the database is in, begun now if this is not the database that the nodes wrote to.
pub async fn recognize(db: &Db, now: Timestamp) -> Result<Option<Quarantine>> {
    let tx = db.plain().await?;
    let row = tx.one(STATE, &[]).await?;
    let (is_new, is_another): (bool, bool) = (row.get(2), row.get(3));
    if is_new {
        tx.run(STAMP, &[]).await?;
        tx.commit().await?;
    } else if is_another {
        drop(tx);
        begin(db, "the database was restored, or another server took over", None, (None, now)).await?;
        return state(db).await;
    }
    Ok(quarantine(&row))
}

/// `None`: it is in none.
pub async fn of(tx: &PlainTx) -> Result<Option<Quarantine>> {
    Ok(quarantine(&tx.one(STATE, &[]).await?))
}

/// The same, for whoever has no transaction.
pub async fn state(db: &Db) -> Result<Option<Quarantine>> {
    of(&db.plain().await?).await
}

/// Stops all dialing until every call that the provider has of us is in the ledger. `since`: the ledger may lack what was done
/// from then on, where that is earlier than what the ledger itself tells. When this returns, nothing is sent any more, on any
/// node. False: it was in quarantine already.
pub async fn begin(
    db: &Db,
    because: &str,
    since: Option<Timestamp>,
    (by, now): (Option<UserId>, Timestamp),
) -> Result<bool> {
    let tx = db.plain().await?;
    let has_begun = tx.run(BEGIN, &[&now, &because]).await? == 1;
    if has_begun {
        tx.run(ADOPT_FROM, &[&since.unwrap_or(now), &now]).await?;
        audit::add_of_agency(&tx, &entry(by, "quarantine.begun", because), now).await?;
        tx.commit().await?;
        tracing::error!(
            because,
            "the database is in quarantine: nothing is dialed until every call at the provider is known"
        );
        send_gate::wait_for_sends(db).await?;
    }
    Ok(has_begun)
}

/// Ends it, and dials at once for whoever waited. False: it was in none.
pub async fn end(db: &Db, because: &str, (by, now): (Option<UserId>, Timestamp)) -> Result<bool> {
    let tx = db.plain().await?;
    let has_ended = tx.run(END, &[]).await? == 1;
    if has_ended {
        tx.run(NOTHING_TO_ADOPT, &[]).await?;
        audit::add_of_agency(&tx, &entry(by, "quarantine.ended", because), now).await?;
        tx.commit().await?;
        tracing::warn!(because, "the quarantine is over, and dialing goes on");
        across::wake_waiting(db, now).await?;
    }
    Ok(has_ended)
}

pub async fn left(db: &Db) -> Result<Left> {
    let calls = across::adoptions_left(db).await?;
    let rows = db.plain().await?.all(ADOPTING, &[]).await?;
    let read =
        |row: &tokio_postgres::Row| Adopting { account: row.get(0), name: row.get(1), adopted_until: row.get(2) };
    Ok(Left { accounts: rows.iter().map(read).collect(), calls })
}

/// Calls of the account that were created before `until` are in the ledger; `None`: all are.
pub async fn adopted(db: &Db, account: ProviderAccountId, until: Option<Timestamp>) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(ADOPTED, &[&account, &until]).await?;
    tx.commit().await
}

fn quarantine(row: &tokio_postgres::Row) -> Option<Quarantine> {
    let since: Option<Timestamp> = row.get(0);
    Some(Quarantine { since: since?, because: row.get::<_, Option<String>>(1).unwrap_or_default() })
}

fn entry<'a>(by: Option<UserId>, action: &'a str, because: &str) -> audit::Entry<'a> {
    audit::Entry { by, action, subject: "dialing".to_owned(), detail: json!({ "because": because }) }
}

impl Left {
    pub fn is_nothing(&self) -> bool {
        self.accounts.is_empty() && self.calls == 0
    }
}
