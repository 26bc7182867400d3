//! The form of a new campaign: what may be chosen, what was typed, what is wrong with it.

use super::{Choice, FieldError};

/// The page `/o/{slug}/campaigns/new`. The form is posted to the same address; with errors it is drawn again.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    pub draft: CampaignDraft,
    /// Groups of leads that may be called; the value goes back in `leads`.
    pub groups: Vec<LeadGroup>,
    pub agents: Vec<Choice>,
    pub numbers: Vec<Choice>,
    /// The most lines that this organization can give.
    pub lines_max: u32,
    pub errors: Vec<FieldError>,
    /// Sent back unchanged in `form_key`: a form that is posted twice does one thing.
    pub form_key: String,
}

#[derive(Debug, Clone)]
pub struct LeadGroup {
    pub value: String,
    /// "All leads", "Imported on Tue 24 Nov: recall.csv".
    pub label: String,
    pub leads: u64,
}

/// What was typed, unread. Field names of the form are the names of these fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignDraft {
    pub name: String,
    /// The value of a [`LeadGroup`].
    pub leads: String,
    /// The value of one of the agents.
    pub agent: String,
    /// The values of the chosen numbers; the field repeats.
    pub numbers: Vec<String>,
    /// `mon` to `sun`; the field repeats.
    pub days: Vec<String>,
    /// `HH:MM`, in each lead's own zone.
    pub opens: String,
    pub closes: String,
    /// The calendar whose holidays are closed as well, empty for none.
    pub holidays: String,
    pub attempts_max: String,
    pub retry_after_minutes: String,
    pub lines_max: String,
    /// `now`, `later` (with `starts_at`) or `draft`. Posted twice, the last one counts: it is the button's.
    pub start: String,
    /// `YYYY-MM-DDTHH:MM` in the organization's zone.
    pub starts_at: String,
    pub form_key: String,
}

impl FromIterator<(String, String)> for CampaignDraft {
    /// Reads the pairs of a posted form; names it does not know are left alone.
    fn from_iter<Pairs: IntoIterator<Item = (String, String)>>(pairs: Pairs) -> CampaignDraft {
        let mut draft = CampaignDraft::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => draft.name = value,
                "leads" => draft.leads = value,
                "holidays" => draft.holidays = value,
                "agent" => draft.agent = value,
                "numbers" => draft.numbers.push(value),
                "days" => draft.days.push(value),
                "opens" => draft.opens = value,
                "closes" => draft.closes = value,
                "attempts_max" => draft.attempts_max = value,
                "retry_after_minutes" => draft.retry_after_minutes = value,
                "lines_max" => draft.lines_max = value,
                "start" => draft.start = value,
                "starts_at" => draft.starts_at = value,
                "form_key" => draft.form_key = value,
                _ => {}
            }
        }
        draft
    }
}
