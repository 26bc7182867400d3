//! Why something is or is not called now, from the function that decides.

use jiff::Timestamp;

/// The answer, with what it rests on.
#[derive(Debug, Clone)]
pub struct Why {
    pub standing: WhyStanding,
    /// The cause with its figures, and when it goes on.
    pub sentence: String,
    /// Empty where nothing had to be decided.
    pub facts: Vec<FactGroup>,
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
    pub title: String,
    pub answer: Why,
    /// For a lead: its campaigns and the answer of each.
    pub campaigns: Vec<(String, String)>,
    /// As of when.
    pub asked_at: Timestamp,
}
