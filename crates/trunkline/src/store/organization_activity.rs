//! Organizations by what they do today, for the agency, and what one of them is made of.

use super::organizations::OrganizationBrief;
use super::statement::sql;
use super::{AgencyTx, Result, columns};
use crate::domain::ids::OrganizationId;
use crate::domain::role::Role;
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use tokio_postgres::Row;

/// Days of the small chart, today included.
pub const CHART_DAYS: i32 = 7;
const PARTS_MAX: i64 = 200;

#[derive(Debug, Clone)]
pub struct Activity {
    pub organization: OrganizationBrief,
    pub lines_in_use: i32,
    pub lines_max: i32,
    pub campaigns_running: u64,
    pub calls_today: u64,
    pub answered_today: u64,
    pub spend_today: Decimal,
}

/// Which organizations.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Those with these words in their name; all if there are none.
    Named(&'a str),
    One(OrganizationId),
}

#[derive(Debug, Clone)]
pub struct AgentActivity {
    pub name: String,
    pub calls_today: u64,
    pub answered_today: u64,
    pub lines_max: i32,
    pub accounts: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct NumberActivity {
    pub number: String,
    pub account: String,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
    pub is_usable: bool,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub name: String,
    pub email: String,
    pub role: Role,
}

sql!(
    LIST,
    "select o.id, o.slug, o.name, o.time_zone, d.lines_in_use, o.lines_max, coalesce(r.campaigns, 0), coalesce(k.calls, 0),
            coalesce(k.answered, 0), coalesce(k.spend, 0)
     from organizations o
     join organization_dispatch d on d.organization_id = o.id
     left join (
         select organization_id, count(*) as campaigns from campaigns
         where status = 'running'
         group by organization_id
     ) r on r.organization_id = o.id
     left join (
         select organization_id, count(*) as calls, count(*) filter (where outcome = 'answered') as answered,
                sum(cost) as spend
         from calls
         where placed_at >= $1
         group by organization_id
     ) k on k.organization_id = o.id
     where o.name ilike $2 and ($3::uuid is null or o.id = $3)
     order by d.lines_in_use desc, coalesce(k.calls, 0) desc, o.name
     limit $4"
);
sql!(COUNT, "select count(*) from organizations where name ilike $1");
sql!(
    CALLS_BY_DAY,
    "select organization_id, day, calls from organization_days
     where organization_id = any ($1) and day > $2 and day <= $3
     order by organization_id, day"
);
sql!(
    AGENTS,
    "select a.name, count(k.id), count(k.id) filter (where k.outcome = 'answered'), a.lines_max,
            array(select x.name from agent_deployments d
                  join provider_accounts x on x.id = d.provider_account_id
                  where d.organization_id = a.organization_id and d.agent_id = a.id
                  order by x.name)
     from agents a
     left join calls k on k.organization_id = a.organization_id and k.agent_id = a.id and k.placed_at >= $2
     where a.organization_id = $1
     group by a.organization_id, a.id
     order by a.name, a.id
     limit $3"
);
sql!(
    NUMBERS,
    "select n.number, x.name, coalesce(d.calls, 0), n.calls_per_day_max,
            n.status = 'active' or (n.status = 'resting' and coalesce(n.resting_until <= $3, false))
     from phone_numbers n
     join provider_accounts x on x.id = n.provider_account_id
     left join phone_number_days d
         on d.organization_id = n.organization_id and d.phone_number_id = n.id and d.day = $2
     where n.organization_id = $1
     order by n.number, n.id
     limit $4"
);
sql!(
    MEMBERS,
    "select u.name, u.email, m.role from memberships m
     join users u on u.id = m.user_id
     where m.organization_id = $1
     order by u.name, u.id
     limit $2"
);
sql!(
    FACTS,
    "select o.created_at, (select count(*) from leads l where l.organization_id = o.id),
            coalesce((select calls from organization_days d where d.organization_id = o.id and d.day = $2), 0),
            o.calls_per_day_max
     from organizations o
     where o.id = $1"
);

/// What one organization is, beside what it does.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationFacts {
    pub since: Timestamp,
    pub leads: u64,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
}

