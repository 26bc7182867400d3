//! The ring of organizations: whose turn it is to dial, and the lock under which an organization's counters change.
//!
//! Every transaction that counts or gives back takes this lock first, then attempts, then counters, then the pool: one
//! order everywhere, so none waits for another in a circle.

use super::statement::sql;
use super::{Db, Result, TenantTx, TurnsTx};
use crate::domain::ids::OrganizationId;
use jiff::Timestamp;
use tokio_postgres::Row;

/// An organization as its turn sees it.
#[derive(Debug, Clone)]
pub struct Turn {
    pub organization: OrganizationId,
    pub weight: i32,
    pub lines_in_use: i32,
    /// Due attempts of each campaign to look at in this turn.
    pub candidates_max: i32,
    /// How far the organization has come by its share (`domain::fair_share`).
    pub virtual_time: i64,
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

/// An organization whose turn has come.
#[derive(Debug, Clone, Copy)]
pub struct DueTurn {
    pub organization: OrganizationId,
    /// The virtual time at which it begins: whoever was idle has saved nothing.
    pub begins_at: i64,
}

sql!(DUE, "select organization_id, begins_at from across.due_organizations($1, $2)");
sql!(NEXT_DUE, "select across.next_due_organization()");
// Skip locked: another node is claiming for the organization, or it is being counted for, and its turn is not ours then. So
// many are locked at once and none is waited for. The locked rows are read in their newest version; what else the claim
// reads comes in later statements, whose snapshots are newer than the locks.
sql!(
    TAKE,
    "select d.organization_id, d.weight, d.lines_in_use, d.candidates_max, greatest(d.virtual_time, t.begins_at),
            o.time_zone, not exists (
                select from agency_dispatch s where s.paused_since is not null or s.quarantined_since is not null
            ), o.status = 'active',
            o.calling_hours, o.calls_per_day_max, o.calls_per_lead_and_day_max, o.ring_gap_minutes_min, o.lines_max,
            o.dialing_rules
     from unnest($1::uuid[], $3::bigint[]) with ordinality as t (id, begins_at, place)
     join organization_dispatch d on d.organization_id = t.id
     join organizations o on o.id = d.organization_id
     where d.next_at <= $2
     order by t.place
     for update of d skip locked"
);
// What `TAKE` reads, for whoever only looks.
sql!(
    LOOK,
    "select d.organization_id, d.weight, d.lines_in_use, d.candidates_max, d.virtual_time,
            o.time_zone, not exists (
                select from agency_dispatch s where s.paused_since is not null or s.quarantined_since is not null
            ), o.status = 'active',
            o.calling_hours, o.calls_per_day_max, o.calls_per_lead_and_day_max, o.ring_gap_minutes_min, o.lines_max,
            o.dialing_rules, d.next_at, o.name
     from organization_dispatch d
     join organizations o on o.id = d.organization_id
     where d.organization_id = $1"
);
sql!(LOCK, "select lines_in_use from organization_dispatch where organization_id = $1 for update");
// In the order of their ids: whoever waits for several does so.
sql!(
    LOCK_ALL,
    "select organization_id from organization_dispatch
     where organization_id = any ($1)
     order by organization_id
     for update"
);
sql!(
    END,
    "update organization_dispatch d
     set next_at = t.next_at, waiting_because = t.waiting_because, lines_in_use = d.lines_in_use + t.lines,
         candidates_max = t.candidates_max, virtual_time = t.virtual_time, is_idle = t.is_idle,
         served_at = case when t.lines > 0 then $8 else d.served_at end
     from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::bool[])
         as t (id, next_at, waiting_because, lines, candidates_max, virtual_time, is_idle)
     where d.organization_id = t.id"
);
sql!(
    WAKE,
    "update organization_dispatch
     set next_at = least(next_at, $2)
     where organization_id = $1"
);
sql!(TAKE_LINE, "update organization_dispatch set lines_in_use = lines_in_use + 1 where organization_id = $1");

/// Organizations whose turn has come, the one that is furthest behind its share first.
pub async fn due(db: &Db, now: Timestamp, count_max: usize) -> Result<Vec<DueTurn>> {
    let count_max = i32::try_from(count_max).unwrap_or(i32::MAX);
    let rows = db.plain().await?.all(DUE, &[&now, &count_max]).await?;
    Ok(rows.iter().map(|row| DueTurn { organization: row.get(0), begins_at: row.get(1) }).collect())
}

