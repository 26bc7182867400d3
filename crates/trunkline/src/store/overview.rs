//! The day so far: calls, what they cost, lines in use, and what waits for a person. Of one organization or of all.

use super::quarantine::{self, Quarantine};
use super::statement::sql;
use super::{AgencyTx, Reach, Result, columns};
use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio_postgres::Row;

/// Campaigns and accounts that are named among what waits for a person.
const NEEDS_MAX: i64 = 5;

/// Calls that began in a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DayCounts {
    pub calls: u64,
    pub answered: u64,
    pub goals_met: u64,
    /// US dollars; for the agency.
    pub spend: Decimal,
}

/// Calls that began in the hour from `at` on, by how they ended.
#[derive(Debug, Clone, Copy)]
pub struct HourCounts {
    pub at: Timestamp,
    pub answered: u64,
    pub not_reached: u64,
    pub failed: u64,
}

/// The lines of a pool by what they do.
#[derive(Debug, Clone)]
pub struct PoolUse {
    pub name: String,
    pub accounts: Vec<String>,
    pub lines_max: i32,
    /// By our ledger.
    pub lines_in_use: i32,
    pub talking: u64,
    pub ringing: u64,
}

/// A campaign that the program paused by itself.
#[derive(Debug, Clone)]
pub struct PausedCampaign {
    /// Slug and name.
    pub organization: (String, String),
    pub id: String,
    pub name: String,
    pub reason: String,
}

#[derive(Debug, Clone)]
pub struct PausedAccount {
    pub name: String,
    pub reason: Option<String>,
    pub until: Option<Timestamp>,
}

/// What waits for a person at the agency.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    pub unattributed_events: u64,
    pub events_set_aside: u64,
    /// Attempts that the program cannot settle.
    pub attempts: u64,
    pub paused_campaigns: Vec<PausedCampaign>,
    pub paused_accounts: Vec<PausedAccount>,
    pub quarantine: Option<Quarantine>,
}

/// What an organization's people see of now.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrganizationNow {
    pub leads: u64,
    pub leads_to_call: u64,
    pub lines_in_use: u64,
    pub lines_max: u64,
    pub talking: u64,
    pub ringing: u64,
}

sql!(
    DAY,
    "select count(*), count(*) filter (where outcome = 'answered'),
            count(*) filter (where outcome = 'answered' and lower(success) in ('true', 'pass', 'passed')), coalesce(sum(cost), 0)
     from calls
     where ($1::uuid is null or organization_id = $1) and placed_at >= $2 and placed_at < $3"
);
sql!(
    HOURS,
    "select date_bin('1 hour', placed_at, $2) as began, count(*) filter (where outcome = 'answered'),
            count(*) filter (where outcome in ('voicemail', 'no_answer', 'busy')),
            count(*) filter (where outcome in ('refused', 'failed'))
     from calls
     where ($1::uuid is null or organization_id = $1) and placed_at >= $2 and placed_at < $3
     group by began
     order by began"
);
sql!(CAMPAIGNS_RUNNING, "select count(*) from campaigns where status = 'running'");
sql!(
    POOLS,
    "select p.name, array(select a.name from provider_accounts a where a.line_pool_id = p.id order by a.name),
            p.lines_max, p.lines_in_use, coalesce(k.talking, 0), coalesce(k.ringing, 0)
     from line_pools p
     left join (
         select a.line_pool_id, count(*) filter (where c.status in ('in_progress', 'forwarding')) as talking,
                count(*) filter (where c.status not in ('in_progress', 'forwarding')) as ringing
         from calls c
         join provider_accounts a on a.id = c.provider_account_id
         where c.ended_at is null
         group by a.line_pool_id
     ) k on k.line_pool_id = p.id
     order by p.name"
);
sql!(
    ODD_COUNTS,
    "select (select count(*) from events where state = 'unattributed'),
            (select count(*) from events where state = 'set_aside'),
            (select count(*) from attempts
             where state = 'held' or (state in ('accepted_late', 'conflict') and acknowledged_at is null))"
);
sql!(
    PAUSED_CAMPAIGNS,
    "select o.slug, o.name, c.id::text, c.name, c.status_reason
     from campaigns c
     join organizations o on o.id = c.organization_id
     where c.status = 'paused' and c.status_by is null and c.status_reason is not null
     order by c.status_since desc
     limit $1"
);
sql!(
    PAUSED_ACCOUNTS,
    "select name, pause_reason, paused_until from provider_accounts
     where status = 'paused'
     order by name
     limit $1"
);
sql!(
    ORGANIZATION_NOW,
    "select (select count(*) from leads where organization_id = $1),
            (select count(distinct e.lead_id) from enrollments e
             join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
             where e.organization_id = $1 and e.status = 'queued' and c.status in ('running', 'paused', 'scheduled')),
            (select count(*) filter (where status in ('in_progress', 'forwarding')) from calls
             where organization_id = $1 and ended_at is null),
            (select count(*) filter (where status not in ('in_progress', 'forwarding')) from calls
             where organization_id = $1 and ended_at is null),
            d.lines_in_use::bigint, o.lines_max::bigint
     from organizations o
     join organization_dispatch d on d.organization_id = o.id
     where o.id = $1"
);

