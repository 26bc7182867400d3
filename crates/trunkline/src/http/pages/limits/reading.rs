//! The form of an organization's limits, read and drawn. Each error says what is needed and what came.

use crate::domain::calling_hours::CallingHours;
use crate::store::organizations::OrganizationLimits;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use ui::view::{FieldError, LimitsDraft, WEEK};

const CALLS_PER_DAY_MAX: u32 = 1_000_000;
const LINES_MAX: u32 = 10_000;
const WEIGHT_MAX: u32 = 100;
const CALLS_PER_LEAD_MAX: u32 = 10;
/// A week.
const RING_GAP_MINUTES_MAX: u32 = 7 * 24 * 60;

pub(super) fn drawn(limits: &OrganizationLimits, weight: i32) -> LimitsDraft {
    let hours = json!(limits.calling_hours);
    let day = |(name, _): (&str, &str)| {
        let windows = hours[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        windows.collect::<Vec<_>>().join(", ")
    };
    let closed: Vec<String> = limits.calling_hours.closed_on().iter().map(ToString::to_string).collect();
    LimitsDraft {
        calls_per_day_max: limits.calls_per_day_max.to_string(),
        lines_max: limits.lines_max.to_string(),
        weight: weight.to_string(),
        calls_per_lead_and_day_max: limits.calls_per_lead_and_day_max.to_string(),
        ring_gap_minutes_min: limits.ring_gap_minutes_min.to_string(),
        hours: WEEK.map(day),
        closed: closed.join("\n"),
    }
}

/// The limits as they are to be, with the weight; what the form does not name stays as it was.
pub(super) fn read(
    draft: &LimitsDraft,
    before: &OrganizationLimits,
) -> Result<(OrganizationLimits, i32), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut number = |field: &str, label: &str, text: &str, (min, max): (u32, u32)| match text.trim().parse::<u32>() {
        Ok(number) if (min..=max).contains(&number) => i32::try_from(number).unwrap_or(i32::MAX),
        _ => {
            let came: String = text.trim().chars().take(20).collect();
            let max = ui::format::thousands(max.into());
            let message = format!("{label}: a number from {min} to {max} is needed, “{came}” came.");
            errors.push(FieldError { field: field.to_owned(), message });
            0
        }
    };
    let mut limits = before.clone();
    limits.calls_per_day_max =
        number("calls_per_day_max", "Calls a day", &draft.calls_per_day_max, (0, CALLS_PER_DAY_MAX));
    limits.lines_max = number("lines_max", "Lines", &draft.lines_max, (1, LINES_MAX));
    let weight = number("weight", "Share of turns", &draft.weight, (1, WEIGHT_MAX));
    limits.calls_per_lead_and_day_max = number(
        "calls_per_lead_and_day_max",
        "Calls a lead and day",
        &draft.calls_per_lead_and_day_max,
        (0, CALLS_PER_LEAD_MAX),
    );
    limits.ring_gap_minutes_min = number(
        "ring_gap_minutes_min",
        "Minutes between two rings",
        &draft.ring_gap_minutes_min,
        (0, RING_GAP_MINUTES_MAX),
    );
    match hours(draft, &before.calling_hours) {
        Ok(hours) => limits.calling_hours = hours,
        Err(error) => errors.push(error),
    }
    if errors.is_empty() { Ok((limits, weight)) } else { Err(errors) }
}

/// Day by day, so that an error stands at its day.
fn hours(draft: &LimitsDraft, before: &CallingHours) -> Result<CallingHours, FieldError> {
    let wrong = |field: &str, message: String| FieldError { field: field.to_owned(), message };
    let mut written: Map<String, Value> = json!(before).as_object().cloned().unwrap_or_default();
    for ((name, label), text) in WEEK.iter().zip(&draft.hours) {
        let windows: Vec<String> = text
            .split(',')
            .map(|window| window.split_whitespace().collect())
            .filter(|window: &String| !window.is_empty())
            .collect();
        let alone = json!({ (*name): windows });
        if let Err(error) = serde_json::from_value::<CallingHours>(alone) {
            return Err(wrong(name, format!("{label}: {error}.")));
        }
        written.insert((*name).to_owned(), json!(windows));
    }
    let dates = draft.closed.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|text| !text.is_empty());
    let dates: Result<Vec<Date>, FieldError> = dates
        .map(|text| {
            text.parse()
                .map_err(|_| wrong("closed", format!("Closed on: a date such as 2026-12-25 is needed, “{text}” came.")))
        })
        .collect();
    written.insert("closed".to_owned(), json!(dates?));
    serde_json::from_value(written.into()).map_err(|error| wrong("closed", format!("These are no hours: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before() -> OrganizationLimits {
        let hours = r#"{"mon": ["09:00-12:00", "13:00-18:00"], "closed": ["2026-12-25"]}"#;
        OrganizationLimits {
            calling_hours: serde_json::from_str(hours).unwrap(),
            calls_per_day_max: 1000,
            calls_per_lead_and_day_max: 2,
            ring_gap_minutes_min: 60,
            lines_max: 10,
        }
    }

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        let draft = drawn(&before(), 3);

        let (limits, weight) = read(&draft, &before()).unwrap();

        assert_eq!(draft.hours[0], "09:00-12:00, 13:00-18:00");
        assert_eq!((limits.lines_max, limits.calls_per_day_max, weight), (10, 1000, 3));
        assert_eq!(limits.calling_hours, before().calling_hours);
    }

    #[test]
    fn every_error_is_told_at_once_beside_its_field() {
        let mut draft = drawn(&before(), 1);
        draft.lines_max = "many".into();
        draft.weight = "0".into();
        draft.hours[4] = "18:00-09:00".into();

        let errors = read(&draft, &before()).unwrap_err();

        let told: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.message.as_str())).collect();
        assert_eq!(told[0], ("lines_max", "Lines: a number from 1 to 10,000 is needed, “many” came."));
        assert_eq!(told[1].0, "weight");
        assert_eq!(told[2], ("fri", "Friday: the window 18:00-09:00 closes before it opens."));
    }

    #[test]
    fn a_date_that_is_none_is_told() {
        let draft = LimitsDraft { closed: "2026-12-25 christmas".into(), ..drawn(&before(), 1) };

        let errors = read(&draft, &before()).unwrap_err();

        assert_eq!(errors[0].message, "Closed on: a date such as 2026-12-25 is needed, “christmas” came.");
    }
}
