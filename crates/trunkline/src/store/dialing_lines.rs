//! Where a campaign's calls can go out: numbers, accounts where its agent is deployed, and their pools.

use super::day_totals::CampaignDay;
use super::statement::sql;
use super::{Bound, Result, TenantTx, TurnsTx};
use crate::domain::ids::{AgentId, CampaignId, LinePoolId, OrganizationId, PhoneNumberId, ProviderAccountId};
use crate::domain::request_pace::RequestPace;
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;
use tokio_postgres::Row;

#[derive(Debug, Clone)]
pub struct CampaignNumber {
    pub campaign: CampaignId,
    pub id: PhoneNumberId,
    pub account: ProviderAccountId,
    /// In E.164.
    pub number: String,
    pub is_usable: bool,
    pub resting_until: Option<Timestamp>,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
    pub calls_per_hour_max: Option<i32>,
    pub warm_up_from: Option<Date>,
    pub hour_at: Timestamp,
    pub hour_calls: i32,
    pub last_call_at: Option<Timestamp>,
}

/// An account of the organization's agents, with its pool; in a claim both rows are locked until it commits.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: ProviderAccountId,
    pub pool: LinePoolId,
    pub paused_until: Option<Timestamp>,
    pub pace: RequestPace,
    pub minute_requests: i32,
    pub requests_per_second_max: Option<i32>,
    pub second_at: Timestamp,
    pub second_requests: i32,
    pub pool_lines_free: i32,
    /// Of these, what is kept for incoming calls or was promised to organizations, whichever.
    pub pool_lines_kept: i32,
    pub pool_cooling_until: Option<Timestamp>,
}

sql!(
    NUMBERS,
    "select c.campaign_id, n.id, n.provider_account_id, n.number,
            n.status = 'active' or (n.status = 'resting' and n.resting_until is not null),
            case when n.status = 'resting' then n.resting_until end,
            coalesce(d.calls, 0), n.calls_per_day_max, n.calls_per_hour_max, n.warm_up_from, n.hour_at, n.hour_calls,
            n.last_call_at
     from unnest($1::uuid[], $2::uuid[], $3::date[]) as o (id, campaign_id, day)
     cross join lateral (
         select campaign_id, phone_number_id from campaign_phone_numbers
         where organization_id = o.id and campaign_id = o.campaign_id
         offset 0
     ) c
     cross join lateral (select * from phone_numbers where organization_id = o.id and id = c.phone_number_id offset 0) n
     left join phone_number_days d on d.organization_id = o.id and d.phone_number_id = n.id and d.day = o.day"
);
sql!(
    DEPLOYMENTS,
    "select d.agent_id, d.provider_account_id
     from unnest($1::uuid[]) as o (id)
     cross join lateral (
         select agent_id, provider_account_id from agent_deployments where organization_id = o.id offset 0
     ) d"
);
// Lines that were promised and not taken up.
sql!(
    OWED,
    "select g.organization_id, g.line_pool_id, g.lines_min - g.lines_in_use
     from unnest($1::uuid[]) as o (id)
     join line_guarantees g on g.organization_id = o.id
     where g.lines_min > g.lines_in_use"
);
// Locked in the order of their ids, pools through their accounts, after all else is read: claims wait here for each other
// for the few milliseconds until the first has committed, and the lines of a pool are never overdrawn. "No key": whoever
// writes a row that refers to the account holds its key, and would wait for the pool while this waits for the account.
sql!(
    ACCOUNTS,
    "select a.id, a.line_pool_id,
            case when a.status = 'paused' then coalesce(a.paused_until, '9999-01-01'::timestamptz) end,
            a.requests_per_minute_max, a.minute_at, a.minute_requests, p.lines_max - p.lines_in_use, p.cooling_until,
            a.slowed_to, a.slowed_at, a.slow_start_minutes, a.busy_since, a.requests_per_second_max, a.second_at,
            a.second_requests, a.unknowns_in_a_row, p.inbound_reserve + p.lines_owed
     from line_pools p
     join provider_accounts a on a.line_pool_id = p.id
     where a.id = any ($1)
     order by p.id, a.id
     for no key update"
);
// The same for whoever only looks.
sql!(
    ACCOUNTS_UNLOCKED,
    "select a.id, a.line_pool_id,
            case when a.status = 'paused' then coalesce(a.paused_until, '9999-01-01'::timestamptz) end,
            a.requests_per_minute_max, a.minute_at, a.minute_requests, p.lines_max - p.lines_in_use, p.cooling_until,
            a.slowed_to, a.slowed_at, a.slow_start_minutes, a.busy_since, a.requests_per_second_max, a.second_at,
            a.second_requests, a.unknowns_in_a_row, p.inbound_reserve + p.lines_owed
     from line_pools p
     join provider_accounts a on a.line_pool_id = p.id
     where a.id = any ($1)
     order by p.id, a.id"
);

