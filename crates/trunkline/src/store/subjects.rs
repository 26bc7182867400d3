//! Who a live call is with, found from what its messages name. The ledger may not know the call yet.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{AttemptId, LeadId, ProviderAccountId};
use serde_json::Value;

/// What a message tells of its call.
#[derive(Debug, Clone, Copy)]
pub struct CallClues<'a> {
    pub account: ProviderAccountId,
    pub provider_call_id: Option<&'a str>,
    pub attempt: Option<AttemptId>,
    /// The other party's, in E.164.
    pub phone: Option<&'a str>,
}

/// The lead in a call.
#[derive(Debug, Clone)]
pub struct Subject {
    pub lead: LeadId,
    pub phone: String,
    pub name: String,
    pub external_id: Option<String>,
    /// An object.
    pub variables: Value,
}

// What the ledger says of the call goes before what the message says of itself.
sql!(
    OF_CALL,
    "select l.id, l.phone, l.name, l.external_id, l.variables
     from leads l
     where l.organization_id = $1
       and l.id = coalesce(
           (select lead_id from calls
            where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3),
           (select lead_id from attempts
            where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3
            limit 1),
           (select lead_id from attempts where organization_id = $1 and provider_account_id = $2 and id = $4),
           (select id from leads where organization_id = $1 and phone = $5))"
);

/// The lead in a call; `None` if the other party is none.
pub async fn of_call(tx: &TenantTx, clues: CallClues<'_>) -> Result<Option<Subject>> {
    let CallClues { account, provider_call_id, attempt, phone } = clues;
    let row = tx.one_or_none(OF_CALL, &[&tx.organization, &account, &provider_call_id, &attempt, &phone]).await?;
    Ok(row.map(|row| Subject {
        lead: row.get(0),
        phone: row.get(1),
        name: row.get(2),
        external_id: row.get(3),
        variables: row.get(4),
    }))
}
