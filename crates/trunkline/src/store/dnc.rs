//! Phones that an organization must not call. What the agency forbids everywhere is read beside it, and is not changed
//! here.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;

text_enum! {
    /// Who said that a phone must not be called.
    pub enum DncSource ("source of a DNC entry") {
        /// Somebody at the organization or the agency.
        Person = "person",
        /// The lead, in a call.
        Call = "call",
        Import = "import",
    }
}

/// Why a phone must not be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DncEntry {
    pub reason: String,
    /// `None`: the agency forbids it for all organizations.
    pub source: Option<DncSource>,
    pub since: Timestamp,
}

sql!(
    ADD,
    "insert into dnc_entries (organization_id, phone, reason, source, created_at)
     values ($1, $2, $3, $4, $5)
     on conflict do nothing"
);
sql!(
    REMOVE,
    "delete from dnc_entries
     where organization_id = $1 and phone = $2"
);
// The agency's own entry comes first: the organization cannot lift it.
sql!(
    OF_PHONE,
    "select reason, null::text as source, created_at, 0 as place from agency_dnc_entries where phone = $2
     union all
     select reason, source, created_at, 1 from dnc_entries where organization_id = $1 and phone = $2
     order by place"
);

/// Takes effect with the next dispatch: a send asks again. False if the phone was on the list already.
pub async fn add(tx: &TenantTx, phone: &str, why: (&str, DncSource), now: Timestamp) -> Result<bool> {
    let (reason, source) = why;
    Ok(tx.run(ADD, &[&tx.organization, &phone, &reason, &source.as_str(), &now]).await? == 1)
}

/// False if the phone was not on the organization's list.
pub async fn remove(tx: &TenantTx, phone: &str) -> Result<bool> {
    Ok(tx.run(REMOVE, &[&tx.organization, &phone]).await? == 1)
}

/// The entry that forbids calls to a phone, if any.
pub async fn of_phone(tx: &TenantTx, phone: &str) -> Result<Option<DncEntry>> {
    let rows = tx.all(OF_PHONE, &[&tx.organization, &phone]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(DncEntry { reason: row.get(0), source: columns::text_or_none(row, 1)?, since: row.get(2) }))
}