/// The numbers of campaigns with their calls of a day, their organization's.
pub async fn numbers(tx: &impl Bound, days: &[CampaignDay]) -> Result<Vec<CampaignNumber>> {
    let (organizations, campaigns, days) = CampaignDay::columns(days);
    let rows = tx.all(NUMBERS, &[&organizations, &campaigns, &days]).await?;
    let read = |row: &Row| CampaignNumber {
        campaign: row.get(0),
        id: row.get(1),
        account: row.get(2),
        number: row.get(3),
        is_usable: row.get(4),
        resting_until: row.get(5),
        calls_today: row.get(6),
        calls_per_day_max: row.get(7),
        calls_per_hour_max: row.get(8),
        warm_up_from: row.get(9),
        hour_at: row.get(10),
        hour_calls: row.get(11),
        last_call_at: row.get(12),
    };
    Ok(rows.iter().map(read).collect())
}

/// Where each agent of `organizations` is deployed.
pub async fn deployments(
    tx: &impl Bound,
    organizations: &[OrganizationId],
) -> Result<Vec<(AgentId, ProviderAccountId)>> {
    let rows = tx.all(DEPLOYMENTS, &[&organizations]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Lines of pools that were promised to organizations and that these have not taken up.
pub async fn owed(
    tx: &impl Bound,
    organizations: &[OrganizationId],
) -> Result<HashMap<(OrganizationId, LinePoolId), i32>> {
    let rows = tx.all(OWED, &[&organizations]).await?;
    Ok(rows.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect())
}

/// Locks accounts and their pools.
pub async fn lock_accounts(tx: &TurnsTx, accounts: &[ProviderAccountId]) -> Result<Vec<Account>> {
    let rows = tx.all(ACCOUNTS, &[&accounts]).await?;
    Ok(rows.iter().map(account).collect())
}

/// Accounts with their pools, as they stand; they may change at once.
pub async fn accounts(tx: &TenantTx, accounts: &[ProviderAccountId]) -> Result<Vec<Account>> {
    let rows = tx.all(ACCOUNTS_UNLOCKED, &[&accounts]).await?;
    Ok(rows.iter().map(account).collect())
}

fn account(row: &Row) -> Account {
    let pace = RequestPace {
        per_minute_max: row.get(3),
        slowed: row.get::<_, Option<i32>>(8).zip(row.get(9)),
        slow_start_minutes: row.get(10),
        busy_since: row.get(11),
        last_minute_at: row.get(4),
        last_call_at: row.get(13),
        fruitless_in_a_row: row.get(15),
    };
    Account {
        id: row.get(0),
        pool: row.get(1),
        paused_until: row.get(2),
        pace,
        minute_requests: row.get(5),
        requests_per_second_max: row.get(12),
        second_at: row.get(13),
        second_requests: row.get(14),
        pool_lines_free: row.get(6),
        pool_lines_kept: row.get(16),
        pool_cooling_until: row.get(7),
    }
}
