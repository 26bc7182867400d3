//! What people changed, and the program in their place: one entry for each change, in the change's own transaction.

use super::statement::sql;
use super::{Bound, PlainTx, Result, TenantTx};
use crate::domain::ids::{OrganizationId, UserId};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// A change that was made, as far as it is needed to take it back.
#[derive(Debug, Clone)]
pub struct Change {
    /// `None`: the program itself, or somebody at a terminal.
    pub by: Option<String>,
    pub at: Timestamp,
    /// What was before, as the entry holds it.
    pub from: serde_json::Value,
}

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

sql!(
    LATEST,
    "select (select u.name from across.user_names(array[e.user_id]) u), e.created_at, e.detail -> 'from'
     from audit_entries e
     where e.organization_id = $1 and e.subject = $2 and e.action = $3
     order by e.created_at desc, e.id desc
     limit 1"
);
sql!(
    LATEST_OF_AGENCY,
    "select (select u.name from across.user_names(array[e.user_id]) u), e.created_at, e.detail -> 'from'
     from agency_audit_entries e
     where e.subject = $1 and e.action = $2
     order by e.created_at desc, e.id desc
     limit 1"
);

pub async fn add(tx: &TenantTx, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    add_of(tx, tx.organization, entry, now).await
}

/// The same in a transaction that reaches many organizations.
pub async fn add_of(tx: &impl Bound, organization: OrganizationId, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let Entry { by, action, subject, detail } = entry;
    tx.run(ADD, &[&organization, &Uuid::now_v7(), by, action, subject, detail, &now]).await?;
    Ok(())
}

/// What is no organization's: the agency's switch, accounts and pools.
pub async fn add_of_agency(tx: &PlainTx, entry: &Entry<'_>, now: Timestamp) -> Result<()> {
    let Entry { by, action, subject, detail } = entry;
    tx.run(ADD_OF_AGENCY, &[&Uuid::now_v7(), by, action, subject, detail, &now]).await?;
    Ok(())
}

/// The latest change of this kind; `None` if there was none.
pub async fn latest(tx: &TenantTx, action: &str, subject: &str) -> Result<Option<Change>> {
    Ok(tx.one_or_none(LATEST, &[&tx.organization, &subject, &action]).await?.as_ref().and_then(change))
}

pub async fn latest_of_agency(tx: &PlainTx, action: &str, subject: &str) -> Result<Option<Change>> {
    Ok(tx.one_or_none(LATEST_OF_AGENCY, &[&subject, &action]).await?.as_ref().and_then(change))
}

/// An entry that does not say what was before tells nothing here.
fn change(row: &Row) -> Option<Change> {
    Some(Change { by: row.get(0), at: row.get(1), from: row.get::<_, Option<serde_json::Value>>(2)? })
}
