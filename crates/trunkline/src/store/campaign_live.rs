//! One campaign while it runs: what its live page shows, one function for each card.

use super::campaign_list::Standing;
use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::calling_hours::CallingHours;
use crate::domain::dispatch_policy::Deferral;
use crate::domain::ids::{CallId, CampaignId};
use crate::domain::outcome::Outcome;
use crate::domain::pace::{LimitKind, LimitUse, NextAttempt};
use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;

/// Conversations that the page shows.
const TALKS_MAX: i64 = 24;
const RESULTS_MAX: i64 = 8;
/// Latest calls among which the latest results are looked for.
const RESULTS_AMONG: i64 = 200;
/// Groups of leads by zone or prefix of their phones.
const ZONE_GROUPS_MAX: i64 = 20_000;

#[derive(Debug, Clone)]
pub struct CampaignHead {
    pub id: CampaignId,
    pub name: String,
    pub standing: Standing,
    pub agent: String,
    pub numbers: u64,
    pub started_at: Option<Timestamp>,
    pub created_by: Option<String>,
    pub lines_max: i32,
    /// The campaign's and the organization's, both.
    pub calling_hours: CallingHours,
}

/// A maximum that concerns the campaign, with the name of what has it, where that is the provider's.
#[derive(Debug, Clone)]
pub struct NamedLimit {
    pub limit: LimitUse,
    pub name: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Talk {
    pub call: CallId,
    pub lead: String,
    pub phone: String,
    pub since: Timestamp,
    pub is_answered: bool,
}

/// Lines by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineUse {
    pub talking: u64,
    pub ringing: u64,
    /// All that are held, these two included.
    pub in_use: u64,
}

/// Leads that are left, whose zone is told by the same facts.
#[derive(Debug, Clone)]
pub struct ZoneGroup {
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
    /// The phone of one of them.
    pub phone: String,
    pub leads: u64,
}

#[derive(Debug, Clone)]
pub struct LatestResult {
    pub call: CallId,
    pub lead: String,
    pub phone: String,
    pub outcome: Outcome,
    pub success: Option<String>,
    pub at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
}

/// Calls that began in the minute from `at` on.
#[derive(Debug, Clone, Copy)]
pub struct MinuteOfCalls {
    pub at: Timestamp,
    pub started: u64,
    pub answered: u64,
}

