//! Importing leads from a spreadsheet's file.

use super::FieldError;
use jiff::Timestamp;

/// The page `/o/{slug}/leads/import`. The file is posted as the multipart field `file`, with `form_key` before it.
#[derive(Debug, Clone)]
pub struct ImportForm {
    pub bytes_max: u64,
    pub rows_max: u64,
    /// Country for phones in national form: "United States (+1)".
    pub country: String,
    /// Zone for leads whose own is not told, by IANA name.
    pub zone: String,
    pub errors: Vec<FieldError>,
    pub form_key: String,
    /// Sent back unchanged in `again`: the file that was imported before, and that may be imported once more now.
    pub again: Option<String>,
    pub recent: Vec<ImportRow>,
}

/// An earlier import.
#[derive(Debug, Clone)]
pub struct ImportRow {
    pub id: String,
    pub file_name: String,
    pub at: Timestamp,
    pub added: u64,
    pub problems: u64,
}

/// The page `/o/{slug}/leads/imports/{id}`: what came of a file.
#[derive(Debug, Clone)]
pub struct ImportResult {
    pub id: String,
    pub file_name: String,
    pub at: Timestamp,
    pub by: Option<String>,
    /// Rows below the header.
    pub rows: u64,
    pub added: u64,
    /// Rows whose phone was known here already, and which changed something.
    pub updated: u64,
    /// Rows whose phone was known here already, or stood in the file before.
    pub duplicates: u64,
    /// Rows that were left out, each with a problem.
    pub rejected: u64,
    pub columns: Vec<ColumnUse>,
    /// In the order of the file; may be cut.
    pub problems: Vec<ImportProblem>,
    pub zones: Vec<(String, u64)>,
}

/// What a column was used for.
#[derive(Debug, Clone)]
pub struct ColumnUse {
    pub header: String,
    pub used_as: ColumnRole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    Name,
    Phone,
    Email,
    TimeZone,
    /// Tells the zone, and is a variable of the call.
    PostalCode,
    ExternalId,
    /// Its values are variables of the call.
    Variable,
    Ignored,
}

#[derive(Debug, Clone)]
pub struct ImportProblem {
    /// Line in the file, the header is line 1.
    pub line: u64,
    pub column: String,
    /// What stood there, cut if long.
    pub found: String,
    /// "too short for a phone number".
    pub reason: String,
}
