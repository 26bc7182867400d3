//! What a claim reads and writes, inside an organization's turn. The deciding is `domain::dispatch_policy`'s.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{
    AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, PhoneNumberId, ProviderAccountId,
};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;
use tokio_postgres::types::ToSql;

/// A campaign with the lines that it and its agent hold; in a claim it is running.
#[derive(Debug, Clone)]
pub struct RunningCampaign {
    pub id: CampaignId,
    pub agent: AgentId,
    pub agent_is_active: bool,
    pub agent_lines_max: i32,
    pub calling_hours: serde_json::Value,
    pub calls_per_lead_and_day_max: i32,
    pub lines_max: i32,
    pub lines_in_use: i32,
    pub agent_lines_in_use: i32,
    /// Lower goes first.
    pub priority: i32,
    pub is_running: bool,
}

/// A due attempt with what is known of its lead.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub lead: LeadId,
    pub phone: String,
    pub time_zone: Option<String>,
}

/// What the organization remembers of a phone.
#[derive(Debug, Clone, Default)]
pub struct PhoneFacts {
    pub is_on_dnc: bool,
    pub is_busy: bool,
    pub last_ring_at: Option<Timestamp>,
    /// Rings by local day, around today.
    pub days: Vec<(Date, i32)>,
}

#[derive(Debug, Clone)]
pub struct CampaignNumber {
    pub campaign: CampaignId,
    pub id: PhoneNumberId,
    pub account: ProviderAccountId,
    pub is_usable: bool,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
}

/// An account of the organization's agents, with its pool; in a claim both rows are locked until it commits.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: ProviderAccountId,
    pub pool: LinePoolId,
    pub paused_until: Option<Timestamp>,
    pub requests_per_minute_max: i32,
    pub minute_at: Timestamp,
    pub minute_requests: i32,
    pub pool_lines_free: i32,
    pub pool_cooling_until: Option<Timestamp>,
}

