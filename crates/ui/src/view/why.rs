//! Why something is or is not called now, from the function that decides.

use super::Named;
use jiff::Timestamp;

/// The answer, with what it rests on.
#[derive(Debug, Clone)]
pub struct Why {
    pub standing: WhyStanding,
    /// The cause with its figures, and when it goes on.
    pub sentence: String,
    /// Empty where nothing had to be decided.
    pub facts: Vec<FactGroup>,
    /// Its own page, on which it can be asked for another time.
    pub page: String,
}

/// How far it is from a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyStanding {
    UnderWay,
    /// Nothing stands against it.
    Due,
    /// Its time will come, or something ends first.
    Waits,
    /// Somebody has to change something.
    Blocked,
    Never,
}

/// Facts about one thing: names and values.
#[derive(Debug, Clone)]
pub struct FactGroup {
    pub title: String,
    pub rows: Vec<(String, String)>,
}

/// The answer on a page of its own.
#[derive(Debug, Clone)]
pub struct WhyPage {
    pub subject: WhySubject,
    pub answer: Why,
    /// For a lead: its campaigns and the answer of each.
    pub campaigns: Vec<(Named, String)>,
    /// As of when.
    pub asked_at: Timestamp,
    /// It was asked what would be then.
    pub is_another_time: bool,
}

/// What is asked about.
#[derive(Debug, Clone)]
pub enum WhySubject {
    Lead(Named),
    Campaign(Named),
    /// In E.164.
    Number(String),
    Organization,
}
