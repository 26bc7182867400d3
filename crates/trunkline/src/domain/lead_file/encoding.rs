//! From the bytes of a file to its text.

use std::borrow::Cow;

use super::LeadFileError;

const UTF_8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF_16_LE_MARK: &[u8] = &[0xff, 0xfe];
const UTF_16_BE_MARK: &[u8] = &[0xfe, 0xff];
const ZIP_MARK: &[u8] = b"PK\x03\x04";
const OLD_OFFICE_MARK: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// How far into a file its kind is looked for.
const LOOK_BYTES: usize = 1024;

/// Windows-1252 from 0x80 on, where it differs from Latin-1; five places are not used.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads UTF-8 and UTF-16, with a mark or without, and what else old spreadsheets write: Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, LeadFileError> {
    if bytes.starts_with(ZIP_MARK) || bytes.starts_with(OLD_OFFICE_MARK) {
        return Err(LeadFileError::Workbook);
    }
    if let Some(rest) = bytes.strip_prefix(UTF_8_MARK) {
        return Ok(utf_8_or_windows_1252(rest));
    }
    if let Some(rest) = bytes.strip_prefix(UTF_16_LE_MARK) {
        return Ok(utf_16(rest, u16::from_le_bytes).into());
    }
    if let Some(rest) = bytes.strip_prefix(UTF_16_BE_MARK) {
        return Ok(utf_16(rest, u16::from_be_bytes).into());
    }
    // The letters of a header in UTF-16 have a zero byte each.
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            return Ok(utf_16(bytes, u16::from_le_bytes).into());
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            return Ok(utf_16(bytes, u16::from_be_bytes).into());
        }
        _ => {}
    }
    if bytes.starts_with(b"%PDF") || bytes.iter().take(LOOK_BYTES).any(|byte| *byte == 0) {
        return Err(LeadFileError::NotText);
    }
    let text = utf_8_or_windows_1252(bytes);
    if looks_like_a_web_page(&text) {
        return Err(LeadFileError::WebPage);
    }
    Ok(text)
}

fn utf_8_or_windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    let letter = |byte: u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|byte| letter(*byte)).collect::<String>().into(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Some systems export a page with a table and call it a workbook.
fn looks_like_a_web_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(20).collect::<String>().to_ascii_lowercase();
    ["<html", "<!doctype", "<table", "<?xml"].iter().any(|mark| start.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let text = decode(bytes).map_or_else(|error| error.to_string(), Cow::into_owned);
        assert_eq!(text, expected);
    }

    #[test]
    fn every_usual_encoding_is_read() {
        check("Phone,Größe".as_bytes(), "Phone,Größe");
        check(b"\xef\xbb\xbfPhone", "Phone");
        check(b"Name\nJos\xe9 \x80 5\x96", "Name\nJosé € 5–");
        let utf_16 = |unit: fn(u16) -> [u8; 2]| "Phone,Zoë 😀".encode_utf16().flat_map(unit).collect::<Vec<_>>();
        check(&[b"\xff\xfe", utf_16(u16::to_le_bytes).as_slice()].concat(), "Phone,Zoë 😀");
        check(&[b"\xfe\xff", utf_16(u16::to_be_bytes).as_slice()].concat(), "Phone,Zoë 😀");
        check(&utf_16(u16::to_le_bytes), "Phone,Zoë 😀");
        check(&utf_16(u16::to_be_bytes), "Phone,Zoë 😀");
        check(b"", "");
    }

    #[test]
    fn what_is_no_text_is_named() {
        check(b"PK\x03\x04rest", "this is an Excel workbook: save it as CSV");
        check(b"\xd0\xcf\x11\xe0rest", "this is an Excel workbook: save it as CSV");
        check(b"%PDF-1.7", "this is not a text file: save the list as CSV");
        check(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "this is not a text file: save the list as CSV");
        check(b"  <html><table>", "this is a web page: save the list as CSV");
    }
}
