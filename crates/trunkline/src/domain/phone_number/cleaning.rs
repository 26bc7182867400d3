//! What stands around a number in a cell, and what is no number whatever a lenient reader makes of it.

use std::borrow::Cow;

use super::error::PhoneNumberError;

/// No number with its decoration is longer; a longer text is something else.
const TEXT_CHARS_MAX: usize = 100;
/// How much of a text an error repeats.
const SHOWN_CHARS_MAX: usize = 40;
/// A piece of a text with this many digits is a number of its own.
const DIGITS_OF_A_NUMBER_MIN: usize = 7;

/// The start of a text, for an error.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// Without what spreadsheets, web pages and address books put around a number.
pub(super) fn undecorated(text: &str) -> Cow<'_, str> {
    let is_invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let visible: Cow<'_, str> =
        if text.contains(is_invisible) { text.replace(is_invisible, "").into() } else { text.into() };
    let around = |c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '’' | '‘' | '`' | ':');
    let mut core = visible.trim_matches(around);
    for prefix in ["tel:", "phone:", "mobile:"] {
        if core.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)) {
            core = core[prefix.len()..].trim_matches(around);
        }
    }
    // A column that was read as fractions: 3125550146.0.
    if let Some(whole) = core.strip_suffix(".0")
        && whole.len() >= DIGITS_OF_A_NUMBER_MIN
        && whole.bytes().all(|byte| byte.is_ascii_digit())
    {
        core = whole;
    }
    if core.len() == text.len() { text.into() } else { core.to_owned().into() }
}

/// Rules out what a lenient reader would make a number of.
pub(super) fn rule_out(text: &str) -> Result<(), PhoneNumberError> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(PhoneNumberError::NotANumber(shortened(text)));
    }
    if is_scientific(text) {
        return Err(PhoneNumberError::RoundedBySpreadsheet(shortened(text)));
    }
    let pieces = text.split(['/', ',', ';', '|', '&', '\n']).flat_map(|piece| piece.split(" or "));
    if pieces.filter(|piece| digit_count(piece) >= DIGITS_OF_A_NUMBER_MIN).count() > 1 {
        return Err(PhoneNumberError::SeveralNumbers(shortened(text)));
    }
    match text.find(char::is_alphabetic) {
        None => Ok(()),
        Some(letter) if is_extension(&text[letter..]) && digit_count(&text[..letter]) > 0 => {
            Err(PhoneNumberError::HasExtension(shortened(text)))
        }
        Some(_) => Err(PhoneNumberError::NotANumber(shortened(text))),
    }
}

/// `3.12555E+09`, also with a comma.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str, marks: &[char]| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || marks.contains(&c)) && digit_count(text) > 0
    };
    is_number(mantissa, &['.', ',', '-', '+']) && is_number(exponent, &['+', '-'])
}

/// `x5`, `ext. 5`, `extension 5`, `Durchwahl 5`: a word for it, then digits only.
fn is_extension(text: &str) -> bool {
    let word_end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (word, digits) = text.split_at(word_end);
    let word = word.to_lowercase();
    let is_word =
        ["x", "ext", "extn", "extension", "poste", "dw", "durchwahl", "int", "anexo"].contains(&word.as_str());
    is_word && digit_count(digits) > 0 && !digits.contains(char::is_alphabetic)
}

pub(super) fn digit_count(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}
