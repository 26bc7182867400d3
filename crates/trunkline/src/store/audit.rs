//! What people changed, and the program in their place: one entry for each change, in the change's own transaction.

use super::statement::sql;
use super::{PlainTx, Result, TenantTx};
use crate::domain::ids::UserId;
use jiff::Timestamp;
use uuid::Uuid;

/// One change.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// `None`: the program itself.
    pub by: Option<UserId>,
    /// What was done: `campaign.paused`.
    pub action: &'a str,
    /// To what: `campaign/ID`.
    pub subject: String,
    pub detail: serde_json::Value,
}

sql!(
    ADD,
    "insert into audit_entries (organization_id, id, user_id, action, subject, detail, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)"
);

sql!(
    ADD_OF_AGENCY,
    "insert into agency_audit_entries (id, user_id, action, subject, detail, created_at)
     values ($1, $2, $3, $4, $5, $6)"
);

pub async fn add(tx: &TenantTx, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let Entry { by, action, subject, detail } = entry;
    tx.run(ADD, &[&tx.organization, &Uuid::now_v7(), by, action, subject, detail, &now]).await?;
    Ok(())
}

/// What is no organization's: the agency's switch, accounts and pools.
pub async fn add_of_agency(tx: &PlainTx, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let Entry { by, action, subject, detail } = entry;
    tx.run(ADD_OF_AGENCY, &[&Uuid::now_v7(), by, action, subject, detail, &now]).await?;
    Ok(())
}
