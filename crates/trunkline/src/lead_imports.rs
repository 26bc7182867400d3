//! Importing a spreadsheet's file of leads, for the page and the command line alike: read it, keep what is good, remember
//! what was left out and why. All of it in one transaction, so a file is imported whole or not at all.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::domain::ids::{LeadImportId, OrganizationId, UserId};
use crate::domain::lead_file::{
    self, Column, ColumnRole, LeadFile, LeadFileError, LeadFileOptions, LeadRow, RowProblem,
};
use crate::domain::phone_number::Country;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::lead_imports::{
    self, LeadImport, NewImport, PROBLEMS_PER_STATEMENT_MAX, Problem, RowCounts, UsedAs, UsedColumn,
};
use crate::store::leads::{self, LEADS_PER_STATEMENT_MAX, LeadCounts, NewLead};
use crate::store::{self, Db, TenantTx, organizations};

/// Time zones that an import remembers by name.
const ZONES_MAX: usize = 30;
const FILE_NAME_CHARS_MAX: usize = 200;

/// A file that somebody wants to import.
#[derive(Debug, Clone)]
pub struct FileToImport {
    /// The import's id to be. One that is taken is this same import, sent twice.
    pub id: LeadImportId,
    pub name: String,
    pub bytes: bytes::Bytes,
    /// Import it even if these very bytes were imported before.
    pub even_if_same: bool,
    /// `None`: the command line.
    pub by: Option<UserId>,
}

