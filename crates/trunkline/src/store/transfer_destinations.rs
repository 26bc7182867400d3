//! Where the calls of an organization may be transferred to.

use super::statement::sql;
use super::{Result, TenantTx};
use jiff::Timestamp;

const DESTINATIONS_MAX: i64 = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferDestination {
    /// What the agent calls it; unique within its organization.
    pub name: String,
    /// In E.164.
    pub number: String,
    /// Said to the person before the transfer.
    pub message: Option<String>,
}

sql!(
    PUT,
    "insert into transfer_destinations (organization_id, name, number, message, place, updated_at)
     values ($1, $2, $3, $4,
             (select coalesce(max(place) + 1, 0) from transfer_destinations where organization_id = $1), $5)
     on conflict (organization_id, name) do update
     set number = excluded.number, message = excluded.message, updated_at = excluded.updated_at"
);
sql!(
    REMOVE,
    "delete from transfer_destinations
     where organization_id = $1 and name = $2"
);
sql!(
    LIST,
    "select name, number, message
     from transfer_destinations
     where organization_id = $1
     order by place, name
     limit $2"
);

/// Adds a destination after the others, or changes the one of this name.
pub async fn put(tx: &TenantTx, destination: &TransferDestination, now: Timestamp) -> Result<()> {
    let TransferDestination { name, number, message } = destination;
    tx.run(PUT, &[&tx.organization, name, number, message, &now]).await?;
    Ok(())
}

/// False if there was none of this name.
pub async fn remove(tx: &TenantTx, name: &str) -> Result<bool> {
    Ok(tx.run(REMOVE, &[&tx.organization, &name]).await? == 1)
}

/// The first one is meant when none is named.
pub async fn list(tx: &TenantTx) -> Result<Vec<TransferDestination>> {
    let rows = tx.all(LIST, &[&tx.organization, &DESTINATIONS_MAX]).await?;
    let read =
        |row: &tokio_postgres::Row| TransferDestination { name: row.get(0), number: row.get(1), message: row.get(2) };
    Ok(rows.iter().map(read).collect())
}
