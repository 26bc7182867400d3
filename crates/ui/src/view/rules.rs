//! The form of an organization's rules of dialing, for the agency.

use super::{Choice, FieldError, LastChange, OrganizationName};

/// Rolling limits that the form has room for.
pub const CAPS_MAX: usize = 4;

/// The page `/organizations/{slug}/rules`. The form is posted to the same address; with errors it is drawn again.
#[derive(Debug, Clone)]
pub struct RulesForm {
    pub organization: OrganizationName,
    /// Kinds of number that may be called at all.
    pub kinds: Vec<Choice>,
    pub draft: RulesDraft,
    pub errors: Vec<FieldError>,
    pub last_change: Option<LastChange>,
}

/// What was typed, unread. Field names of the form are the names of these fields; those of caps are `rings_0`, `days_0` and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RulesDraft {
    pub caps: [CapDraft; CAPS_MAX],
    /// Two letters each, with commas or spaces between them; empty: all.
    pub countries: String,
    /// The values of the chosen kinds; the field repeats.
    pub phone_kinds: Vec<String>,
    /// In dollars; empty: no limit.
    pub budget_per_day_max: String,
    pub number_gap_seconds_min: String,
    /// `DAY: CALLS`, one a line.
    pub warm_up: String,
}

/// At most so many rings in so many days; empty: no limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CapDraft {
    pub rings: String,
    pub days: String,
}

impl RulesDraft {
    /// The draft as its form posts it.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let caps = self.caps.iter().enumerate().flat_map(|(place, cap)| {
            [(format!("rings_{place}"), cap.rings.clone()), (format!("days_{place}"), cap.days.clone())]
        });
        let kinds = self.phone_kinds.iter().map(|kind| ("phone_kinds".to_owned(), kind.clone()));
        let others = [
            ("countries", &self.countries),
            ("budget_per_day_max", &self.budget_per_day_max),
            ("number_gap_seconds_min", &self.number_gap_seconds_min),
            ("warm_up", &self.warm_up),
        ];
        caps.chain(kinds).chain(others.map(|(name, value)| (name.to_owned(), value.clone()))).collect()
    }

    fn read_cap(&mut self, name: &str, value: String) {
        let place = |prefix: &str| name.strip_prefix(prefix)?.parse::<usize>().ok();
        if let Some(cap) = place("rings_").and_then(|place| self.caps.get_mut(place)) {
            cap.rings = value;
        } else if let Some(cap) = place("days_").and_then(|place| self.caps.get_mut(place)) {
            cap.days = value;
        }
    }
}

impl FromIterator<(String, String)> for RulesDraft {
    /// Reads the pairs of a posted form; names it does not know are left alone.
    fn from_iter<Pairs: IntoIterator<Item = (String, String)>>(pairs: Pairs) -> RulesDraft {
        let mut draft = RulesDraft::default();
        for (name, value) in pairs {
            match name.as_str() {
                "countries" => draft.countries = value,
                "phone_kinds" => draft.phone_kinds.push(value),
                "budget_per_day_max" => draft.budget_per_day_max = value,
                "number_gap_seconds_min" => draft.number_gap_seconds_min = value,
                "warm_up" => draft.warm_up = value,
                name => draft.read_cap(name, value),
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
        let mut draft = RulesDraft {
            countries: "US".into(),
            phone_kinds: vec!["mobile".into(), "voip".into()],
            budget_per_day_max: "50".into(),
            number_gap_seconds_min: "30".into(),
            warm_up: "0: 10".into(),
            ..RulesDraft::default()
        };
        draft.caps[3] = CapDraft { rings: "5".into(), days: "7".into() };

        assert_eq!(draft.pairs().into_iter().collect::<RulesDraft>(), draft);
        let odd = [("rings_9".to_owned(), "1".to_owned()), ("days_x".to_owned(), "1".to_owned())];
        assert_eq!(odd.into_iter().collect::<RulesDraft>(), RulesDraft::default());
    }
}
