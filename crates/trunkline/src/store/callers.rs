//! What is to be known of a caller at the moment of the call: who it is, who called last, and how many lines are free.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{AgentId, PhoneNumberId, ProviderAccountId};
use crate::domain::inbound_policy::Lines;
use serde_json::Value;

/// A call that came in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    pub account: ProviderAccountId,
    pub provider_call_id: Option<&'a str>,
    /// The number that was called.
    pub number: Option<PhoneNumberId>,
    /// The caller's, in E.164.
    pub phone: Option<&'a str>,
}

#[derive(Debug, Clone)]
pub struct Caller {
    /// The lead's variables, an object; `None`: the caller is no lead.
    pub variables: Option<Value>,
    /// The agent whose call to this phone was the latest.
    pub last_agent: Option<AgentId>,
    pub organization_lines: Lines,
    /// `None`: the account has gone.
    pub pool_lines: Option<Lines>,
    pub calls_to_number: i32,
}

// Lines as the ledger counts them: attempts count in the organization, other calls by `holds_line`. The call itself may be
// entered already and is left out.
sql!(
    CALLER,
    "select l.variables,
            (select c.agent_id from calls c
             where c.organization_id = $1 and c.lead_id = l.id and c.direction = 'outbound' and c.agent_id is not null
             order by c.placed_at desc
             limit 1),
            d.lines_in_use + (
                select count(*) from calls c
                where c.organization_id = $1 and c.ended_at is null and c.holds_line
                  and c.provider_call_id is distinct from $3
            )::int,
            o.lines_max, p.lines_in_use - own.lines, p.lines_max,
            (select count(*) from calls c
             where c.organization_id = $1 and c.ended_at is null and c.phone_number_id = $4 and c.direction = 'inbound'
               and c.provider_call_id is distinct from $3)::int
     from organization_dispatch d
     join organizations o on o.id = d.organization_id
     left join leads l on l.organization_id = d.organization_id and l.phone = $5
     left join provider_accounts a on a.id = $2
     left join line_pools p on p.id = a.line_pool_id
     cross join lateral (
         select count(*)::int as lines from calls c
         where c.organization_id = $1 and c.provider_account_id = $2 and c.provider_call_id = $3 and c.holds_line
     ) own
     where d.organization_id = $1"
);

pub async fn of(tx: &TenantTx, incoming: Incoming<'_>) -> Result<Caller> {
    let Incoming { account, provider_call_id, number, phone } = incoming;
    let row = tx.one(CALLER, &[&tx.organization, &account, &provider_call_id, &number, &phone]).await?;
    let pool = row.get::<_, Option<i32>>(4).zip(row.get::<_, Option<i32>>(5));
    Ok(Caller {
        variables: row.get(0),
        last_agent: row.get(1),
        organization_lines: Lines { in_use: row.get(2), max: row.get(3) },
        pool_lines: pool.map(|(in_use, max)| Lines { in_use, max }),
        calls_to_number: row.get(6),
    })
}
