//! What the small forms of switches and limits post: a reason, a time, a number, and the page to go back to.

use super::way_back;

const BECAUSE_CHARS_MAX: usize = 200;
/// More is a slip of the finger.
const LINES_MAX: i32 = 1_000_000;
/// Hours for which something may be put to rest: a year.
const HOURS_MAX: i64 = 24 * 366;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Posted {
    because: String,
    hours: String,
    back: String,
    lines_max: String,
}

impl Posted {
    /// Why, if something was said: one line, cut where it is too long.
    pub(super) fn because(&self) -> Option<&str> {
        let text = self.because.trim();
        let end = text.char_indices().nth(BECAUSE_CHARS_MAX).map_or(text.len(), |(at, _)| at);
        (end > 0).then_some(&text[..end])
    }

    /// For how many hours; `None`: until somebody ends it.
    pub(super) fn hours(&self) -> Option<i64> {
        self.hours.trim().parse().ok().filter(|hours| (1..=HOURS_MAX).contains(hours))
    }

    /// The page that the form was on, else `page`.
    pub(super) fn back<'a>(&'a self, page: &'a str) -> &'a str {
        way_back::ours(&self.back).unwrap_or(page)
    }

    pub(super) fn lines_max(&self) -> Option<i32> {
        self.lines_max.trim().parse().ok().filter(|lines| (1..=LINES_MAX).contains(lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_that_ends() {
        let said = |text: &str| Posted { because: text.to_owned(), ..Posted::default() };

        assert_eq!(said("  ").because(), None);
        assert_eq!(said(" complaints ").because(), Some("complaints"));
        assert_eq!(said(&"ü".repeat(300)).because().map(|text| text.chars().count()), Some(BECAUSE_CHARS_MAX));
    }

    #[test]
    fn a_limit_outside_its_bounds_is_none() {
        let lines = |text: &str| Posted { lines_max: text.to_owned(), ..Posted::default() }.lines_max();

        assert_eq!([lines("0"), lines("many"), lines("9999999"), lines(" 12 ")], [None, None, None, Some(12)]);
    }
}
