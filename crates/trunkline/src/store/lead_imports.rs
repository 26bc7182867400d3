//! Files of leads as they were imported: what came of each, and which rows were left out.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::{LeadImportId, UserId};
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::{Row, types::Json};

/// Problems that one statement writes.
pub const PROBLEMS_PER_STATEMENT_MAX: usize = 5_000;

/// What came of a file. Rows are those below the header; each is in exactly one of the counts after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub rows: u64,
    pub created: u64,
    /// The phone was known, and something about it was new.
    pub updated: u64,
    /// The phone stood in the file before, or was known with all that the row says.
    pub duplicates: u64,
    /// Left out.
    pub problems: u64,
}

#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    pub id: LeadImportId,
    pub file_name: &'a str,
    /// SHA-256 of the file's bytes.
    pub file_hash: &'a [u8],
    /// `None`: the command line.
    pub by: Option<UserId>,
    pub columns: &'a [UsedColumn],
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedColumn {
    pub head: String,
    pub used_as: UsedAs,
}

text_enum! {
    /// What a column was used for.
    pub enum UsedAs ("use of a column") {
        Phone = "phone",
        Name = "name",
        TimeZone = "time_zone",
        PostalCode = "postal_code",
        ExternalId = "external_id",
        Variable = "variable",
        Ignored = "ignored",
    }
}

#[derive(Debug, Clone)]
pub struct LeadImport {
    pub id: LeadImportId,
    pub file_name: String,
    pub counts: RowCounts,
    pub created_at: Timestamp,
    /// Name of the person; `None`: the command line.
    pub by: Option<String>,
    pub columns: Vec<UsedColumn>,
    /// How many leads of the file are in each time zone, the largest first.
    pub zones: Vec<(String, u64)>,
}

/// Why a row was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1, as an editor shows it.
    pub line: u64,
    /// Empty where the whole row is meant.
    pub column: String,
    pub value: String,
    pub reason: String,
}

sql!(
    BEGIN,
    "insert into lead_imports (organization_id, id, file_name, file_hash, user_id, columns, rows, created, updated,
                               duplicates, problems, created_at)
     values ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, $7)
     on conflict (organization_id, id) do nothing"
);
sql!(
    FINISH,
    "update lead_imports
     set rows = $3, created = $4, updated = $5, duplicates = $6, problems = $7, zones = $8
     where organization_id = $1 and id = $2"
);
sql!(
    ADD_PROBLEMS,
    "insert into lead_import_problems (organization_id, lead_import_id, line, column_name, value, reason)
     select $1, $2, p.line, p.column_name, p.value, p.reason
     from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as p (line, column_name, value, reason)
     on conflict do nothing"
);
sql!(
    GET,
    "select id, file_name, rows, created, updated, duplicates, problems, created_at,
            (select u.name from across.user_names(array[user_id]) u), columns, zones
     from lead_imports
     where organization_id = $1 and id = $2"
);
sql!(
    LATEST,
    "select id, file_name, rows, created, updated, duplicates, problems, created_at,
            (select u.name from across.user_names(array[user_id]) u), columns, zones
     from lead_imports
     where organization_id = $1
     order by created_at desc, id desc
     limit $2"
);
sql!(
    SAME_FILE,
    "select id, file_name, rows, created, updated, duplicates, problems, created_at,
            (select u.name from across.user_names(array[user_id]) u), columns, zones
     from lead_imports
     where organization_id = $1 and file_hash = $2
     order by created_at desc
     limit 1"
);
sql!(
    PROBLEMS,
    "select line, column_name, value, reason from lead_import_problems
     where organization_id = $1 and lead_import_id = $2
     order by line, column_name
     limit $3"
);

/// Records the file before its leads, which refer to it; the counts come with [`finish`]. False if it is there already.
/// Another transaction that is recording it is waited for.
pub async fn begin(tx: &TenantTx, new: &NewImport<'_>, now: Timestamp) -> Result<bool> {
    let NewImport { id, file_name, file_hash, by, columns } = new;
    Ok(tx.run(BEGIN, &[&tx.organization, id, file_name, file_hash, by, &Json(columns), &now]).await? == 1)
}

/// Records what came of the file; `zones` as in [`LeadImport`].
pub async fn finish(tx: &TenantTx, id: LeadImportId, counts: RowCounts, zones: &[(String, u64)]) -> Result<()> {
    let RowCounts { rows, created, updated, duplicates, problems } = counts;
    let [rows, created, updated, duplicates, problems] =
        [rows, created, updated, duplicates, problems].map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    tx.run(FINISH, &[&tx.organization, &id, &rows, &created, &updated, &duplicates, &problems, &Json(zones)]).await?;
    Ok(())
}

/// Keeps at most [`PROBLEMS_PER_STATEMENT_MAX`] problems.
pub async fn add_problems(tx: &TenantTx, id: LeadImportId, problems: &[Problem]) -> Result<()> {
    let lines: Vec<i32> = problems.iter().map(|p| i32::try_from(p.line).unwrap_or(i32::MAX)).collect();
    let column_names: Vec<&str> = problems.iter().map(|p| p.column.as_str()).collect();
    let values: Vec<&str> = problems.iter().map(|p| p.value.as_str()).collect();
    let reasons: Vec<&str> = problems.iter().map(|p| p.reason.as_str()).collect();
    tx.run(ADD_PROBLEMS, &[&tx.organization, &id, &lines, &column_names, &values, &reasons]).await?;
    Ok(())
}

pub async fn get(tx: &TenantTx, id: LeadImportId) -> Result<LeadImport> {
    import(&tx.one(GET, &[&tx.organization, &id]).await?)
}

/// The latest `count_max` imports, newest first.
pub async fn latest(tx: &TenantTx, count_max: i64) -> Result<Vec<LeadImport>> {
    let rows = tx.all(LATEST, &[&tx.organization, &count_max]).await?;
    rows.iter().map(import).collect()
}

/// The last import of a file with these very bytes.
pub async fn of_same_file(tx: &TenantTx, file_hash: &[u8]) -> Result<Option<LeadImport>> {
    tx.one_or_none(SAME_FILE, &[&tx.organization, &file_hash]).await?.as_ref().map(import).transpose()
}

/// The first `count_max` problems, in the order of the file.
pub async fn problems(tx: &TenantTx, id: LeadImportId, count_max: i64) -> Result<Vec<Problem>> {
    let rows = tx.all(PROBLEMS, &[&tx.organization, &id, &count_max]).await?;
    let read = |row: &Row| Problem {
        line: u64::from(row.get::<_, i32>(0).unsigned_abs()),
        column: row.get(1),
        value: row.get(2),
        reason: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}

fn import(row: &Row) -> Result<LeadImport> {
    let count = |column| u64::from(row.get::<_, i32>(column).unsigned_abs());
    Ok(LeadImport {
        id: row.get(0),
        file_name: row.get(1),
        counts: RowCounts {
            rows: count(2),
            created: count(3),
            updated: count(4),
            duplicates: count(5),
            problems: count(6),
        },
        created_at: row.get(7),
        by: row.get(8),
        columns: columns::json(row, 9)?,
        zones: columns::json(row, 10)?,
    })
}
