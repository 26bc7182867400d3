//! The form of an organization's limits, and calling hours as they are typed.

use super::{FieldError, LastChange, OrganizationName, SwitchedOff};

/// The page `/organizations/{slug}/limits`. The form is posted to the same address; with errors it is drawn again.
#[derive(Debug, Clone)]
pub struct OrganizationLimitsForm {
    pub organization: OrganizationName,
    pub off: Option<SwitchedOff>,
    pub draft: LimitsDraft,
    pub errors: Vec<FieldError>,
    pub last_change: Option<LastChange>,
    /// Calls of today, and lines in use now: what a lowered limit would meet.
    pub calls_today: u32,
    pub lines_in_use: u32,
}

/// What was typed, unread. Field names of the form are the names of these fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LimitsDraft {
    pub calls_per_day_max: String,
    pub lines_max: String,
    pub weight: String,
    pub calls_per_lead_and_day_max: String,
    pub ring_gap_minutes_min: String,
    pub hours: WeekDraft,
}

/// Calling hours as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeekDraft {
    /// Of each weekday, Monday first, in the fields `mon` to `sun`: `09:00-12:00, 13:00-18:00`; empty is closed.
    pub days: [String; 7],
    /// Dates on which it is closed, with spaces or line breaks between them.
    pub closed: String,
    /// The calendar whose holidays are closed as well, empty for none; `None`: the form does not say.
    pub holidays: Option<String>,
}

/// The calendars of holidays that can be chosen: value and label.
pub const HOLIDAYS: [(&str, &str); 2] = [("", "None"), ("US", "Federal holidays of the United States")];

/// The fields of [`WeekDraft::days`], and what they are called.
pub const WEEK: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

impl LimitsDraft {
    /// The draft as its form posts it.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let numbers = [
            ("calls_per_day_max", &self.calls_per_day_max),
            ("lines_max", &self.lines_max),
            ("weight", &self.weight),
            ("calls_per_lead_and_day_max", &self.calls_per_lead_and_day_max),
            ("ring_gap_minutes_min", &self.ring_gap_minutes_min),
        ];
        let numbers = numbers.map(|(name, value)| (name.to_owned(), value.clone()));
        numbers.into_iter().chain(self.hours.pairs()).collect()
    }
}

impl FromIterator<(String, String)> for LimitsDraft {
    /// Reads the pairs of a posted form; names it does not know are left alone.
    fn from_iter<Pairs: IntoIterator<Item = (String, String)>>(pairs: Pairs) -> LimitsDraft {
        let mut draft = LimitsDraft::default();
        for (name, value) in pairs {
            match name.as_str() {
                "calls_per_day_max" => draft.calls_per_day_max = value,
                "lines_max" => draft.lines_max = value,
                "weight" => draft.weight = value,
                "calls_per_lead_and_day_max" => draft.calls_per_lead_and_day_max = value,
                "ring_gap_minutes_min" => draft.ring_gap_minutes_min = value,
                name => draft.hours.read(name, value),
            }
        }
        draft
    }
}

impl WeekDraft {
    /// The week as its form posts it.
    pub fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        let days = WEEK.iter().zip(&self.days).map(|((name, _), text)| ((*name).to_owned(), text.clone()));
        days.chain(std::iter::once(("closed".to_owned(), self.closed.clone())))
    }

    /// Takes the value of a field, if it is one of these.
    pub fn read(&mut self, name: &str, value: String) {
        if name == "closed" {
            self.closed = value;
        } else if name == "holidays" {
            self.holidays = Some(value);
        } else if let Some(place) = WEEK.iter().position(|(day, _)| *day == name) {
            self.days[place] = value;
        }
    }
}
