//! Limits that the agency sets one by one: an agent's lines, and an organization's share of turns. The next claim goes by them.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::AgentId;

// The row is read as it was before the update: a data-modifying statement does not see what it writes.
sql!(
    AGENT_LINES,
    "with new as (update agents set lines_max = $3 where organization_id = $1 and id = $2)
     select name, lines_max from agents where organization_id = $1 and id = $2"
);
sql!(WEIGHT, "select weight from organization_dispatch where organization_id = $1");
sql!(SET_WEIGHT, "update organization_dispatch set weight = $2 where organization_id = $1");

/// Returns the agent's name, and the limit before.
pub async fn set_agent_lines(tx: &TenantTx, id: AgentId, max: i32) -> Result<(String, i32)> {
    let row = tx.one(AGENT_LINES, &[&tx.organization, &id, &max]).await?;
    Ok((row.get(0), row.get(1)))
}

/// The organization's share of turns.
pub async fn weight(tx: &TenantTx) -> Result<i32> {
    Ok(tx.one(WEIGHT, &[&tx.organization]).await?.get(0))
}

pub async fn set_weight(tx: &TenantTx, weight: i32) -> Result<()> {
    tx.run(SET_WEIGHT, &[&tx.organization, &weight]).await?;
    Ok(())
}
