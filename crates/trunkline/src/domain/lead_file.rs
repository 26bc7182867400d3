//! Leads from a spreadsheet's CSV file, as people have it: any usual encoding, delimiter and order of columns.
//!
//! Good rows are kept and every other row is said, with its line in the file, what stood there and why it was
//! left out. The file is in memory, as an upload is; what is made of it is bounded by the constants below.

mod columns;
mod encoding;
mod heads;
mod table;
mod variable_name;

use std::collections::{BTreeMap, HashMap};

use csv::StringRecord;
use jiff::tz::TimeZone;

pub use self::columns::{Column, ColumnRole};
use self::columns::{Columns, tell_columns};
use self::table::{Row, Table};
use super::phone_number::{Country, PhoneNumber};
use super::postal_code_zones::POSTAL_CODE_CHARS_MAX;
use super::time_zone;

pub const LEAD_FILE_BYTES_MAX: usize = 64 * 1024 * 1024;
pub const ROWS_MAX: usize = 200_000;
pub const COLUMNS_MAX: usize = 200;
pub const CELL_CHARS_MAX: usize = 2_000;
/// Filled cells that become variables, over the whole file.
const VARIABLES_MAX: usize = 3_000_000;
/// How many problems are kept; all are counted.
pub const PROBLEMS_MAX: usize = 1_000;
/// Rows from which the columns are told.
const SAMPLE_ROWS: usize = 50;
const SHOWN_CHARS_MAX: usize = 60;

#[derive(Clone, Debug)]
pub struct LeadFileOptions {
    /// How phones without `+` are read.
    pub country: Country,
    /// What columns are for, by head; a column that is not named becomes a variable. `None`: guess.
    pub columns: Option<BTreeMap<String, ColumnRole>>,
}

/// What was found in a file.
#[derive(Clone, Debug)]
pub struct LeadFile {
    pub delimiter: char,
    pub columns: Vec<Column>,
    /// Rows with something in them, the head not counted: `leads`, `duplicates` and those with a problem.
    pub row_count: usize,
    pub leads: Vec<LeadRow>,
    pub duplicates: Vec<DuplicateRow>,
    /// The first [`PROBLEMS_MAX`] problems, in the order of the file.
    pub problems: Vec<RowProblem>,
    /// Rows left out because of a problem.
    pub problem_row_count: usize,
}

#[derive(Clone, Debug)]
pub struct LeadRow {
    /// Where the row begins in the file, counted from 1.
    pub line: u64,
    pub phone: PhoneNumber,
    /// Empty if none is given.
    pub name: String,
    /// As given in the file.
    pub time_zone: Option<TimeZone>,
    /// As written in the file.
    pub postal_code: Option<String>,
    pub external_id: Option<String>,
    /// What prompts may use, by name. Empty cells are left out.
    pub variables: BTreeMap<String, String>,
}

/// A row with the phone of an earlier row: the earlier one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateRow {
    pub line: u64,
    pub of_line: u64,
}

/// Why a row was left out. A row has at most one problem in each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    pub line: u64,
    /// Head of the column.
    pub column: String,
    /// What stood there, cut if long.
    pub value: String,
    pub reason: String,
}

/// Why nothing can be read from a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeadFileError {
    #[error("the file is empty")]
    Empty,
    #[error("the file has no rows below its head")]
    NoRows,
    #[error("this is an Excel workbook: save it as CSV")]
    Workbook,
    #[error("this is a web page: save the list as CSV")]
    WebPage,
    #[error("this is not a text file: save the list as CSV")]
    NotText,
    #[error("no column holds phone numbers; the columns are: {seen}")]
    NoPhoneColumn { seen: String },
    #[error("there is no column {head:?}; the columns are: {seen}")]
    NoSuchColumn { head: String, seen: String },
    #[error("the file is larger than {} MiB: split it", LEAD_FILE_BYTES_MAX / 1024 / 1024)]
    TooManyBytes,
    #[error("the file has more than {ROWS_MAX} rows: split it")]
    TooManyRows,
    #[error("the file has {0} columns, at most {COLUMNS_MAX} are possible")]
    TooManyColumns(usize),
    #[error("the file has more than {VARIABLES_MAX} filled cells: leave out columns that no agent uses")]
    TooManyVariables,
}

/// Reads a whole file. No row of it is lost without a word: each is a lead, a duplicate or has a problem.
pub fn read_leads(bytes: &[u8], options: &LeadFileOptions) -> Result<LeadFile, LeadFileError> {
    if bytes.len() > LEAD_FILE_BYTES_MAX {
        return Err(LeadFileError::TooManyBytes);
    }
    let text = encoding::decode(bytes)?;
    let table = Table::of(&text);
    let sample: Vec<StringRecord> = table.rows().take(SAMPLE_ROWS).map(|row| row.cells).collect();
    let columns = tell_columns(&sample, options)?;
    let mut reading = Reading::new(&columns, options.country);
    for row in table.rows().skip(usize::from(columns.has_head)) {
        reading.take(&row)?;
    }
    if reading.row_count == 0 {
        return Err(LeadFileError::NoRows);
    }
    let Reading { row_count, leads, duplicates, problems, problem_row_count, .. } = reading;
    let delimiter = table.delimiter();
    Ok(LeadFile { delimiter, columns: columns.all, row_count, leads, duplicates, problems, problem_row_count })
}

struct Reading<'a> {
    columns: &'a Columns,
    country: Country,
    line_of_phone: HashMap<PhoneNumber, u64>,
    variable_count: usize,
    row_count: usize,
    leads: Vec<LeadRow>,
    duplicates: Vec<DuplicateRow>,
    problems: Vec<RowProblem>,
    problem_row_count: usize,
}

