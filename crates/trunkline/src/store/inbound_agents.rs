//! Who takes an inbound call: the agent that last called this phone, else the organization's first one.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::ProviderAccountId;

sql!(
    ASSISTANT_FOR,
    "select d.assistant_id
     from agent_deployments d
     join agents a on a.organization_id = d.organization_id and a.id = d.agent_id and a.status = 'active'
     left join lateral (
         select c.placed_at from calls c
         join leads l on l.organization_id = c.organization_id and l.id = c.lead_id
         where c.organization_id = d.organization_id and c.agent_id = d.agent_id and l.phone = $2
         order by c.placed_at desc
         limit 1
     ) last on true
     where d.provider_account_id = $1
     order by last.placed_at desc nulls last, d.created_at, d.agent_id
     limit 1"
);

/// The assistant at `account` for a caller with this phone; `None` if the organization has no active agent there.
pub async fn assistant_for(tx: &TenantTx, account: ProviderAccountId, phone: Option<&str>) -> Result<Option<String>> {
    Ok(tx.one_or_none(ASSISTANT_FOR, &[&account, &phone]).await?.map(|row| row.get(0)))
}
