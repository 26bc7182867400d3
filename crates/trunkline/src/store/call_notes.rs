//! What agents noted in calls.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{CallId, LeadId, ProviderAccountId};
use jiff::Timestamp;
use uuid::Uuid;

/// Notes that are shown of one call.
const NOTES_MAX: i64 = 50;

/// A note to be kept.
#[derive(Debug, Clone)]
pub struct NewNote<'a> {
    pub account: ProviderAccountId,
    pub provider_call_id: &'a str,
    /// The same one is the same note.
    pub tool_call_id: &'a str,
    pub lead: Option<LeadId>,
    /// At most 2,000 characters.
    pub text: &'a str,
}

sql!(
    ADD,
    "insert into call_notes (organization_id, id, provider_account_id, provider_call_id, tool_call_id, lead_id, text,
                             created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (organization_id, provider_account_id, provider_call_id, tool_call_id) do nothing"
);
sql!(
    OF_CALL,
    "select n.text
     from calls c
     join call_notes n on n.organization_id = c.organization_id and n.provider_account_id = c.provider_account_id
                      and n.provider_call_id = c.provider_call_id
     where c.organization_id = $1 and c.id = $2
     order by n.created_at, n.id
     limit $3"
);

pub async fn add(tx: &TenantTx, note: &NewNote<'_>, now: Timestamp) -> Result<()> {
    let NewNote { account, provider_call_id, tool_call_id, lead, text } = note;
    tx.run(ADD, &[&tx.organization, &Uuid::now_v7(), account, provider_call_id, tool_call_id, lead, text, &now])
        .await?;
    Ok(())
}

/// Oldest first.
pub async fn of_call(tx: &TenantTx, call: CallId) -> Result<Vec<String>> {
    let rows = tx.all(OF_CALL, &[&tx.organization, &call, &NOTES_MAX]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
