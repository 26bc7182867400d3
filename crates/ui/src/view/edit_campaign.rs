//! The form of what may be changed of a campaign, while it runs too.

use super::{Choice, FieldError, LastChange, WeekDraft};

/// The page `/o/{slug}/campaigns/{id}/edit`. The form is posted to the same address; with errors it is drawn again.
#[derive(Debug, Clone)]
pub struct EditCampaign {
    pub id: String,
    pub name: String,
    pub draft: TermsDraft,
    pub numbers: Vec<Choice>,
    /// The most lines that this organization can give.
    pub lines_max: u32,
    pub errors: Vec<FieldError>,
    pub last_change: Option<LastChange>,
}

/// The same as the agency sees it.
#[derive(Debug, Clone)]
pub struct OperatorEditCampaign {
    pub edit: EditCampaign,
    pub money: MoneyDraft,
}

/// What was typed, unread. Field names of the form are the names of these fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsDraft {
    pub lines_max: String,
    pub priority: String,
    pub calls_per_lead_and_day_max: String,
    pub attempts_max: String,
    /// Empty: the delays stay as they are planned.
    pub retry_after_minutes: String,
    /// The values of the chosen numbers; the field repeats.
    pub numbers: Vec<String>,
    /// `rotating`, `sticky` or `local`.
    pub number_choice: String,
    /// [`ANY_DAYPART`] or [`OTHER_DAYPART`].
    pub daypart: String,
    pub hours: WeekDraft,
}

/// The next try of a lead is made whenever its time has come.
pub const ANY_DAYPART: &str = "any";
/// It is made in another part of the day than the last one.
pub const OTHER_DAYPART: &str = "other";

/// The agency's part of the form, in dollars.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoneyDraft {
    /// Empty: no limit.
    pub budget_per_day_max: String,
    /// Empty: the mean of the last calls.
    pub price_per_call: String,
}

impl TermsDraft {
    /// The draft as its form posts it.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let numbers = self.numbers.iter().map(|number| ("numbers".to_owned(), number.clone()));
        let others = [
            ("lines_max", &self.lines_max),
            ("priority", &self.priority),
            ("calls_per_lead_and_day_max", &self.calls_per_lead_and_day_max),
            ("attempts_max", &self.attempts_max),
            ("retry_after_minutes", &self.retry_after_minutes),
            ("number_choice", &self.number_choice),
            ("daypart", &self.daypart),
        ];
        let others = others.map(|(name, value)| (name.to_owned(), value.clone()));
        others.into_iter().chain(numbers).chain(self.hours.pairs()).collect()
    }
}

impl MoneyDraft {
    /// The draft as its form posts it.
    pub fn pairs(&self) -> [(String, String); 2] {
        [
            ("budget_per_day_max".to_owned(), self.budget_per_day_max.clone()),
            ("price_per_call".to_owned(), self.price_per_call.clone()),
        ]
    }
}

impl FromIterator<(String, String)> for TermsDraft {
    /// Reads the pairs of a posted form; names it does not know are left alone.
    fn from_iter<Pairs: IntoIterator<Item = (String, String)>>(pairs: Pairs) -> TermsDraft {
        let mut draft = TermsDraft::default();
        for (name, value) in pairs {
            match name.as_str() {
                "lines_max" => draft.lines_max = value,
                "priority" => draft.priority = value,
                "calls_per_lead_and_day_max" => draft.calls_per_lead_and_day_max = value,
                "attempts_max" => draft.attempts_max = value,
                "retry_after_minutes" => draft.retry_after_minutes = value,
                "numbers" => draft.numbers.push(value),
                "number_choice" => draft.number_choice = value,
                "daypart" => draft.daypart = value,
                name => draft.hours.read(name, value),
            }
        }
        draft
    }
}

impl FromIterator<(String, String)> for MoneyDraft {
    /// Reads the pairs of a posted form; names it does not know are left alone.
    fn from_iter<Pairs: IntoIterator<Item = (String, String)>>(pairs: Pairs) -> MoneyDraft {
        let mut draft = MoneyDraft::default();
        for (name, value) in pairs {
            match name.as_str() {
                "budget_per_day_max" => draft.budget_per_day_max = value,
                "price_per_call" => draft.price_per_call = value,
                _ => {}
            }
        }
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_read_as_it_is_posted() {
        let terms = TermsDraft {
            lines_max: "3".into(),
            numbers: vec!["a".into(), "b".into()],
            number_choice: "local".into(),
            daypart: OTHER_DAYPART.into(),
            hours: WeekDraft { closed: "2026-12-25".into(), ..WeekDraft::default() },
            ..TermsDraft::default()
        };
        let money = MoneyDraft { budget_per_day_max: "50.00".into(), price_per_call: String::new() };

        assert_eq!(terms.pairs().into_iter().collect::<TermsDraft>(), terms);
        assert_eq!(money.pairs().into_iter().collect::<MoneyDraft>(), money);
    }
}
