//! The form of an organization's limits, read and drawn. Each error says what is needed and what came.

use crate::http::pages::{written_hours, written_number};
use crate::store::organizations::OrganizationLimits;
use ui::view::{FieldError, LimitsDraft};

const CALLS_PER_DAY_MAX: u32 = 1_000_000;
const LINES_MAX: u32 = 10_000;
const WEIGHT_MAX: u32 = 100;
const CALLS_PER_LEAD_MAX: u32 = 10;
/// A week.
const RING_GAP_MINUTES_MAX: u32 = 7 * 24 * 60;

pub(super) fn drawn(limits: &OrganizationLimits, weight: i32) -> LimitsDraft {
    LimitsDraft {
        calls_per_day_max: limits.calls_per_day_max.to_string(),
        lines_max: limits.lines_max.to_string(),
        weight: weight.to_string(),
        calls_per_lead_and_day_max: limits.calls_per_lead_and_day_max.to_string(),
        ring_gap_minutes_min: limits.ring_gap_minutes_min.to_string(),
        hours: written_hours::drawn(&limits.calling_hours),
    }
}

/// The limits as they are to be, with the weight; what the form does not name stays as it was.
pub(super) fn read(
    draft: &LimitsDraft,
    before: &OrganizationLimits,
) -> Result<(OrganizationLimits, i32), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut number = |field, text: &str, bounds| {
        written_number::read(field, text, bounds).map_err(|error| errors.push(error)).unwrap_or_default()
    };
    let mut limits = before.clone();
    let bounds = (0, CALLS_PER_DAY_MAX);
    limits.calls_per_day_max = number(("calls_per_day_max", "Calls a day"), &draft.calls_per_day_max, bounds);
    limits.lines_max = number(("lines_max", "Lines"), &draft.lines_max, (1, LINES_MAX));
    let weight = number(("weight", "Share of turns"), &draft.weight, (1, WEIGHT_MAX));
    let field = ("calls_per_lead_and_day_max", "Calls a lead and day");
    limits.calls_per_lead_and_day_max = number(field, &draft.calls_per_lead_and_day_max, (0, CALLS_PER_LEAD_MAX));
    let field = ("ring_gap_minutes_min", "Minutes between two rings");
    limits.ring_gap_minutes_min = number(field, &draft.ring_gap_minutes_min, (0, RING_GAP_MINUTES_MAX));
    match written_hours::read(&draft.hours, &before.calling_hours) {
        Ok(hours) => limits.calling_hours = hours,
        Err(error) => errors.push(error),
    }
    if errors.is_empty() { Ok((limits, weight)) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calling_hours::CallingHours;

    fn before() -> OrganizationLimits {
        OrganizationLimits {
            calling_hours: CallingHours::always(),
            calls_per_day_max: 1000,
            calls_per_lead_and_day_max: 2,
            ring_gap_minutes_min: 60,
            lines_max: 10,
        }
    }

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        let (limits, weight) = read(&drawn(&before(), 3), &before()).unwrap();

        assert_eq!((limits.lines_max, limits.calls_per_day_max, weight), (10, 1000, 3));
        assert_eq!(limits.calling_hours, before().calling_hours);
    }

    #[test]
    fn every_error_is_told_at_once_beside_its_field() {
        let mut draft = drawn(&before(), 1);
        draft.lines_max = "many".into();
        draft.weight = "0".into();
        draft.hours.days[4] = "18:00-09:00".into();

        let errors = read(&draft, &before()).unwrap_err();

        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["lines_max", "weight", "fri"]);
        assert_eq!(errors[0].message, "Lines: a number from 1 to 10,000 is needed, “many” came.");
    }
}