/// Calls that began from `from` on and before `before`.
pub async fn day(reach: Reach<'_>, from: Timestamp, before: Timestamp) -> Result<DayCounts> {
    let row = reach.tx().one(DAY, &[&reach.organization(), &from, &before]).await?;
    Ok(DayCounts {
        calls: columns::count(&row, 0),
        answered: columns::count(&row, 1),
        goals_met: columns::count(&row, 2),
        spend: row.get(3),
    })
}

/// The same by hours counted from `from`; hours without a call are not in it.
pub async fn hours(reach: Reach<'_>, from: Timestamp, before: Timestamp) -> Result<Vec<HourCounts>> {
    let rows = reach.tx().all(HOURS, &[&reach.organization(), &from, &before]).await?;
    let read = |row: &Row| HourCounts {
        at: row.get(0),
        answered: columns::count(row, 1),
        not_reached: columns::count(row, 2),
        failed: columns::count(row, 3),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn campaigns_running(tx: &AgencyTx) -> Result<u64> {
    Ok(columns::count(&tx.one(CAMPAIGNS_RUNNING, &[]).await?, 0))
}

pub async fn pools(tx: &AgencyTx) -> Result<Vec<PoolUse>> {
    let rows = tx.all(POOLS, &[]).await?;
    let read = |row: &Row| PoolUse {
        name: row.get(0),
        accounts: row.get(1),
        lines_max: row.get(2),
        lines_in_use: row.get(3),
        talking: columns::count(row, 4),
        ringing: columns::count(row, 5),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn needs(tx: &AgencyTx) -> Result<Needs> {
    let counts = tx.one(ODD_COUNTS, &[]).await?;
    let campaigns = tx.all(PAUSED_CAMPAIGNS, &[&NEEDS_MAX]).await?;
    let accounts = tx.all(PAUSED_ACCOUNTS, &[&NEEDS_MAX]).await?;
    let campaign = |row: &Row| PausedCampaign {
        organization: (row.get(0), row.get(1)),
        id: row.get(2),
        name: row.get(3),
        reason: row.get(4),
    };
    let account = |row: &Row| PausedAccount { name: row.get(0), reason: row.get(1), until: row.get(2) };
    Ok(Needs {
        unattributed_events: columns::count(&counts, 0),
        events_set_aside: columns::count(&counts, 1),
        attempts: columns::count(&counts, 2),
        paused_campaigns: campaigns.iter().map(campaign).collect(),
        paused_accounts: accounts.iter().map(account).collect(),
        quarantine: quarantine::of(tx).await?,
    })
}

pub async fn organization_now(tx: &super::TenantTx) -> Result<OrganizationNow> {
    let row = tx.one(ORGANIZATION_NOW, &[&tx.organization]).await?;
    Ok(OrganizationNow {
        leads: columns::count(&row, 0),
        leads_to_call: columns::count(&row, 1),
        talking: columns::count(&row, 2),
        ringing: columns::count(&row, 3),
        lines_in_use: columns::count(&row, 4),
        lines_max: columns::count(&row, 5),
    })
}
