//! What lists and forms share: keyset pages, counts, choices, errors next to a field, and the last change.

use jiff::Timestamp;

/// Where the neighbours of this page of rows are. A cursor is opaque here: it goes back in `older=` or `newer=`.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// How many rows match, counted exactly only up to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    Exactly(u64),
    MoreThan(u64),
}

/// One option of a select.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// A link inside one organization: a campaign, a lead.
#[derive(Debug, Clone)]
pub struct Named {
    pub id: String,
    pub name: String,
}

/// How a form was changed last.
#[derive(Debug, Clone)]
pub struct LastChange {
    /// `None`: somebody at a terminal.
    pub by: Option<String>,
    pub at: Timestamp,
    /// What the form posts to have it as it was before: names and values.
    pub before: Vec<(String, String)>,
}

/// What is wrong with one field of a form. `message` is a sentence that names what was wanted and what came.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// The `name` of the field.
    pub field: String,
    pub message: String,
}

/// The state of a lists's time filter: the value of `when=` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    LastHour,
    #[default]
    LastDay,
    LastWeek,
    LastMonth,
    Ever,
}

impl When {
    pub const ALL: [When; 5] = [When::LastHour, When::LastDay, When::LastWeek, When::LastMonth, When::Ever];

    pub fn name(self) -> &'static str {
        match self {
            When::LastHour => "1h",
            When::LastDay => "24h",
            When::LastWeek => "7d",
            When::LastMonth => "30d",
            When::Ever => "ever",
        }
    }

    pub fn from_name(name: &str) -> Option<When> {
        When::ALL.into_iter().find(|when| when.name() == name)
    }

    /// How far back this looks; `None` is without end.
    pub fn hours(self) -> Option<i64> {
        match self {
            When::LastHour => Some(1),
            When::LastDay => Some(24),
            When::LastWeek => Some(24 * 7),
            When::LastMonth => Some(24 * 30),
            When::Ever => None,
        }
    }
}
