//! Agents of one organization as a person sees them: how each stands, and what it did today.

use super::number_list::Off;
use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::AgentId;
use jiff::Timestamp;
use tokio_postgres::Row;

const AGENTS_MAX: i64 = 500;

#[derive(Debug, Clone)]
pub struct ListedAgent {
    pub id: AgentId,
    pub name: String,
    /// `None`: it works.
    pub off: Option<Off>,
    pub calls_now: u64,
    pub lines_max: i32,
    pub calls_today: u64,
    pub answered_today: u64,
    /// Names of the provider accounts at which it is deployed; for the agency.
    pub accounts: Vec<String>,
}

sql!(
    LIST,
    "select a.id, a.name, a.status = 'active', a.status_since,
            (select u.name from across.user_names(array[a.status_by]) u), a.status_reason,
            (select count(*) from attempts t
             join campaigns c on c.organization_id = t.organization_id and c.id = t.campaign_id
             where t.organization_id = $1 and c.agent_id = a.id
               and t.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')),
            a.lines_max, coalesce(k.calls, 0), coalesce(k.answered, 0),
            array(select x.name from agent_deployments d
                  join provider_accounts x on x.id = d.provider_account_id
                  where d.organization_id = $1 and d.agent_id = a.id
                  order by x.name)
     from agents a
     left join (
         select agent_id, count(*) as calls, count(*) filter (where outcome = 'answered') as answered
         from calls
         where organization_id = $1 and placed_at >= $2
         group by agent_id
     ) k on k.agent_id = a.id
     where a.organization_id = $1
     order by a.name, a.id
     limit $3"
);

/// By name; `today` is when the organization's day began.
pub async fn list(tx: &TenantTx, today: Timestamp) -> Result<Vec<ListedAgent>> {
    let rows = tx.all(LIST, &[&tx.organization, &today, &AGENTS_MAX]).await?;
    Ok(rows.iter().map(listed).collect())
}

fn listed(row: &Row) -> ListedAgent {
    let off = || Off { since: row.get(3), by: row.get(4), because: row.get(5), until: None };
    ListedAgent {
        id: row.get(0),
        name: row.get(1),
        off: (!row.get::<_, bool>(2)).then(off),
        calls_now: columns::count(row, 6),
        lines_max: row.get(7),
        calls_today: columns::count(row, 8),
        answered_today: columns::count(row, 9),
        accounts: row.get(10),
    }
}
