//! Pages of a list by the place of their rows, not by number: rows that come in meanwhile move nothing.
//!
//! A list is ordered by an instant and an id, newest first. A page is read with one row more than it shows, which tells
//! whether there are others behind it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

/// Rows of one page of a list.
pub const PAGE_ROWS: usize = 50;
/// How many rows a page reads.
pub const PAGE_ROWS_READ: i64 = 51;
/// Rows are counted exactly up to here.
pub const COUNTED_MAX: i64 = 10_000;

/// Where a row stands in its list. As text it goes through an address and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: Timestamp,
    pub id: Uuid,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cursor {
    /// The newest rows.
    #[default]
    First,
    OlderThan(Place),
    NewerThan(Place),
}

/// Rows, newest first, and the places from which the pages beside them are read.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub newer: Option<Place>,
    pub older: Option<Place>,
}

/// How many rows there are: counted up to [`COUNTED_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    Exactly(u64),
    MoreThan(u64),
}

impl Count {
    /// Of a `count(*)` over at most one row more than [`COUNTED_MAX`].
    pub(super) fn bounded(counted: u64) -> Self {
        let max = COUNTED_MAX.unsigned_abs();
        if counted > max { Self::MoreThan(max) } else { Self::Exactly(counted) }
    }
}

impl<T> Page<T> {
    /// From at most [`PAGE_ROWS_READ`] rows, as read for `cursor`: nearest to the cursor first.
    pub(super) fn of(cursor: Cursor, mut read: Vec<T>, place: impl Fn(&T) -> Place) -> Self {
        let has_more = read.len() > PAGE_ROWS;
        read.truncate(PAGE_ROWS);
        if matches!(cursor, Cursor::NewerThan(_)) {
            read.reverse();
        }
        let (first, last) = (read.first().map(&place), read.last().map(&place));
        let (newer, older) = match cursor {
            Cursor::First => (None, last.filter(|_| has_more)),
            Cursor::OlderThan(_) => (first, last.filter(|_| has_more)),
            Cursor::NewerThan(_) => (first.filter(|_| has_more), last),
        };
        Self { rows: read, newer, older }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at.as_microsecond(), self.id.simple())
    }
}

/// A text that is no [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list")]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (micros, id) = text.rsplit_once('-').ok_or(NotAPlace)?;
        let at = micros.parse().ok().and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Ok(Self { at: at.ok_or(NotAPlace)?, id: id.parse().map_err(|_| NotAPlace)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(second: i64) -> Place {
        Place { at: Timestamp::from_second(second).unwrap(), id: Uuid::from_u128(7) }
    }

    fn page(cursor: Cursor, read: Vec<i64>) -> Page<i64> {
        Page::of(cursor, read, |second| place(*second))
    }

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for second in [0, -5, 1_764_000_000] {
            assert_eq!(place(second).to_string().parse(), Ok(place(second)));
        }
        for text in ["", "-", "5", "5-", "-x", "99999999999999999999-07"] {
            assert_eq!(text.parse::<Place>(), Err(NotAPlace), "{text}");
        }
    }

    #[test]
    fn the_row_too_many_is_not_shown_and_tells_of_an_older_page() {
        let page = page(Cursor::First, (0..51).rev().collect());

        assert_eq!((page.rows.len(), page.rows[0], page.newer, page.older), (50, 50, None, Some(place(1))));
    }

    #[test]
    fn a_page_of_newer_rows_is_shown_newest_first() {
        let cursor = Cursor::NewerThan(place(9));

        let page = page(cursor, vec![10, 11, 12]);

        assert_eq!((page.rows, page.newer, page.older), (vec![12, 11, 10], None, Some(place(10))));
    }

    #[test]
    fn the_last_page_has_nothing_older() {
        let page = page(Cursor::OlderThan(place(9)), vec![8, 7]);

        assert_eq!((page.newer, page.older), (Some(place(8)), None));
    }
}