// In the order of their turns: by priority, then the campaign with the fewest lines, then the one that waited longest.
sql!(
    RUNNING_CAMPAIGNS,
    "with open as (
         select campaign_id, count(*)::int as lines
         from attempts
         where state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
         group by campaign_id
     ), agent_open as (
         select c.agent_id, sum(open.lines)::int as lines
         from open
         join campaigns c on c.id = open.campaign_id
         group by c.agent_id
     )
     select c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours, c.calls_per_lead_and_day_max, c.lines_max,
            coalesce(open.lines, 0), coalesce(agent_open.lines, 0), c.priority, true
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     left join open on open.campaign_id = c.id
     left join agent_open on agent_open.agent_id = c.agent_id
     left join lateral (
         select t.reserved_at from attempts t
         where t.organization_id = c.organization_id and t.campaign_id = c.id and t.reserved_at is not null
         order by t.reserved_at desc
         limit 1
     ) last on true
     where c.status = 'running'
     order by c.priority, coalesce(open.lines, 0), last.reserved_at nulls first, c.id"
);
// The same of campaigns that are asked about, whatever their status.
sql!(
    CAMPAIGNS,
    "select c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours, c.calls_per_lead_and_day_max, c.lines_max,
            (select count(*)::int from attempts o
             where o.organization_id = $1 and o.campaign_id = c.id
               and o.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')),
            (select count(*)::int from campaigns s
             join attempts o on o.organization_id = s.organization_id and o.campaign_id = s.id
                            and o.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
             where s.organization_id = $1 and s.agent_id = c.agent_id),
            c.priority, c.status = 'running'
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     where c.organization_id = $1 and c.id = any ($2)"
);
// An attempt comes after as many others as its campaign would hold lines by then: campaigns of one priority fill up evenly.
sql!(
    CANDIDATES,
    "select a.id, a.enrollment_id, a.campaign_id, a.lead_id, a.phone, l.time_zone
     from unnest($1::uuid[], $5::int[], $6::int[]) with ordinality as c (id, priority, lines, place)
     cross join lateral (
         select t.id, t.enrollment_id, t.campaign_id, t.lead_id, t.phone, t.due_at,
                row_number() over (order by t.due_at, t.id) as nth
         from attempts t
         where t.organization_id = $2 and t.campaign_id = c.id and t.state = 'scheduled' and t.due_at <= $3
         order by t.due_at, t.id
         limit $4
     ) a
     join leads l on l.organization_id = $2 and l.id = a.lead_id
     order by c.priority, c.lines + a.nth, c.place"
);
sql!(
    DNC,
    "select phone from dnc_entries where organization_id = $2 and phone = any ($1)
     union
     select across.is_on_agency_dnc($1)"
);
// A phone rings some time after the send, and a call that came to light late may have begun late; it never rings after its
// end, so the gap counts from there where it is known.
sql!(
    RINGS,
    "select p.phone, r.rang_at,
            exists (
                select from attempts b
                where b.organization_id = $2 and b.phone = p.phone
                  and b.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
            )
     from unnest($1::text[]) as p (phone)
     left join lateral (
         select greatest(t.sending_at, t.accepted_at, t.settled_at) as rang_at from attempts t
         where t.organization_id = $2 and t.phone = p.phone and t.sending_at is not null
           and t.state not in ('rejected', 'released') and not t.never_dialed
         order by t.sending_at desc
         limit 1
     ) r on true"
);
// A day before and a day after: the lead's day is decided by its zone, not by this query.
sql!(
    LEAD_DAYS,
    "select phone, day, calls from lead_days
     where organization_id = $2 and phone = any ($1) and day between $3::date - 1 and $3::date + 1"
);
sql!(
    NUMBERS,
    "select c.campaign_id, n.id, n.provider_account_id,
            n.status = 'active' or (n.status = 'resting' and coalesce(n.resting_until <= $3, false)),
            coalesce(d.calls, 0), n.calls_per_day_max
     from campaign_phone_numbers c
     join phone_numbers n on n.organization_id = c.organization_id and n.id = c.phone_number_id
     left join phone_number_days d
         on d.organization_id = n.organization_id and d.phone_number_id = n.id and d.day = $2
     where c.campaign_id = any ($1)"
);
sql!(DEPLOYMENTS, "select agent_id, provider_account_id from agent_deployments");
sql!(ORGANIZATION_DAY, "select calls from organization_days where day = $1");
// Locked in the order of their ids, pools through their accounts: claims of several organizations wait here for each
// other for the few milliseconds of one claim, and the lines of a pool are never overdrawn. "No key": whoever writes a row
// that refers to the account holds its key, and would wait for the pool while this waits for the account.
sql!(
    ACCOUNTS,
    "select a.id, a.line_pool_id,
            case when a.status = 'paused' then coalesce(a.paused_until, '9999-01-01'::timestamptz) end,
            a.requests_per_minute_max, a.minute_at, a.minute_requests, p.lines_max - p.lines_in_use, p.cooling_until
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
            a.requests_per_minute_max, a.minute_at, a.minute_requests, p.lines_max - p.lines_in_use, p.cooling_until
     from line_pools p
     join provider_accounts a on a.line_pool_id = p.id
     where a.id = any ($1)
     order by p.id, a.id"
);

pub async fn running_campaigns(tx: &TenantTx) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(RUNNING_CAMPAIGNS, &[]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

/// Those of `campaigns` that exist, running or not.
pub async fn campaigns(tx: &TenantTx, campaigns: &[CampaignId]) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(CAMPAIGNS, &[&tx.organization, &campaigns]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

fn running_campaign(row: &tokio_postgres::Row) -> RunningCampaign {
    RunningCampaign {
        id: row.get(0),
        agent: row.get(1),
        agent_is_active: row.get(2),
        agent_lines_max: row.get(3),
        calling_hours: row.get(4),
        calls_per_lead_and_day_max: row.get(5),
        lines_max: row.get(6),
        lines_in_use: row.get(7),
        agent_lines_in_use: row.get(8),
        priority: row.get(9),
        is_running: row.get(10),
    }
}

/// Due attempts in the order in which they are decided, at most `per_campaign_max` of each campaign. `campaigns` are in the
/// order of their turns.
pub async fn candidates(
    tx: &TenantTx,
    campaigns: &[RunningCampaign],
    now: Timestamp,
    per_campaign_max: i64,
) -> Result<Vec<Candidate>> {
    let ids: Vec<CampaignId> = campaigns.iter().map(|campaign| campaign.id).collect();
    let priorities: Vec<i32> = campaigns.iter().map(|campaign| campaign.priority).collect();
    let lines: Vec<i32> = campaigns.iter().map(|campaign| campaign.lines_in_use).collect();
    let rows = tx.all(CANDIDATES, &[&ids, &tx.organization, &now, &per_campaign_max, &priorities, &lines]).await?;
    let read = |row: &tokio_postgres::Row| Candidate {
        id: row.get(0),
        enrollment: row.get(1),
        campaign: row.get(2),
        lead: row.get(3),
        phone: row.get(4),
        time_zone: row.get(5),
    };
    Ok(rows.iter().map(read).collect())
}

/// What is remembered of `phones`, in their order. `today` is any zone's current date.
pub async fn phone_facts(tx: &TenantTx, phones: &[&str], today: Date) -> Result<Vec<PhoneFacts>> {
    let of_phones: [&(dyn ToSql + Sync); 2] = [&phones, &tx.organization];
    let around_today: [&(dyn ToSql + Sync); 3] = [&phones, &tx.organization, &today];
    let (dnc, rings, days) =
        tokio::try_join!(tx.all(DNC, &of_phones), tx.all(RINGS, &of_phones), tx.all(LEAD_DAYS, &around_today))?;
    let mut facts: HashMap<&str, PhoneFacts> = HashMap::with_capacity(phones.len());
    for row in &dnc {
        facts.entry(row.get(0)).or_default().is_on_dnc = true;
    }
    for row in &rings {
        let phone = facts.entry(row.get(0)).or_default();
        (phone.last_ring_at, phone.is_busy) = (row.get(1), row.get(2));
    }
    for row in &days {
        facts.entry(row.get(0)).or_default().days.push((row.get(1), row.get(2)));
    }
    Ok(phones.iter().map(|phone| facts.get(phone).cloned().unwrap_or_default()).collect())
}

/// The numbers of `campaigns` with their calls of `day`, the organization's.
pub async fn numbers(
    tx: &TenantTx,
    campaigns: &[CampaignId],
    day: Date,
    now: Timestamp,
) -> Result<Vec<CampaignNumber>> {
    let rows = tx.all(NUMBERS, &[&campaigns, &day, &now]).await?;
    let read = |row: &tokio_postgres::Row| CampaignNumber {
        campaign: row.get(0),
        id: row.get(1),
        account: row.get(2),
        is_usable: row.get(3),
        calls_today: row.get(4),
        calls_per_day_max: row.get(5),
    };
    Ok(rows.iter().map(read).collect())
}

/// Where each agent is deployed.
pub async fn deployments(tx: &TenantTx) -> Result<Vec<(AgentId, ProviderAccountId)>> {
    let rows = tx.all(DEPLOYMENTS, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub async fn calls_of_organization(tx: &TenantTx, day: Date) -> Result<i32> {
    Ok(tx.one_or_none(ORGANIZATION_DAY, &[&day]).await?.map_or(0, |row| row.get(0)))
}

/// Locks accounts and their pools.
pub async fn lock_accounts(tx: &TenantTx, accounts: &[ProviderAccountId]) -> Result<Vec<Account>> {
    let rows = tx.all(ACCOUNTS, &[&accounts]).await?;
    Ok(rows.iter().map(account).collect())
}

/// Accounts with their pools, as they stand; they may change at once.
pub async fn accounts(tx: &TenantTx, accounts: &[ProviderAccountId]) -> Result<Vec<Account>> {
    let rows = tx.all(ACCOUNTS_UNLOCKED, &[&accounts]).await?;
    Ok(rows.iter().map(account).collect())
}

fn account(row: &tokio_postgres::Row) -> Account {
    Account {
        id: row.get(0),
        pool: row.get(1),
        paused_until: row.get(2),
        requests_per_minute_max: row.get(3),
        minute_at: row.get(4),
        minute_requests: row.get(5),
        pool_lines_free: row.get(6),
        pool_cooling_until: row.get(7),
    }
}