impl<'a> Reading<'a> {
    fn new(columns: &'a Columns, country: Country) -> Self {
        Self {
            columns,
            country,
            line_of_phone: HashMap::new(),
            variable_count: 0,
            row_count: 0,
            leads: Vec::new(),
            duplicates: Vec::new(),
            problems: Vec::new(),
            problem_row_count: 0,
        }
    }

    fn take(&mut self, row: &Row) -> Result<(), LeadFileError> {
        if self.row_count == ROWS_MAX {
            return Err(LeadFileError::TooManyRows);
        }
        self.row_count += 1;
        match self.lead_of(row) {
            Err(problems) => {
                self.problem_row_count += 1;
                let room = PROBLEMS_MAX.saturating_sub(self.problems.len());
                self.problems.extend(problems.into_iter().take(room));
            }
            Ok(lead) => {
                let of_line = *self.line_of_phone.entry(lead.phone).or_insert(row.line);
                if of_line != row.line {
                    self.duplicates.push(DuplicateRow { line: row.line, of_line });
                    return Ok(());
                }
                self.variable_count += lead.variables.len();
                if self.variable_count > VARIABLES_MAX {
                    return Err(LeadFileError::TooManyVariables);
                }
                self.leads.push(lead);
            }
        }
        Ok(())
    }

    fn lead_of(&self, row: &Row) -> Result<LeadRow, Vec<RowProblem>> {
        if let Some(problem) = self.shape_problem(row) {
            return Err(vec![problem]);
        }
        let mut problems = Vec::new();
        let phone = self.phone_of(row);
        let mut name = NameParts::default();
        let (mut time_zone, mut postal_code, mut external_id) = (None, None, None);
        let mut variables = BTreeMap::new();
        for (place, column) in self.columns.all.iter().enumerate() {
            let cell = cleaned(row.cells.get(place).unwrap_or_default());
            if cell.is_empty() {
                continue;
            }
            if cell.chars().count() > CELL_CHARS_MAX {
                let reason = format!("has more than {CELL_CHARS_MAX} characters");
                problems.push(self.problem(row, place, reason));
                continue;
            }
            match column.role {
                ColumnRole::Name => name.whole.clone_from(&cell),
                ColumnRole::FirstName => name.first.clone_from(&cell),
                ColumnRole::LastName => name.last.clone_from(&cell),
                ColumnRole::ExternalId => external_id = Some(cell.clone()),
                // What is too long to be one is a variable all the same.
                ColumnRole::PostalCode => {
                    postal_code = Some(cell.clone()).filter(|code| code.chars().count() <= POSTAL_CODE_CHARS_MAX);
                }
                ColumnRole::TimeZone => match time_zone::parse(&cell) {
                    Ok(zone) => time_zone = Some(zone),
                    Err(error) => problems.push(self.problem(row, place, error.to_string())),
                },
                ColumnRole::Phone | ColumnRole::Variable | ColumnRole::Ignored => {}
            }
            if let Some(variable) = &column.variable {
                variables.insert(variable.clone(), cell);
            }
        }
        match phone {
            Ok(phone) if problems.is_empty() => {
                let name = name.joined();
                Ok(LeadRow { line: row.line, phone, name, time_zone, postal_code, external_id, variables })
            }
            Ok(_) => Err(problems),
            Err(problem) => {
                problems.retain(|other| other.column != problem.column);
                problems.insert(0, problem);
                Err(problems)
            }
        }
    }

    fn phone_of(&self, row: &Row) -> Result<PhoneNumber, RowProblem> {
        let cell = row.cells.get(self.columns.phone).unwrap_or_default();
        let problem = |reason: String| self.problem(row, self.columns.phone, reason);
        let phone = PhoneNumber::parse(cell, self.country).map_err(|error| problem(error.to_string()))?;
        let kind = phone.kind();
        if !kind.may_be_called() {
            return Err(problem(format!("phone is {}, which is never called", kind.described())));
        }
        Ok(phone)
    }

    /// What is wrong with a row as a whole, told at its first cell or the first one too many.
    fn shape_problem(&self, row: &Row) -> Option<RowProblem> {
        if row.is_unclosed {
            let reason = "a quote is opened here and never closed: all rows below were read as part of this one";
            return Some(self.problem(row, 0, reason.to_owned()));
        }
        let width = self.columns.all.len();
        let extra = (width..row.cells.len()).find(|place| !row.cells[*place].trim().is_empty())?;
        let reason = format!(
            "the row has {} cells and the head has {width}: quote cells that contain the delimiter",
            row.cells.len(),
        );
        Some(self.problem(row, extra, reason))
    }

    fn problem(&self, row: &Row, place: usize, reason: String) -> RowProblem {
        let head = self.columns.all.get(place).map(|column| column.head.clone());
        RowProblem {
            line: row.line,
            column: head.unwrap_or_else(|| format!("Column {}", place + 1)),
            value: shortened(row.cells.get(place).unwrap_or_default()),
            reason,
        }
    }
}

#[derive(Default)]
struct NameParts {
    whole: String,
    first: String,
    last: String,
}

impl NameParts {
    fn joined(self) -> String {
        if self.whole.is_empty() { format!("{} {}", self.first, self.last).trim().to_owned() } else { self.whole }
    }
}

/// Without surrounding space, nor the zero characters that no database text holds.
fn cleaned(cell: &str) -> String {
    cell.trim().replace('\0', "")
}

fn shortened(value: &str) -> String {
    let value = cleaned(value);
    match value.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}

#[cfg(test)]
mod tests;
