//! Who takes the calls to an organization's numbers.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::PhoneNumberId;
use crate::domain::inbound_policy::{InboundPlan, Overflow};
use jiff::Timestamp;
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

/// More numbers than an organization has.
pub(super) const PLANS_MAX: i64 = 10_000;

sql!(
    PUT,
    "insert into inbound_plans (organization_id, id, phone_number_id, agent_id, hours, lines_max, overflow_agent_id,
                                overflow_number, overflow_message, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (organization_id, phone_number_id) do update
     set agent_id = excluded.agent_id, hours = excluded.hours, lines_max = excluded.lines_max,
         overflow_agent_id = excluded.overflow_agent_id, overflow_number = excluded.overflow_number,
         overflow_message = excluded.overflow_message, updated_at = excluded.updated_at"
);
sql!(
    REMOVE,
    "delete from inbound_plans
     where organization_id = $1 and phone_number_id is not distinct from $2"
);
sql!(
    LIST,
    "select phone_number_id, agent_id, hours, lines_max, overflow_agent_id, overflow_number, overflow_message
     from inbound_plans
     where organization_id = $1
     order by phone_number_id
     limit $2"
);

/// The plan of a number, or with `None` of all numbers that have none of their own. It holds from the next call on.
pub async fn put(tx: &TenantTx, number: Option<PhoneNumberId>, plan: &InboundPlan, now: Timestamp) -> Result<()> {
    let InboundPlan { agent, hours, lines_max, overflow } = plan;
    let hours = hours.as_ref().map(Json);
    tx.run(
        PUT,
        &[
            &tx.organization,
            &Uuid::now_v7(),
            &number,
            agent,
            &hours,
            lines_max,
            &overflow.agent,
            &overflow.number,
            &overflow.message,
            &now,
        ],
    )
    .await?;
    Ok(())
}

/// False if there was none.
pub async fn remove(tx: &TenantTx, number: Option<PhoneNumberId>) -> Result<bool> {
    Ok(tx.run(REMOVE, &[&tx.organization, &number]).await? == 1)
}

/// All plans by number; `None` is the number of the plan for those that have none of their own.
pub async fn list(tx: &TenantTx) -> Result<Vec<(Option<PhoneNumberId>, InboundPlan)>> {
    tx.all(LIST, &[&tx.organization, &PLANS_MAX]).await?.iter().map(plan).collect()
}

fn plan(row: &Row) -> Result<(Option<PhoneNumberId>, InboundPlan)> {
    let hours = row.get::<_, Option<serde_json::Value>>(2).map(|_| columns::json(row, 2)).transpose()?;
    let overflow = Overflow { agent: row.get(4), number: row.get(5), message: row.get(6) };
    Ok((row.get(0), InboundPlan { agent: row.get(1), hours, lines_max: row.get(3), overflow }))
}
