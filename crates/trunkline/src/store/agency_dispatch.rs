//! The agency's own switch: while it is off, nobody is dialed for anybody.

use super::statement::sql;
use super::{Db, PlainTx, Result, send_gate};
use crate::domain::ids::UserId;
use crate::store::across;
use crate::store::audit;
use jiff::Timestamp;
use serde_json::json;

/// Dialing was stopped for all organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyPause {
    pub since: Timestamp,
    /// `None`: somebody at a terminal.
    pub by: Option<String>,
    pub because: Option<String>,
}

sql!(
    PAUSE,
    "update agency_dispatch
     set paused_since = $1, paused_by = $2, paused_because = $3"
);
sql!(RESUME, "update agency_dispatch set paused_since = null, paused_by = null, paused_because = null");
sql!(
    STATE,
    "select d.paused_since, (select n.name from across.user_names(array[d.paused_by]) n), d.paused_because
     from agency_dispatch d
     where d.paused_since is not null"
);

/// `None`: it dials.
pub async fn pause_of(tx: &PlainTx) -> Result<Option<AgencyPause>> {
    let row = tx.one_or_none(STATE, &[]).await?;
    Ok(row.map(|row| AgencyPause { since: row.get(0), by: row.get(1), because: row.get(2) }))
}

/// The same, for whoever has no transaction.
pub async fn state(db: &Db) -> Result<Option<AgencyPause>> {
    pause_of(&db.plain().await?).await
}

/// Stops all dialing. When this returns, nothing is sent any more, on any node; calls in progress go on.
pub async fn pause(db: &Db, by: Option<UserId>, because: Option<&str>, now: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(PAUSE, &[&now, &by, &because]).await?;
    audit::add_of_agency(&tx, &entry(by, "dialing.paused", because), now).await?;
    tx.commit().await?;
    send_gate::wait_for_sends(db).await
}

/// Dials again, and at once for whoever waited.
pub async fn resume(db: &Db, by: Option<UserId>, now: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(RESUME, &[]).await?;
    audit::add_of_agency(&tx, &entry(by, "dialing.resumed", None), now).await?;
    tx.commit().await?;
    across::wake_waiting(db, now).await
}

fn entry<'a>(by: Option<UserId>, action: &'a str, because: Option<&str>) -> audit::Entry<'a> {
    audit::Entry { by, action, subject: "dialing".to_owned(), detail: json!({ "because": because }) }
}
