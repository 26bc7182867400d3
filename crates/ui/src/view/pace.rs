//! The forms of how fast a number, a line pool or a provider account may be used, for the agency.

use super::{FieldError, LastChange};

/// The page of one of them. The form is posted to the same address; with errors it is drawn again.
#[derive(Debug, Clone)]
pub struct PaceForm {
    pub of: PaceOf,
    /// As people call it: "+1 312 555 0199", "East".
    pub name: String,
    pub fields: Vec<PaceField>,
    pub errors: Vec<FieldError>,
    pub last_change: Option<LastChange>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaceOf {
    Number {
        /// Whose it is.
        slug: String,
        organization: String,
    },
    Pool,
    Account,
}

/// One field with what was typed, or what is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaceField {
    pub name: &'static str,
    pub label: &'static str,
    /// Its unit, and what it means when it is empty.
    pub hint: String,
    pub input: PaceInput,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceInput {
    Number,
    Date,
}