/// When the next organization's turn comes.
pub async fn next_due(db: &Db) -> Result<Option<Timestamp>> {
    Ok(db.plain().await?.one(NEXT_DUE, &[]).await?.get(0))
}

/// Takes those of `due` whose turn has come and that nobody else has, in the same order. The transaction reaches these and
/// no others.
pub async fn take(db: &Db, due: &[DueTurn], now: Timestamp) -> Result<(TurnsTx, Vec<Turn>)> {
    let (organizations, begins_at): (Vec<OrganizationId>, Vec<i64>) =
        due.iter().map(|turn| (turn.organization, turn.begins_at)).unzip();
    let tx = db.turns(&organizations).await?;
    failpoint!("claim.begun");
    let turns = lock_turns(&tx, (&organizations, &begins_at), now).await?;
    let held: Vec<OrganizationId> = turns.iter().map(|turn| turn.organization).collect();
    if held.len() < organizations.len() {
        tx.hold(&held).await?;
    }
    Ok((tx, turns))
}

async fn lock_turns(tx: &TurnsTx, due: (&[OrganizationId], &[i64]), now: Timestamp) -> Result<Vec<Turn>> {
    let (organizations, begins_at) = due;
    let rows = tx.all(TAKE, &[&organizations, &now, &begins_at]).await?;
    Ok(rows.iter().map(turn).collect())
}

/// The turn as it stands, when it comes, and the organization's name. Locks nothing.
pub async fn look(tx: &TenantTx) -> Result<(Turn, Timestamp, String)> {
    let row = tx.one(LOOK, &[&tx.organization]).await?;
    Ok((turn(&row), row.get(14), row.get(15)))
}

fn turn(row: &Row) -> Turn {
    Turn {
        organization: row.get(0),
        weight: row.get(1),
        lines_in_use: row.get(2),
        candidates_max: row.get(3),
        virtual_time: row.get(4),
        time_zone: row.get(5),
        agency_dials: row.get(6),
        is_active: row.get(7),
        calling_hours: row.get(8),
        calls_per_day_max: row.get(9),
        calls_per_lead_and_day_max: row.get(10),
        ring_gap_minutes_min: row.get(11),
        lines_max: row.get(12),
        dialing_rules: row.get(13),
    }
}

/// Waits for the organization's lock, for a change outside its turn.
pub async fn lock(tx: &TenantTx) -> Result<()> {
    tx.one(LOCK, &[&tx.organization]).await?;
    Ok(())
}

/// Waits for the locks of organizations, for changes outside their turns. The transaction reaches these and no others.
pub async fn lock_all(db: &Db, organizations: &[OrganizationId]) -> Result<TurnsTx> {
    let tx = db.turns(organizations).await?;
    tx.all(LOCK_ALL, &[&organizations]).await?;
    Ok(tx)
}

/// How a turn ended.
#[derive(Debug, Clone)]
pub struct TurnEnd {
    pub organization: OrganizationId,
    pub next_at: Timestamp,
    pub waiting_because: Option<&'static str>,
    pub lines_taken: i32,
    /// For the next turn.
    pub candidates_max: i32,
    pub virtual_time: i64,
    /// False: it waits for what organizations share.
    pub is_idle: bool,
}

/// Ends the turns.
pub async fn end(tx: &TurnsTx, ends: &[TurnEnd], now: Timestamp) -> Result<()> {
    let organizations: Vec<OrganizationId> = ends.iter().map(|end| end.organization).collect();
    let next_at: Vec<Timestamp> = ends.iter().map(|end| end.next_at).collect();
    let because: Vec<Option<&str>> = ends.iter().map(|end| end.waiting_because).collect();
    let lines: Vec<i32> = ends.iter().map(|end| end.lines_taken).collect();
    let candidates: Vec<i32> = ends.iter().map(|end| end.candidates_max).collect();
    let virtual_times: Vec<i64> = ends.iter().map(|end| end.virtual_time).collect();
    let idle: Vec<bool> = ends.iter().map(|end| end.is_idle).collect();
    tx.run(END, &[&organizations, &next_at, &because, &lines, &candidates, &virtual_times, &idle, &now]).await?;
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
