//! The ring of organizations: whose turn it is to dial, and the lock under which an organization's counters change.
//!
//! Every transaction that counts or gives back takes this lock first, then attempts, then counters, then the pool: one
//! order everywhere, so none waits for another in a circle.

use super::statement::sql;
use super::{Db, Result, TenantTx};
use crate::domain::ids::OrganizationId;
use jiff::Timestamp;

/// The organization as its turn sees it.
#[derive(Debug, Clone)]
pub struct Turn {
    pub weight: i32,
    pub lines_in_use: i32,
    pub time_zone: String,
    pub agency_dials: bool,
    pub is_active: bool,
    pub calling_hours: serde_json::Value,
    pub calls_per_day_max: i32,
    pub calls_per_lead_and_day_max: i32,
    pub ring_gap_minutes_min: i32,
    pub lines_max: i32,
    pub dialing_rules: serde_json::Value,
}

sql!(DUE, "select across.due_organizations($1, $2)");
sql!(NEXT_DUE, "select across.next_due_organization()");
// Skip locked: another node is claiming for this organization, and its turn is not ours then. The locked row is read in
// its newest version; what else the claim reads comes in later statements, whose snapshots are newer than the lock.
sql!(
    TAKE,
    "select d.weight, d.lines_in_use, o.time_zone, o.status = 'active', o.calling_hours, o.calls_per_day_max,
            o.calls_per_lead_and_day_max, o.ring_gap_minutes_min, o.lines_max,
            not exists (
                select from agency_dispatch s where s.paused_since is not null or s.quarantined_since is not null
            ), o.dialing_rules
     from organization_dispatch d
     join organizations o on o.id = d.organization_id
     where d.organization_id = $1 and d.next_at <= $2
     for update of d skip locked"
);
// What `TAKE` reads, for whoever only looks.
sql!(
    LOOK,
    "select d.weight, d.lines_in_use, o.time_zone, o.status = 'active', o.calling_hours, o.calls_per_day_max,
            o.calls_per_lead_and_day_max, o.ring_gap_minutes_min, o.lines_max,
            not exists (
                select from agency_dispatch s where s.paused_since is not null or s.quarantined_since is not null
            ), o.dialing_rules, d.next_at,
            o.name
     from organization_dispatch d
     join organizations o on o.id = d.organization_id
     where d.organization_id = $1"
);
sql!(LOCK, "select lines_in_use from organization_dispatch where organization_id = $1 for update");
sql!(
    END,
    "update organization_dispatch
     set next_at = $2, waiting_because = $3, lines_in_use = lines_in_use + $4,
         served_at = case when $4 > 0 then $5 else served_at end
     where organization_id = $1"
);
sql!(
    WAKE,
    "update organization_dispatch
     set next_at = least(next_at, $2)
     where organization_id = $1"
);
sql!(TAKE_LINE, "update organization_dispatch set lines_in_use = lines_in_use + 1 where organization_id = $1");
sql!(
    FREE_LINE,
    "update organization_dispatch
     set lines_in_use = lines_in_use - 1, next_at = least(next_at, $2)
     where organization_id = $1"
);

/// Organizations whose turn has come, the one served longest ago first.
pub async fn due(db: &Db, now: Timestamp, count_max: i32) -> Result<Vec<OrganizationId>> {
    let rows = db.plain().await?.all(DUE, &[&now, &count_max]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// When the next organization's turn comes.
pub async fn next_due(db: &Db) -> Result<Option<Timestamp>> {
    Ok(db.plain().await?.one(NEXT_DUE, &[]).await?.get(0))
}

/// Takes the turn; `None` if it has not come or another node has it.
pub async fn take(tx: &TenantTx, now: Timestamp) -> Result<Option<Turn>> {
    let row = tx.one_or_none(TAKE, &[&tx.organization, &now]).await?;
    Ok(row.as_ref().map(turn))
}

/// The turn as it stands, when it comes, and the organization's name. Locks nothing.
pub async fn look(tx: &TenantTx) -> Result<(Turn, Timestamp, String)> {
    let row = tx.one(LOOK, &[&tx.organization]).await?;
    Ok((turn(&row), row.get(11), row.get(12)))
}

fn turn(row: &tokio_postgres::Row) -> Turn {
    Turn {
        weight: row.get(0),
        lines_in_use: row.get(1),
        time_zone: row.get(2),
        is_active: row.get(3),
        calling_hours: row.get(4),
        calls_per_day_max: row.get(5),
        calls_per_lead_and_day_max: row.get(6),
        ring_gap_minutes_min: row.get(7),
        lines_max: row.get(8),
        agency_dials: row.get(9),
        dialing_rules: row.get(10),
    }
}

/// Waits for the organization's lock, for a change outside its turn.
pub async fn lock(tx: &TenantTx) -> Result<()> {
    tx.one(LOCK, &[&tx.organization]).await?;
    Ok(())
}

/// How a turn ended.
#[derive(Debug, Clone, Copy)]
pub struct TurnEnd<'a> {
    pub next_at: Timestamp,
    pub waiting_because: Option<&'a str>,
    pub lines_taken: i32,
}

/// Ends the turn.
pub async fn end(tx: &TenantTx, end: TurnEnd<'_>, now: Timestamp) -> Result<()> {
    let TurnEnd { next_at, waiting_because, lines_taken } = end;
    tx.run(END, &[&tx.organization, &next_at, &waiting_because, &lines_taken, &now]).await?;
    Ok(())
}

/// Brings the next turn forward: something is due at `at`.
pub async fn wake(tx: &TenantTx, at: Timestamp) -> Result<()> {
    tx.run(WAKE, &[&tx.organization, &at]).await?;
    Ok(())
}

/// Takes a line outside of a turn: for a call that a lost turn had chosen.
pub async fn take_line(tx: &TenantTx) -> Result<()> {
    tx.run(TAKE_LINE, &[&tx.organization]).await?;
    Ok(())
}

/// Gives back one of the organization's lines, and its turn comes: the line may be used at once.
pub async fn free_line(tx: &TenantTx, now: Timestamp) -> Result<()> {
    tx.run(FREE_LINE, &[&tx.organization, &now]).await?;
    Ok(())
}
