//! What a person typed to find a lead, as patterns of `like`.

/// Fewer digits are in too many phones.
const DIGITS_MIN: usize = 3;
const WORDS_CHARS_MAX: usize = 100;

/// Patterns for names and for phones; either may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchWords {
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
}

impl SearchWords {
    /// Looks for the words anywhere in a name, and for their digits anywhere in a phone. `None` if nothing was typed.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(WORDS_CHARS_MAX).collect();
        if text.is_empty() {
            return None;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let has_letters = text.chars().any(char::is_alphabetic);
        let phone = (digits.len() >= DIGITS_MIN && !has_letters).then(|| anywhere(&digits));
        let name = phone.is_none().then(|| anywhere(&text));
        Some(Self { name, phone })
    }
}

/// A pattern of `like` for what has `text` in it, whatever signs of patterns it has.
pub(super) fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: Option<&str>, phone: Option<&str>) {
        let words = SearchWords::parse(text).unwrap();
        assert_eq!((words.name.as_deref(), words.phone.as_deref()), (name, phone));
    }

    #[test]
    fn digits_are_looked_for_in_phones_and_everything_else_in_names() {
        check(" Ann ", Some("%Ann%"), None);
        check("(312) 555-01", None, Some("%31255501%"));
        check("+1 312", None, Some("%1312%"));
        check("4 Wheels 4000", Some("%4 Wheels 4000%"), None);
        check("42", Some("%42%"), None);
        assert_eq!(SearchWords::parse("  "), None);
    }

    #[test]
    fn signs_of_patterns_are_looked_for_as_they_are() {
        check("100%_a\\", Some("%100\\%\\_a\\\\%"), None);
    }
}
