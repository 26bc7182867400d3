//! The rows that were left out, as a file for the spreadsheet.

use crate::store::lead_imports::Problem;

/// As CSV, with a mark of its encoding, which spreadsheets need.
pub(super) fn as_csv(problems: &[Problem]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(["line", "column", "value", "reason"])?;
    for Problem { line, column, value, reason } in problems {
        writer.write_record([&line.to_string(), &as_text(column), &as_text(value), reason])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text, and an import takes it off again.
fn as_text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_download_is_a_formula() {
        assert_eq!(as_text("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(as_text("+1 312"), "'+1 312");
        assert_eq!(as_text("312"), "312");
    }
}
