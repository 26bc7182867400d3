//! From the head of a column to a name that a prompt can use: `Appointment Date` becomes `appointment_date`.

use std::collections::BTreeSet;

const NAME_CHARS_MAX: usize = 60;
/// Names with a meaning of their own in prompts: what the provider fills in, and words of the template language.
const RESERVED: &[&str] = &[
    "and",
    "blank",
    "contains",
    "customer",
    "date",
    "day",
    "empty",
    "false",
    "month",
    "nil",
    "not",
    "now",
    "null",
    "or",
    "time",
    "transport",
    "true",
    "year",
];

/// The name for a head at a place counted from 1, different from all in `taken`.
///
/// A reserved name gets `lead_` before it, a repeated one `_2` after it.
pub(super) fn variable_name(head: &str, place: usize, taken: &BTreeSet<String>) -> String {
    let mut name = snake_case(head);
    if name.is_empty() {
        name = format!("column_{place}");
    }
    if RESERVED.contains(&name.as_str()) || name.starts_with(|c: char| c.is_ascii_digit()) {
        name = format!("lead_{name}");
    }
    let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("one of endlessly many names is free")
}

fn snake_case(head: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    for letter in head.chars() {
        let starts_word = letter.is_uppercase() && before.is_lowercase();
        let plain = plain_letters(letter);
        if (starts_word || plain.is_empty()) && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.push_str(&plain);
        before = letter;
        if name.len() >= NAME_CHARS_MAX {
            break;
        }
    }
    name.trim_end_matches('_').to_owned()
}

/// A letter or digit in lower case ASCII, as it is written without accents; empty for everything else.
fn plain_letters(letter: char) -> String {
    let lower: String = letter.to_lowercase().collect();
    let plain = match lower.as_str() {
        "ä" | "æ" => "ae",
        "ö" | "œ" | "ø" => "oe",
        "ü" => "ue",
        "ß" => "ss",
        "à" | "á" | "â" | "ã" | "å" | "ą" | "ā" => "a",
        "ç" | "ć" | "č" => "c",
        "ď" | "đ" => "d",
        "è" | "é" | "ê" | "ë" | "ę" | "ě" | "ē" => "e",
        "ì" | "í" | "î" | "ï" | "ī" | "ı" => "i",
        "ł" => "l",
        "ñ" | "ń" | "ň" => "n",
        "ò" | "ó" | "ô" | "õ" | "ő" => "o",
        "ř" => "r",
        "ś" | "š" | "ş" => "s",
        "ť" => "t",
        "ù" | "ú" | "û" | "ů" | "ű" | "ū" => "u",
        "ý" | "ÿ" => "y",
        "ź" | "ż" | "ž" => "z",
        other => other,
    };
    plain.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A head as aliases are written: `E-Mail Address` is `emailaddress`.
pub(super) fn squeezed(head: &str) -> String {
    head.chars().map(plain_letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        let taken = BTreeSet::from(["plan".to_owned(), "plan_2".to_owned()]);
        assert_eq!(variable_name(head, 3, &taken), expected);
    }

    #[test]
    fn a_head_becomes_a_name_in_snake_case() {
        check("Appointment Date", "appointment_date");
        check("appointmentDate", "appointment_date");
        check(" E-Mail ", "e_mail");
        check("URL", "url");
        check("Größe (m²)", "groesse_m");
        check("Código postal", "codigo_postal");
        check("first_name", "first_name");
        check("plan", "plan_3");
        check("{{evil}}", "evil");
        check(&"x".repeat(200), &"x".repeat(60));
    }

    #[test]
    fn a_head_that_gives_no_usable_name_gets_one() {
        check("", "column_3");
        check("电话", "column_3");
        check("2nd choice", "lead_2nd_choice");
        check("Date", "lead_date");
        check("customer", "lead_customer");
    }
}