#[derive(Debug)]
pub enum Imported {
    Done(LeadImport),
    /// These very bytes were imported before; nothing was done.
    SameFile(LeadImport),
    /// The import of this id is there already; nothing was done.
    SameForm,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing could be read from the file.
    #[error(transparent)]
    File(#[from] LeadFileError),
    /// The organization's settings do not allow to read phones or times.
    #[error("the organization's {what} {value:?} is not known")]
    Settings { what: &'static str, value: String },
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Imports the file into the organization.
pub async fn import(
    db: &Db,
    organization: OrganizationId,
    file: FileToImport,
    now: Timestamp,
) -> Result<Imported, ImportError> {
    let hash = Sha256::digest(&file.bytes);
    let id = file.id;
    let tx = db.tenant(organization).await?;
    if !file.even_if_same
        && let Some(earlier) = lead_imports::of_same_file(&tx, &hash).await?
    {
        return Ok(if earlier.id == id { Imported::SameForm } else { Imported::SameFile(earlier) });
    }
    let settings = organizations::get(&tx).await?;
    // Reading takes seconds for a large file: no connection waits for it.
    drop(tx);
    let reader = Reader::of(&settings)?;
    let bytes = file.bytes.clone();
    let read = tokio::task::spawn_blocking(move || reader.read(&bytes))
        .await
        .expect("reading a file neither panics nor is it cancelled")?;

    let tx = db.tenant(organization).await?;
    let columns: Vec<UsedColumn> = read.columns.into_iter().map(used_column).collect();
    let name: String = file.name.chars().take(FILE_NAME_CHARS_MAX).collect();
    let new = NewImport { id, file_name: &name, file_hash: &hash, by: file.by, columns: &columns };
    if !lead_imports::begin(&tx, &new, now).await? {
        return Ok(Imported::SameForm);
    }
    let written = write_leads(&tx, id, &read.leads, now).await?;
    for some in read.problems.chunks(PROBLEMS_PER_STATEMENT_MAX) {
        lead_imports::add_problems(&tx, id, some).await?;
    }
    lead_imports::finish(&tx, id, read.counts.with(read.leads.len(), written), &read.zones).await?;
    let done = lead_imports::get(&tx, id).await?;
    tx.commit().await?;
    Ok(Imported::Done(done))
}

async fn write_leads(tx: &TenantTx, id: LeadImportId, new: &[NewLead], now: Timestamp) -> store::Result<LeadCounts> {
    let mut written = LeadCounts::default();
    for some in new.chunks(LEADS_PER_STATEMENT_MAX) {
        let counts = leads::upsert_many(tx, Some(id), some, now).await?;
        written.created += counts.created;
        written.updated += counts.updated;
    }
    Ok(written)
}

/// What reading needs to know of the organization.
struct Reader {
    country: Country,
    zone: jiff::tz::TimeZone,
}

/// A file in the words of the store.
struct Read {
    columns: Vec<Column>,
    leads: Vec<NewLead>,
    problems: Vec<Problem>,
    zones: Vec<(String, u64)>,
    counts: FileCounts,
}

/// What the file alone tells.
struct FileCounts {
    rows: usize,
    duplicates: usize,
    problems: usize,
}

impl Reader {
    fn of(organization: &organizations::Organization) -> Result<Self, ImportError> {
        let unknown = |what, value: &str| ImportError::Settings { what, value: value.to_owned() };
        let country = Country::parse(&organization.country).ok_or_else(|| unknown("country", &organization.country))?;
        let zone =
            time_zone::named(&organization.time_zone).map_err(|_| unknown("time zone", &organization.time_zone))?;
        Ok(Self { country, zone })
    }

    fn read(&self, bytes: &[u8]) -> Result<Read, LeadFileError> {
        let options = LeadFileOptions { country: self.country, columns: None };
        let file = lead_file::read_leads(bytes, &options)?;
        let zones = self.zones(&file.leads);
        let LeadFile { columns, row_count, leads, duplicates, problems, problem_row_count, delimiter: _ } = file;
        Ok(Read {
            columns,
            leads: leads.into_iter().map(new_lead).collect(),
            problems: problems.into_iter().map(problem).collect(),
            zones,
            counts: FileCounts { rows: row_count, duplicates: duplicates.len(), problems: problem_row_count },
        })
    }

    /// Leads by the zone in which they are called, the largest first. A phone that may be in several counts for the
    /// first of them.
    fn zones(&self, leads: &[LeadRow]) -> Vec<(String, u64)> {
        let mut counts: HashMap<String, u64> = HashMap::new();
        for lead in leads {
            let zone = LeadZone::of(lead.time_zone.as_ref(), lead.postal_code.as_deref(), lead.phone, &self.zone);
            if let Some(name) = zone.names().next() {
                *counts.entry(name.to_owned()).or_default() += 1;
            }
        }
        let mut zones: Vec<_> = counts.into_iter().collect();
        zones.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        zones.truncate(ZONES_MAX);
        zones
    }
}

impl FileCounts {
    /// With what writing told. Leads that were known in every field count as duplicates.
    fn with(&self, leads: usize, written: LeadCounts) -> RowCounts {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let LeadCounts { created, updated } = written;
        RowCounts {
            rows: count(self.rows),
            created,
            updated,
            duplicates: count(self.duplicates) + count(leads).saturating_sub(created + updated),
            problems: count(self.problems),
        }
    }
}

fn new_lead(row: LeadRow) -> NewLead {
    let LeadRow { phone, name, time_zone, postal_code, external_id, variables, line: _ } = row;
    let time_zone = time_zone.and_then(|zone| zone.iana_name().map(str::to_owned));
    NewLead { phone, name, time_zone, postal_code, external_id, variables: serde_json::json!(variables) }
}

fn problem(problem: RowProblem) -> Problem {
    let RowProblem { line, column, value, reason } = problem;
    Problem { line, column, value, reason }
}

fn used_column(column: Column) -> UsedColumn {
    let used_as = match column.role {
        ColumnRole::Phone => UsedAs::Phone,
        ColumnRole::Name | ColumnRole::FirstName | ColumnRole::LastName => UsedAs::Name,
        ColumnRole::TimeZone => UsedAs::TimeZone,
        ColumnRole::PostalCode => UsedAs::PostalCode,
        ColumnRole::ExternalId => UsedAs::ExternalId,
        ColumnRole::Variable => UsedAs::Variable,
        ColumnRole::Ignored => UsedAs::Ignored,
    };
    UsedColumn { head: column.head, used_as }
}
