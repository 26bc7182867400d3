//! The tools that an organization's own server answers.

use super::statement::sql;
use super::{Result, TenantTx};
use jiff::Timestamp;

const TOOLS_MAX: i64 = 200;

#[derive(Debug, Clone)]
pub struct Tool {
    /// As the assistant calls it; unique within its organization.
    pub name: String,
    pub url: String,
    /// Signs what is sent there.
    pub sealed_secret: Vec<u8>,
    /// How long its server may take, 100 to 12,000.
    pub timeout_ms: i32,
}

sql!(
    PUT,
    "insert into tools (organization_id, name, url, sealed_secret, timeout_ms, updated_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (organization_id, name) do update
     set url = excluded.url, sealed_secret = excluded.sealed_secret, timeout_ms = excluded.timeout_ms,
         updated_at = excluded.updated_at"
);
sql!(
    REMOVE,
    "delete from tools
     where organization_id = $1 and name = $2"
);
sql!(
    LIST,
    "select name, url, sealed_secret, timeout_ms
     from tools
     where organization_id = $1
     order by name
     limit $2"
);

/// Adds a tool, or changes the one of this name.
pub async fn put(tx: &TenantTx, tool: &Tool, now: Timestamp) -> Result<()> {
    let Tool { name, url, sealed_secret, timeout_ms } = tool;
    tx.run(PUT, &[&tx.organization, name, url, sealed_secret, timeout_ms, &now]).await?;
    Ok(())
}

/// False if there was none of this name.
pub async fn remove(tx: &TenantTx, name: &str) -> Result<bool> {
    Ok(tx.run(REMOVE, &[&tx.organization, &name]).await? == 1)
}

pub async fn list(tx: &TenantTx) -> Result<Vec<Tool>> {
    let rows = tx.all(LIST, &[&tx.organization, &TOOLS_MAX]).await?;
    let read = |row: &tokio_postgres::Row| Tool {
        name: row.get(0),
        url: row.get(1),
        sealed_secret: row.get(2),
        timeout_ms: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}
