//! Groups of leads that a new campaign can take: all of them, or those of one import.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::LeadImportId;
use jiff::Timestamp;

#[derive(Debug, Clone)]
pub struct ImportedGroup {
    pub import: LeadImportId,
    pub file_name: String,
    pub at: Timestamp,
    pub leads: u64,
}

sql!(COUNT_ALL, "select count(*) from leads where organization_id = $1");
// A lead belongs to the import that touched it last.
sql!(
    IMPORTED,
    "select i.id, i.file_name, i.created_at, count(l.id)
     from (
         select * from lead_imports
         where organization_id = $1
         order by created_at desc, id desc
         limit $2
     ) i
     join leads l on l.organization_id = $1 and l.lead_import_id = i.id
     group by i.id, i.file_name, i.created_at
     order by i.created_at desc, i.id desc"
);

pub async fn count_all(tx: &TenantTx) -> Result<u64> {
    Ok(columns::count(&tx.one(COUNT_ALL, &[&tx.organization]).await?, 0))
}

/// The groups of the latest imports that still have leads.
pub async fn imported(tx: &TenantTx, count_max: i64) -> Result<Vec<ImportedGroup>> {
    let rows = tx.all(IMPORTED, &[&tx.organization, &count_max]).await?;
    let read = |row: &tokio_postgres::Row| ImportedGroup {
        import: row.get(0),
        file_name: row.get(1),
        at: row.get(2),
        leads: columns::count(row, 3),
    };
    Ok(rows.iter().map(read).collect())
}
