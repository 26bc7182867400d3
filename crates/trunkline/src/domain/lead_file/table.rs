//! From the text of a file to rows of cells, each with its line in the file.

use csv::{ReaderBuilder, StringRecord};

/// How much of a text its delimiter is guessed from.
const SAMPLE_BYTES: usize = 64 * 1024;
const SAMPLE_ROWS: usize = 30;
/// In the order in which a tie is decided.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) struct Table<'a> {
    text: &'a str,
    delimiter: u8,
    /// Line of the file on which `text` begins.
    first_line: u64,
}

pub(super) struct Row {
    /// Where it begins, counted from 1 as an editor counts.
    pub(super) line: u64,
    pub(super) cells: StringRecord,
    /// A quote is opened in it and not closed until the end of the file.
    pub(super) is_unclosed: bool,
}

impl<'a> Table<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        // Excel writes and reads `sep=;` as a line above the header.
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if let [delimiter] = first.trim_end().strip_prefix("sep=").unwrap_or_default().as_bytes()
            && DELIMITERS.contains(delimiter)
        {
            return Self { text: rest, delimiter: *delimiter, first_line: 2 };
        }
        Self { text, delimiter: guess_delimiter(text), first_line: 1 }
    }

    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// The rows with something in them.
    pub(super) fn rows(&self) -> Rows<'a> {
        Rows { text: self.text, reader: reader(self.text, self.delimiter), counted_to: 0, line: self.first_line }
    }
}

pub(super) struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// Lines are counted to this byte; `line` is the one in which it lies.
    counted_to: usize,
    line: u64,
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let mut cells = StringRecord::new();
        loop {
            let start = self.byte();
            // The text is UTF-8 and rows may have any length, so nothing else than its end can stop the reader.
            if !self.reader.read_record(&mut cells).unwrap_or(false) {
                return None;
            }
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                // The reader takes the line ends before a row for part of it.
                let line_ends = self.text[start..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                let start = start + line_ends;
                self.count_lines_to(start);
                let is_unclosed = is_unclosed(&self.text[start..self.byte()]) && self.byte() == self.text.len();
                return Some(Row { line: self.line, cells, is_unclosed });
            }
        }
    }
}

impl Rows<'_> {
    fn byte(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(self.text.len()).min(self.text.len())
    }

    fn count_lines_to(&mut self, end: usize) {
        let bytes = self.text.as_bytes();
        for place in self.counted_to..end {
            let ends_line = match bytes[place] {
                b'\r' => bytes.get(place + 1) != Some(&b'\n'),
                byte => byte == b'\n',
            };
            self.line += u64::from(ends_line);
        }
        self.counted_to = end;
    }
}

fn is_unclosed(row: &str) -> bool {
    row.trim_end().contains('\n') && row.matches('"').count() % 2 == 1
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// The delimiter that splits most rows into the same number of cells, the larger number in doubt.
fn guess_delimiter(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    let score = |delimiter: u8| {
        let widths: Vec<usize> =
            reader(sample, delimiter).into_records().flatten().take(SAMPLE_ROWS).map(|row| row.len()).collect();
        let same = |width: usize| widths.iter().filter(|other| **other == width).count();
        let best = widths.iter().copied().filter(|width| *width > 1).map(|width| (same(width), width)).max();
        best.unwrap_or_default()
    };
    let scored = DELIMITERS.iter().rev().map(|delimiter| (score(*delimiter), *delimiter));
    scored.max_by_key(|(score, _)| *score).map_or(DELIMITERS[0], |(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the delimiter and the rows, each as `line: cells`.
    #[track_caller]
    fn check(text: &str, delimiter: char, expected: &[&str]) {
        let table = Table::of(text);
        let show = |row: Row| {
            let mark = if row.is_unclosed { " unclosed" } else { "" };
            format!("{}: {}{mark}", row.line, row.cells.iter().collect::<Vec<_>>().join(" / "))
        };
        assert_eq!(table.rows().map(show).collect::<Vec<_>>(), expected);
        assert_eq!(table.delimiter(), delimiter);
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_even_rows() {
        check("a,b\n1,2", ',', &["1: a / b", "2: 1 / 2"]);
        check("a;b\n1,5;2\n", ';', &["1: a / b", "2: 1,5 / 2"]);
        check(
            "name\tphone\nDoe, John\t1\nRoe, Jane\t2",
            '\t',
            &["1: name / phone", "2: Doe, John / 1", "3: Roe, Jane / 2"],
        );
        check("a|b\r\n1|2\r\n", '|', &["1: a / b", "2: 1 / 2"]);
        check("phone\n312", ',', &["1: phone", "2: 312"]);
        check("sep=;\na;b\n1,2,3;4", ';', &["2: a / b", "3: 1,2,3 / 4"]);
        check("", ',', &[]);
    }

    #[test]
    fn a_row_has_the_line_an_editor_shows() {
        check("a,b\n\n\n1,2\n", ',', &["1: a / b", "4: 1 / 2"]);
        check("a,b\r\n\r\n1,2\r\n , \r\n3,4", ',', &["1: a / b", "3: 1 / 2", "5: 3 / 4"]);
        check("a,b\n\"x\ny\nz\",2\n3,4", ',', &["1: a / b", "2: x\ny\nz / 2", "5: 3 / 4"]);
        check("a,b\r\n\"x\r\ny\",2\r\n3,4", ',', &["1: a / b", "2: x\r\ny / 2", "4: 3 / 4"]);
        check("a,b\r1,2\r3,4", ',', &["1: a / b", "2: 1 / 2", "3: 3 / 4"]);
        check("\n\na,b\n1,2", ',', &["3: a / b", "4: 1 / 2"]);
    }

    #[test]
    fn quotes_keep_delimiters_and_doubled_quotes() {
        check("a,b\n\"x, y\",\"say \"\"hi\"\"\"", ',', &["1: a / b", "2: x, y / say \"hi\""]);
        check("a,b\n5\" pipe,2\n3,4", ',', &["1: a / b", "2: 5\" pipe / 2", "3: 3 / 4"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_noticed() {
        check("a,b\n1,\"x\n3,4\n5,6", ',', &["1: a / b", "2: 1 / x\n3,4\n5,6 unclosed"]);
        check("a,b\n1,2\n3,5\" pipe", ',', &["1: a / b", "2: 1 / 2", "3: 3 / 5\" pipe"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end_with_rising_lines(text in "[ab,;\"\r\n\t é]{0,80}") {
            let lines: Vec<_> = Table::of(&text).rows().map(|row| row.line).collect();
            proptest::prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
