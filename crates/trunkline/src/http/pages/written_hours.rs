//! Calling hours as they are written in forms: a line of windows for each weekday, and the holidays and dates that are closed.

use crate::domain::calling_hours::CallingHours;
use crate::domain::holidays::HolidayCalendar;
use jiff::civil::Date;
use serde_json::{Map, Value, json};
use ui::view::{FieldError, WEEK, WeekDraft};

pub(super) fn drawn(hours: &CallingHours) -> WeekDraft {
    let written = json!(hours);
    let day = |(name, _): (&str, &str)| {
        let windows = written[name].as_array().into_iter().flatten().filter_map(Value::as_str);
        windows.collect::<Vec<_>>().join(", ")
    };
    let closed: Vec<String> = hours.closed_on().iter().map(ToString::to_string).collect();
    let holidays = hours.holidays().map_or("", HolidayCalendar::as_str);
    WeekDraft { days: WEEK.map(day), closed: closed.join("\n"), holidays: Some(holidays.to_owned()) }
}

/// Day by day, so that an error stands at its day. What the form does not name stays as it was.
pub(super) fn read(draft: &WeekDraft, before: &CallingHours) -> Result<CallingHours, FieldError> {
    let mut written: Map<String, Value> = json!(before).as_object().cloned().unwrap_or_default();
    for ((name, label), text) in WEEK.iter().zip(&draft.days) {
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
    written.insert("closed".to_owned(), json!(dates(&draft.closed)?));
    let hours: CallingHours = serde_json::from_value(written.into())
        .map_err(|error| wrong("closed", format!("These are no hours: {error}.")))?;
    let holidays = match draft.holidays.as_deref() {
        None => before.holidays(),
        Some(chosen) => calendar(chosen)?,
    };
    Ok(hours.with_holidays(holidays))
}

/// The calendar of holidays that was chosen; empty: none.
pub(super) fn calendar(chosen: &str) -> Result<Option<HolidayCalendar>, FieldError> {
    match chosen {
        "" => Ok(None),
        _ => chosen.parse().map(Some).map_err(|_| no_calendar(chosen)),
    }
}

fn no_calendar(came: &str) -> FieldError {
    wrong("holidays", format!("Closed on holidays: there is no calendar “{came}”."))
}

fn dates(text: &str) -> Result<Vec<Date>, FieldError> {
    let written = text.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|text| !text.is_empty());
    let date = |text: &str| {
        let message = format!("Closed on: a date such as 2026-12-25 is needed, “{text}” came.");
        text.parse().map_err(|_| wrong("closed", message))
    };
    written.map(date).collect()
}

fn wrong(field: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> CallingHours {
        serde_json::from_str(r#"{"mon": ["09:00-12:00", "13:00-18:00"], "closed": ["2026-12-24"], "holidays": "US"}"#)
            .unwrap()
    }

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        let draft = drawn(&hours());

        assert_eq!(draft.days[0], "09:00-12:00, 13:00-18:00");
        assert_eq!(draft.holidays.as_deref(), Some("US"));
        assert_eq!(read(&draft, &CallingHours::never()).unwrap(), hours());
    }

    #[test]
    fn holidays_go_when_none_are_chosen_and_stay_when_the_form_does_not_say() {
        let none = WeekDraft { holidays: Some(String::new()), ..drawn(&hours()) };
        assert_eq!(read(&none, &hours()).unwrap().holidays(), None);
        let unsaid = WeekDraft { holidays: None, ..drawn(&hours()) };
        assert_eq!(read(&unsaid, &hours()).unwrap(), hours());
        let other = WeekDraft { holidays: Some("XX".into()), ..drawn(&hours()) };
        assert_eq!(read(&other, &hours()).unwrap_err().field, "holidays");
    }

    #[test]
    fn an_error_stands_at_its_day_and_says_what_came() {
        let mut draft = drawn(&hours());
        draft.days[4] = "18:00-09:00".into();
        let error = read(&draft, &hours()).unwrap_err();
        assert_eq!(error.message, "Friday: the window 18:00-09:00 closes before it opens.");
        assert_eq!(error.field, "fri");

        let draft = WeekDraft { closed: "2026-12-25 christmas".into(), ..drawn(&hours()) };
        let error = read(&draft, &hours()).unwrap_err();
        assert_eq!(error.message, "Closed on: a date such as 2026-12-25 is needed, “christmas” came.");
    }
}