sql!(
    HEAD,
    "select c.id, c.name, c.status, c.status_since, (select n.name from across.user_names(array[c.status_by]) n),
            c.starts_at, a.name, (select count(*) from campaign_phone_numbers p
                                  where p.organization_id = $1 and p.campaign_id = c.id),
            c.started_at, (select n.name from across.user_names(array[c.created_by]) n), c.lines_max,
            c.calling_hours, o.calling_hours
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     join organizations o on o.id = c.organization_id
     where c.organization_id = $1 and c.id = $2"
);
sql!(
    OWN_LIMITS,
    "with open as (
         select campaign_id, count(*) as lines from attempts
         where organization_id = $1 and state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
         group by campaign_id
     )
     select coalesce((select lines from open where campaign_id = c.id), 0), c.lines_max::bigint,
            coalesce((select sum(open.lines)::bigint from open
                      join campaigns other on other.organization_id = $1 and other.id = open.campaign_id
                      where other.agent_id = c.agent_id), 0), a.lines_max::bigint,
            d.lines_in_use::bigint, o.lines_max::bigint,
            coalesce((select calls::bigint from organization_days where organization_id = $1 and day = $3), 0),
            o.calls_per_day_max::bigint,
            coalesce(n.used, 0), coalesce(n.max, 0), d.waiting_because
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     join organizations o on o.id = c.organization_id
     join organization_dispatch d on d.organization_id = c.organization_id
     cross join lateral (
         select sum(least(coalesce(y.calls, 0), p.calls_per_day_max))::bigint as used, sum(p.calls_per_day_max)::bigint as max
         from campaign_phone_numbers u
         join phone_numbers p on p.organization_id = u.organization_id and p.id = u.phone_number_id
         left join phone_number_days y
             on y.organization_id = p.organization_id and y.phone_number_id = p.id and y.day = $3
         where u.organization_id = $1 and u.campaign_id = c.id and p.status = 'active'
     ) n
     where c.organization_id = $1 and c.id = $2"
);
sql!(
    PROVIDER_LIMITS,
    "select distinct p.id, p.name, p.lines_in_use::bigint, p.lines_max::bigint, x.id, x.name,
            case when x.minute_at = $3 then x.minute_requests else 0 end::bigint, x.requests_per_minute_max::bigint
     from campaigns c
     join agent_deployments d on d.organization_id = c.organization_id and d.agent_id = c.agent_id
     join campaign_phone_numbers u on u.organization_id = c.organization_id and u.campaign_id = c.id
     join phone_numbers n on n.organization_id = u.organization_id and n.id = u.phone_number_id
                         and n.provider_account_id = d.provider_account_id
     join provider_accounts x on x.id = d.provider_account_id
     join line_pools p on p.id = x.line_pool_id
     where c.organization_id = $1 and c.id = $2
     order by p.name, x.name"
);
sql!(
    NEXT_ATTEMPT,
    "select due_at, deferred_because from attempts
     where organization_id = $1 and campaign_id = $2 and state = 'scheduled'
     order by due_at, id
     limit 1"
);
sql!(
    MINUTES,
    "select date_bin('1 minute', placed_at, timestamptz 'epoch') as began, count(*),
            count(*) filter (where outcome = 'answered' or status in ('in_progress', 'forwarding'))
     from calls
     where organization_id = $1 and campaign_id = $2 and placed_at >= $3 and placed_at < $4
     group by began
     order by began"
);
sql!(
    TALKS,
    "select k.id, coalesce(l.name, ''), coalesce(k.phone, ''), coalesce(k.started_at, k.placed_at),
            k.status in ('in_progress', 'forwarding')
     from calls k
     left join leads l on l.organization_id = k.organization_id and l.id = k.lead_id
     where k.organization_id = $1 and k.campaign_id = $2 and k.ended_at is null
     order by k.placed_at, k.id
     limit $3"
);
sql!(
    LINE_USE,
    "select count(*) filter (where k.status in ('in_progress', 'forwarding')),
            count(*) filter (where k.status not in ('in_progress', 'forwarding')),
            (select count(*) from attempts a
             where a.organization_id = $1 and a.campaign_id = $2
               and a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held'))
     from calls k
     where k.organization_id = $1 and k.campaign_id = $2 and k.ended_at is null"
);
sql!(
    OUTCOMES,
    "select outcome, count(*) from calls
     where organization_id = $1 and campaign_id = $2 and outcome is not null
     group by outcome"
);
sql!(
    ZONE_GROUPS,
    "select l.time_zone, min(l.phone), count(*), min(l.postal_code)
     from enrollments e
     join leads l on l.organization_id = e.organization_id and l.id = e.lead_id
     where e.organization_id = $1 and e.campaign_id = $2 and e.done_at is null
     group by l.time_zone, case when l.time_zone is null then left(l.postal_code, 3) end,
              case when l.time_zone is null then left(l.phone, 8) end
     limit $3"
);
sql!(
    LATEST,
    "select k.id, coalesce(l.name, ''), coalesce(k.phone, ''), k.outcome, k.success, k.ended_at,
            (select t.due_at
             from attempts made
             join attempts t on t.organization_id = made.organization_id and t.enrollment_id = made.enrollment_id
             where made.organization_id = $1 and made.id = k.attempt_id and t.state = 'scheduled')
     from (
         select * from calls
         where organization_id = $1 and campaign_id = $2
         order by placed_at desc, id desc
         limit $3
     ) k
     left join leads l on l.organization_id = k.organization_id and l.id = k.lead_id
     where k.outcome is not null and k.ended_at is not null
     order by k.ended_at desc, k.id desc
     limit $4"
);

pub async fn head(tx: &TenantTx, id: CampaignId) -> Result<CampaignHead> {
    let row = tx.one(HEAD, &[&tx.organization, &id]).await?;
    let (own, organizations): (CallingHours, CallingHours) = (columns::json(&row, 11)?, columns::json(&row, 12)?);
    Ok(CampaignHead {
        id: row.get(0),
        name: row.get(1),
        standing: Standing {
            status: columns::text(&row, 2)?,
            since: row.get(3),
            by: row.get(4),
            starts_at: row.get(5),
        },
        agent: row.get(6),
        numbers: columns::count(&row, 7),
        started_at: row.get(8),
        created_by: row.get(9),
        lines_max: row.get(10),
        calling_hours: own.intersection(&organizations),
    })
}

/// The limits of campaign, agent, organization and numbers, and what held the organization back at its last turn. `day`
/// is the organization's.
pub async fn own_limits(tx: &TenantTx, id: CampaignId, day: Date) -> Result<(Vec<NamedLimit>, Option<Deferral>)> {
    let row = tx.one(OWN_LIMITS, &[&tx.organization, &id, &day]).await?;
    let kinds = [
        LimitKind::CampaignLines,
        LimitKind::AgentLines,
        LimitKind::OrganizationLines,
        LimitKind::OrganizationCallsToday,
        LimitKind::NumberCallsToday,
    ];
    let limits = kinds.into_iter().enumerate().map(|(place, kind)| limit(&row, kind, 2 * place, None)).collect();
    // A word that this version does not know holds nothing back that it could name.
    let waiting_because = row.get::<_, Option<&str>>(10).and_then(|word| word.parse().ok());
    Ok((limits, waiting_because))
}

/// The limits of the pools and accounts that the campaign may dial from. `minute` is the whole minute of now.
pub async fn provider_limits(tx: &TenantTx, id: CampaignId, minute: Timestamp) -> Result<Vec<NamedLimit>> {
    let rows = tx.all(PROVIDER_LIMITS, &[&tx.organization, &id, &minute]).await?;
    let mut limits: Vec<NamedLimit> = Vec::new();
    for row in &rows {
        let pool: String = row.get(1);
        if !limits.iter().any(|limit| limit.name.as_ref() == Some(&pool) && limit.limit.kind == LimitKind::PoolLines) {
            limits.push(limit(row, LimitKind::PoolLines, 2, Some(pool)));
        }
        limits.push(limit(row, LimitKind::AccountRequests, 6, Some(row.get(5))));
    }
    Ok(limits)
}

/// The attempt that is due next, or has been for the longest time.
pub async fn next_attempt(tx: &TenantTx, id: CampaignId) -> Result<Option<NextAttempt>> {
    let row = tx.one_or_none(NEXT_ATTEMPT, &[&tx.organization, &id]).await?;
    Ok(row.map(|row| NextAttempt {
        due_at: row.get(0),
        deferred_because: row.get::<_, Option<&str>>(1).and_then(|word| word.parse().ok()),
    }))
}

/// Calls by the minute in which they began, from `from` on and before `before`; minutes without a call are not in it.
pub async fn minutes(tx: &TenantTx, id: CampaignId, from: Timestamp, before: Timestamp) -> Result<Vec<MinuteOfCalls>> {
    let rows = tx.all(MINUTES, &[&tx.organization, &id, &from, &before]).await?;
    let read =
        |row: &Row| MinuteOfCalls { at: row.get(0), started: columns::count(row, 1), answered: columns::count(row, 2) };
    Ok(rows.iter().map(read).collect())
}

/// Calls that go on, the longest first.
pub async fn talks(tx: &TenantTx, id: CampaignId) -> Result<Vec<Talk>> {
    let rows = tx.all(TALKS, &[&tx.organization, &id, &TALKS_MAX]).await?;
    let read = |row: &Row| Talk {
        call: row.get(0),
        lead: row.get(1),
        phone: row.get(2),
        since: row.get(3),
        is_answered: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn line_use(tx: &TenantTx, id: CampaignId) -> Result<LineUse> {
    let row = tx.one(LINE_USE, &[&tx.organization, &id]).await?;
    Ok(LineUse { talking: columns::count(&row, 0), ringing: columns::count(&row, 1), in_use: columns::count(&row, 2) })
}

/// Ended calls by outcome.
pub async fn outcomes(tx: &TenantTx, id: CampaignId) -> Result<Vec<(Outcome, u64)>> {
    let rows = tx.all(OUTCOMES, &[&tx.organization, &id]).await?;
    rows.iter().map(|row| Ok((columns::text(row, 0)?, columns::count(row, 1)))).collect()
}

/// Leads that are left, grouped by what tells their zone.
pub async fn zone_groups(tx: &TenantTx, id: CampaignId) -> Result<Vec<ZoneGroup>> {
    let rows = tx.all(ZONE_GROUPS, &[&tx.organization, &id, &ZONE_GROUPS_MAX]).await?;
    let read = |row: &Row| ZoneGroup {
        time_zone: row.get(0),
        phone: row.get(1),
        leads: columns::count(row, 2),
        postal_code: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}

/// Calls that ended last, the latest first.
pub async fn latest(tx: &TenantTx, id: CampaignId) -> Result<Vec<LatestResult>> {
    let rows = tx.all(LATEST, &[&tx.organization, &id, &RESULTS_AMONG, &RESULTS_MAX]).await?;
    let read = |row: &Row| {
        Ok(LatestResult {
            call: row.get(0),
            lead: row.get(1),
            phone: row.get(2),
            outcome: columns::text(row, 3)?,
            success: row.get(4),
            at: row.get(5),
            next_attempt_at: row.get(6),
        })
    };
    rows.iter().map(read).collect()
}

fn limit(row: &Row, kind: LimitKind, column: usize, name: Option<String>) -> NamedLimit {
    let limit = LimitUse { kind, used: columns::count(row, column), max: columns::count(row, column + 1) };
    NamedLimit { limit, name }
}