/// The busiest first; `today` is when the reader's day began.
pub async fn list(tx: &AgencyTx, which: Which<'_>, today: Timestamp, count_max: i64) -> Result<Vec<Activity>> {
    let (pattern, one) = match which {
        Which::Named(words) => (super::search_words::anywhere(words), None),
        Which::One(organization) => ("%".to_owned(), Some(organization)),
    };
    let rows = tx.all(LIST, &[&today, &pattern, &one, &count_max]).await?;
    Ok(rows.iter().map(activity).collect())
}

/// How many organizations have these words in their name.
pub async fn count(tx: &AgencyTx, words: &str) -> Result<u64> {
    Ok(columns::count(&tx.one(COUNT, &[&super::search_words::anywhere(words)]).await?, 0))
}

/// Calls a day of each organization, over [`CHART_DAYS`] days up to `today`, those without a call too.
pub async fn calls_by_day(tx: &AgencyTx, organizations: &[OrganizationId], today: Date) -> Result<Vec<Vec<u32>>> {
    let before = today.saturating_sub(jiff::Span::new().days(CHART_DAYS));
    let rows = tx.all(CALLS_BY_DAY, &[&organizations, &before, &today]).await?;
    let day_of = |row: &Row| {
        let days = row.get::<_, Date>(1).since(before).map_or(0, |span| span.get_days());
        usize::try_from(days - 1).unwrap_or(0)
    };
    let chart = |organization: &OrganizationId| {
        let mut days = vec![0; usize::try_from(CHART_DAYS).unwrap_or(0)];
        for row in rows.iter().filter(|row| row.get::<_, OrganizationId>(0) == *organization) {
            if let Some(day) = days.get_mut(day_of(row)) {
                *day = row.get::<_, i32>(2).unsigned_abs();
            }
        }
        days
    };
    Ok(organizations.iter().map(chart).collect())
}

/// The agents of an organization with their calls since `today` began.
pub async fn agents(tx: &AgencyTx, organization: OrganizationId, today: Timestamp) -> Result<Vec<AgentActivity>> {
    let rows = tx.all(AGENTS, &[&organization, &today, &PARTS_MAX]).await?;
    let read = |row: &Row| AgentActivity {
        name: row.get(0),
        calls_today: columns::count(row, 1),
        answered_today: columns::count(row, 2),
        lines_max: row.get(3),
        accounts: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}

/// The numbers of an organization with their calls of `day`, its own.
pub async fn numbers(
    tx: &AgencyTx,
    organization: OrganizationId,
    day: Date,
    now: Timestamp,
) -> Result<Vec<NumberActivity>> {
    let rows = tx.all(NUMBERS, &[&organization, &day, &now, &PARTS_MAX]).await?;
    let read = |row: &Row| NumberActivity {
        number: row.get(0),
        account: row.get(1),
        calls_today: row.get(2),
        calls_per_day_max: row.get(3),
        is_usable: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn members(tx: &AgencyTx, organization: OrganizationId) -> Result<Vec<Member>> {
    let rows = tx.all(MEMBERS, &[&organization, &PARTS_MAX]).await?;
    let read = |row: &Row| Ok(Member { name: row.get(0), email: row.get(1), role: columns::text(row, 2)? });
    rows.iter().map(read).collect()
}

/// `day` is the organization's own.
pub async fn facts(tx: &AgencyTx, organization: OrganizationId, day: Date) -> Result<OrganizationFacts> {
    let row = tx.one(FACTS, &[&organization, &day]).await?;
    Ok(OrganizationFacts {
        since: row.get(0),
        leads: columns::count(&row, 1),
        calls_today: row.get(2),
        calls_per_day_max: row.get(3),
    })
}

fn activity(row: &Row) -> Activity {
    Activity {
        organization: OrganizationBrief { id: row.get(0), slug: row.get(1), name: row.get(2), time_zone: row.get(3) },
        lines_in_use: row.get(4),
        lines_max: row.get(5),
        campaigns_running: columns::count(row, 6),
        calls_today: columns::count(row, 7),
        answered_today: columns::count(row, 8),
        spend_today: row.get(9),
    }
}
