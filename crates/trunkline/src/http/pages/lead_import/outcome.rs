//! What came of a file, as the page tells it.

use crate::domain::lead_file::LeadFileError;
use crate::domain::phone_number::Country;
use crate::store::lead_imports::{LeadImport, Problem, UsedAs, UsedColumn};
use jiff::tz::TimeZone;
use ui::view::{ColumnRole, ColumnUse, ImportProblem, ImportResult, ImportRow};

pub(super) fn earlier(import: LeadImport) -> ImportRow {
    let LeadImport { id, file_name, counts, created_at, .. } = import;
    ImportRow { id: id.to_string(), file_name, at: created_at, added: counts.created, problems: counts.problems }
}

pub(super) fn drawn(import: LeadImport, problems: Vec<Problem>) -> ImportResult {
    let LeadImport { id, file_name, counts, created_at, by, columns, zones } = import;
    let problem = |problem| {
        let Problem { line, column, value, reason } = problem;
        ImportProblem { line, column, found: value, reason }
    };
    ImportResult {
        id: id.to_string(),
        file_name,
        at: created_at,
        by,
        rows: counts.rows,
        added: counts.created,
        updated: counts.updated,
        duplicates: counts.duplicates,
        rejected: counts.problems,
        columns: columns.into_iter().map(column).collect(),
        problems: problems.into_iter().map(problem).collect(),
        zones,
    }
}

fn column(column: UsedColumn) -> ColumnUse {
    let used_as = match column.used_as {
        UsedAs::Phone => ColumnRole::Phone,
        UsedAs::Name => ColumnRole::Name,
        UsedAs::TimeZone => ColumnRole::TimeZone,
        UsedAs::PostalCode => ColumnRole::PostalCode,
        UsedAs::ExternalId => ColumnRole::ExternalId,
        UsedAs::Variable => ColumnRole::Variable,
        UsedAs::Ignored => ColumnRole::Ignored,
    };
    ColumnUse { header: column.head, used_as }
}

/// `US (+1)`.
pub(super) fn country(code: &str) -> String {
    match Country::parse(code) {
        Some(country) => format!("{country} (+{})", country.calling_code()),
        None => code.to_owned(),
    }
}

/// Why nothing was done with a file that was imported before.
pub(super) fn same_file(earlier: &LeadImport, zone: TimeZone) -> String {
    let at = earlier.created_at.to_zoned(zone);
    let created = ui::words::count(earlier.counts.created, "new lead");
    format!(
        "This same file was imported on {} as {}, with {created}. Nothing was done. Choose it again to import it all the same.",
        at.strftime("%-d %B %Y"),
        earlier.file_name,
    )
}

pub(super) fn in_a_sentence(error: &LeadFileError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_shown_with_its_calling_code() {
        assert_eq!(country("GB"), "GB (+44)");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_a_sentence() {
        assert_eq!(in_a_sentence(&LeadFileError::Workbook), "This is an Excel workbook: save it as CSV.");
    }
}
