//! Limits that the agency sets one by one: an agent's lines, a number's calls a day, an account's requests, a pool's lines.
//! The next claim goes by them.

use super::audit::{self, Entry};
use super::statement::sql;
use super::{Db, Result, TenantTx, across};
use crate::domain::ids::{AgentId, LinePoolId, PhoneNumberId, ProviderAccountId, UserId};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

// The row is read as it was before the update: a data-modifying statement does not see what it writes.
sql!(
    AGENT_LINES,
    "with new as (update agents set lines_max = $3 where organization_id = $1 and id = $2)
     select name, lines_max from agents where organization_id = $1 and id = $2"
);
sql!(
    NUMBER_CALLS,
    "with new as (update phone_numbers set calls_per_day_max = $3 where organization_id = $1 and id = $2)
     select number, calls_per_day_max from phone_numbers where organization_id = $1 and id = $2"
);
sql!(
    ACCOUNT_REQUESTS,
    "with new as (update provider_accounts set requests_per_minute_max = $2 where id = $1)
     select name, requests_per_minute_max from provider_accounts where id = $1"
);
sql!(
    POOL_LINES,
    "with new as (update line_pools set lines_max = $2 where id = $1)
     select name, lines_max from line_pools where id = $1"
);
sql!(WEIGHT, "select weight from organization_dispatch where organization_id = $1");
sql!(SET_WEIGHT, "update organization_dispatch set weight = $2 where organization_id = $1");

/// Returns the agent's name, and the limit before.
pub async fn set_agent_lines(tx: &TenantTx, id: AgentId, max: i32) -> Result<(String, i32)> {
    let row = tx.one(AGENT_LINES, &[&tx.organization, &id, &max]).await?;
    Ok((row.get(0), row.get(1)))
}

/// Returns the number, and the limit before.
pub async fn set_number_calls(tx: &TenantTx, id: PhoneNumberId, max: i32) -> Result<(String, i32)> {
    let row = tx.one(NUMBER_CALLS, &[&tx.organization, &id, &max]).await?;
    Ok((row.get(0), row.get(1)))
}

pub async fn set_account_requests(db: &Db, id: ProviderAccountId, max: i32, by: UserId, now: Timestamp) -> Result<()> {
    set_for_all(db, ACCOUNT_REQUESTS, (id.0, "account"), max, (by, now)).await
}

pub async fn set_pool_lines(db: &Db, id: LinePoolId, max: i32, by: UserId, now: Timestamp) -> Result<()> {
    set_for_all(db, POOL_LINES, (id.0, "pool"), max, (by, now)).await
}

/// What organizations share: whoever waits for it looks again at once.
async fn set_for_all(
    db: &Db,
    statement: &'static str,
    subject: (Uuid, &str),
    max: i32,
    by: (UserId, Timestamp),
) -> Result<()> {
    let ((id, kind), (user, now)) = (subject, by);
    let tx = db.plain().await?;
    let row = tx.one(statement, &[&id, &max]).await?;
    let (name, from): (String, i32) = (row.get(0), row.get(1));
    let entry = Entry {
        by: Some(user),
        action: "limit.set",
        subject: format!("{kind}/{id}"),
        detail: json!({ "name": name, "from": from, "to": max }),
    };
    audit::add_of_agency(&tx, &entry, now).await?;
    tx.commit().await?;
    across::wake_waiting(db, now).await
}

/// The organization's share of turns.
pub async fn weight(tx: &TenantTx) -> Result<i32> {
    Ok(tx.one(WEIGHT, &[&tx.organization]).await?.get(0))
}

pub async fn set_weight(tx: &TenantTx, weight: i32) -> Result<()> {
    tx.run(SET_WEIGHT, &[&tx.organization, &weight]).await?;
    Ok(())
}
