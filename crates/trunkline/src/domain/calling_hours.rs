//! When a lead may be called: weekly windows in the lead's own civil time, less holidays and the dates that are closed.
//!
//! As JSON: `{"mon": ["09:00-12:30", "13:30-20:00"], "sat": ["10:00-24:00"], "closed": ["2026-12-24"], "holidays": "US"}`;
//! a day that is not named is closed. `opening.rs` turns civil windows into instants.

#[cfg(test)]
mod definition_tests;
mod opening;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holidays::{Holiday, HolidayCalendar};

const DAY_MINUTES: u16 = 24 * 60;
const WINDOWS_PER_DAY_MAX: usize = 6;
const CLOSED_DATES_MAX: usize = 400;
const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A part of a day, in minutes since its midnight: open from `opens`, closed from `closes` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    opens: u16,
    closes: u16,
}

/// The windows of each weekday, Monday first, and the dates and holidays on which none of them counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenHours", into = "WrittenHours")]
pub struct CallingHours {
    week: [Vec<Window>; 7],
    closed_on: BTreeSet<Date>,
    holidays: Option<HolidayCalendar>,
}

/// Why a text or a set of windows is no calling hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallingHoursError {
    #[error("{0:?} is not a window such as 09:00-20:00")]
    NotAWindow(String),
    #[error("the window {0} closes before it opens")]
    ClosesBeforeItOpens(Window),
    #[error("the windows {0} and {1} of one day overlap")]
    Overlap(Window, Window),
    #[error("a day has {0} windows, at most {WINDOWS_PER_DAY_MAX} are possible")]
    TooManyWindows(usize),
    #[error("there are {0} closed dates, at most {CLOSED_DATES_MAX} are possible")]
    TooManyClosedDates(usize),
}

impl Window {
    /// The whole day.
    pub const ALL_DAY: Self = Self { opens: 0, closes: DAY_MINUTES };

    /// From and to in minutes since midnight; 1440 is the midnight at the day's end.
    pub fn new(opens: u16, closes: u16) -> Result<Self, CallingHoursError> {
        let window = Self { opens, closes };
        if closes > DAY_MINUTES {
            return Err(CallingHoursError::NotAWindow(window.to_string()));
        }
        if closes <= opens {
            return Err(CallingHoursError::ClosesBeforeItOpens(window));
        }
        Ok(window)
    }

    pub fn opens_minute(self) -> u16 {
        self.opens
    }

    pub fn closes_minute(self) -> u16 {
        self.closes
    }

    fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.opens.max(other.opens), self.closes.min(other.closes)).ok()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opens, closes } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", opens / 60, opens % 60, closes / 60, closes % 60)
    }
}

impl FromStr for Window {
    type Err = CallingHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minutes = text.split_once('-').and_then(|(opens, closes)| {
            let (opens, closes) = (minute_of_day(opens)?, minute_of_day(closes)?);
            Some((opens, closes))
        });
        match minutes {
            Some((opens, closes)) => Self::new(opens, closes),
            None => Err(CallingHoursError::NotAWindow(text.to_owned())),
        }
    }
}

/// `9:05`, `09:05` or `24:00` as minutes since midnight.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str, lengths: &[usize]| {
        let all_digits = part.bytes().all(|byte| byte.is_ascii_digit());
        (all_digits && lengths.contains(&part.len())).then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (digits(hour, &[1, 2])?, digits(minute, &[2])?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= DAY_MINUTES).then_some(total)
}

impl CallingHours {
    /// Windows of Monday to Sunday, in any order within a day.
    pub fn new(mut week: [Vec<Window>; 7], closed_on: BTreeSet<Date>) -> Result<Self, CallingHoursError> {
        for day in &mut week {
            if day.len() > WINDOWS_PER_DAY_MAX {
                return Err(CallingHoursError::TooManyWindows(day.len()));
            }
            day.sort_unstable();
            if let Some(pair) = day.windows(2).find(|pair| pair[1].opens < pair[0].closes) {
                return Err(CallingHoursError::Overlap(pair[0], pair[1]));
            }
        }
        if closed_on.len() > CLOSED_DATES_MAX {
            return Err(CallingHoursError::TooManyClosedDates(closed_on.len()));
        }
        Ok(Self { week, closed_on, holidays: None })
    }

    pub fn always() -> Self {
        Self { week: std::array::from_fn(|_| vec![Window::ALL_DAY]), closed_on: BTreeSet::new(), holidays: None }
    }

    /// Open at no time: what is left of hours that cannot be read.
    pub fn never() -> Self {
        Self { week: std::array::from_fn(|_| Vec::new()), closed_on: BTreeSet::new(), holidays: None }
    }

    /// The same, closed on these holidays too.
    #[must_use]
    pub fn with_holidays(self, holidays: Option<HolidayCalendar>) -> Self {
        Self { holidays, ..self }
    }

    /// What both allow: the windows in common, and the closed dates and holidays of either.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let day = |number: usize| {
            let ours = &self.week[number];
            let pairs = ours.iter().flat_map(|a| other.week[number].iter().filter_map(|b| a.intersection(*b)));
            pairs.collect()
        };
        let closed_on = &self.closed_on | &other.closed_on;
        Self { week: std::array::from_fn(day), closed_on, holidays: self.holidays.or(other.holidays) }
    }

    /// The windows of a civil date, in order; empty on a closed date and on a holiday.
    pub fn windows_on(&self, date: Date) -> &[Window] {
        if self.closed_on.contains(&date) || self.holiday_on(date).is_some() {
            return &[];
        }
        let monday_first = date.weekday().to_monday_zero_offset();
        &self.week[usize::from(monday_first.unsigned_abs())]
    }

    pub fn closed_on(&self) -> &BTreeSet<Date> {
        &self.closed_on
    }

    pub fn holidays(&self) -> Option<HolidayCalendar> {
        self.holidays
    }

    /// The holiday for which a date is closed.
    pub fn holiday_on(&self, date: Date) -> Option<Holiday> {
        self.holidays.and_then(|holidays| holidays.holiday_on(date))
    }
}

/// For people: `Mon–Fri 09:00–20:00, Sat 10:00–18:00`.
impl fmt::Display for CallingHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let mut first = 0;
        for run in self.week.chunk_by(|a, b| a == b) {
            let last = first + run.len() - 1;
            if !run[0].is_empty() {
                let days = match run.len() {
                    1 => DAY_NAMES[first].to_owned(),
                    _ => format!("{}–{}", DAY_NAMES[first], DAY_NAMES[last]),
                };
                let windows: Vec<_> = run[0].iter().map(|w| w.to_string().replace('-', "–")).collect();
                parts.push(format!("{days} {}", windows.join(" and ")));
            }
            first = last + 1;
        }
        if parts.is_empty() {
            return f.write_str("never");
        }
        f.write_str(&parts.join(", "))
    }
}

/// The JSON form.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenHours {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mon: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tue: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wed: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    thu: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fri: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sat: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sun: Vec<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    closed: BTreeSet<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holidays: Option<HolidayCalendar>,
}

impl TryFrom<WrittenHours> for CallingHours {
    type Error = CallingHoursError;

    fn try_from(written: WrittenHours) -> Result<Self, Self::Error> {
        let WrittenHours { mon, tue, wed, thu, fri, sat, sun, closed, holidays } = written;
        let mut week: [Vec<Window>; 7] = Default::default();
        for (day, texts) in week.iter_mut().zip([mon, tue, wed, thu, fri, sat, sun]) {
            *day = texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        }
        Ok(Self::new(week, closed)?.with_holidays(holidays))
    }
}

impl From<CallingHours> for WrittenHours {
    fn from(hours: CallingHours) -> Self {
        let CallingHours { week, closed_on, holidays } = hours;
        let [mon, tue, wed, thu, fri, sat, sun] = week.map(|day| day.iter().map(Window::to_string).collect::<Vec<_>>());
        Self { mon, tue, wed, thu, fri, sat, sun, closed: closed_on, holidays }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(json: &str) -> CallingHours {
        serde_json::from_str(json).unwrap()
    }

    /// Checks what a JSON text is for people, or why it is refused.
    #[track_caller]
    fn check(json: &str, expected: &str) {
        let text = match serde_json::from_str::<CallingHours>(json) {
            Ok(hours) => hours.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn equal_days_in_a_row_are_said_once() {
        check("{}", "never");
        check(r#"{"mon":["9:00-20:00"],"tue":["09:00-20:00"]}"#, "Mon–Tue 09:00–20:00");
        check(
            r#"{"mon":["09:00-12:00","13:00-20:00"],"wed":["10:00-24:00"],"sun":["00:00-24:00"]}"#,
            "Mon 09:00–12:00 and 13:00–20:00, Wed 10:00–24:00, Sun 00:00–24:00",
        );
        assert_eq!(CallingHours::always().to_string(), "Mon–Sun 00:00–24:00");
    }

    #[test]
    fn what_is_not_hours_is_refused_with_the_reason() {
        check(r#"{"mon":["nine"]}"#, "\"nine\" is not a window such as 09:00-20:00");
        check(r#"{"mon":["09:00"]}"#, "\"09:00\" is not a window such as 09:00-20:00");
        check(r#"{"mon":["09:60-20:00"]}"#, "\"09:60-20:00\" is not a window");
        check(r#"{"mon":["09:00-24:01"]}"#, "\"09:00-24:01\" is not a window");
        check(r#"{"mon":["+9:00-20:00"]}"#, "\"+9:00-20:00\" is not a window");
        check(r#"{"mon":["20:00-09:00"]}"#, "the window 20:00-09:00 closes before it opens");
        check(r#"{"mon":["09:00-09:00"]}"#, "the window 09:00-09:00 closes before it opens");
        check(r#"{"mon":["11:00-13:00","09:00-12:00"]}"#, "the windows 09:00-12:00 and 11:00-13:00 of one day overlap");
        check(r#"{"monday":["09:00-12:00"]}"#, "unknown field `monday`");
        check(r#"{"holidays":"XX"}"#, "unknown variant `XX`, expected `US`");
        let seven: Vec<_> = (0..7).map(|hour| format!("{hour}:00-{hour}:30")).collect();
        check(&serde_json::json!({ "fri": seven }).to_string(), "a day has 7 windows, at most 6 are possible");
    }

    #[test]
    fn json_is_compact_and_read_as_it_is_written() {
        let written = r#"{"mon":["09:00-12:00","13:00-20:00"],"closed":["2026-12-24"],"holidays":"US"}"#;
        assert_eq!(serde_json::to_string(&hours(written)).unwrap(), written);
    }

    #[test]
    fn an_intersection_is_open_when_both_are() {
        let campaign = hours(r#"{"mon":["08:00-12:00","13:00-21:00"],"tue":["09:00-12:00"],"closed":["2026-07-04"]}"#);
        let organization = hours(r#"{"mon":["09:00-20:00"],"wed":["09:00-12:00"],"closed":["2026-12-25"]}"#);
        let both = hours(r#"{"mon":["09:00-12:00","13:00-20:00"],"closed":["2026-07-04","2026-12-25"]}"#);
        assert_eq!(campaign.intersection(&organization), both);
        assert_eq!(organization.intersection(&campaign), both);
    }

    #[test]
    fn a_closed_date_has_no_windows() {
        let hours = hours(r#"{"fri":["09:00-12:00"],"closed":["2026-12-25"]}"#);
        assert_eq!(hours.windows_on(jiff::civil::date(2026, 12, 25)), []);
        assert_eq!(hours.windows_on(jiff::civil::date(2026, 12, 18)).len(), 1);
        assert_eq!(hours.windows_on(jiff::civil::date(2026, 12, 19)), []);
    }

    #[test]
    fn a_holiday_has_no_windows_whoever_of_both_keeps_it() {
        let (own, all) = (hours(r#"{"fri":["09:00-12:00"],"holidays":"US"}"#), CallingHours::always());
        for hours in [own.intersection(&all), all.intersection(&own)] {
            assert_eq!(hours.windows_on(jiff::civil::date(2026, 7, 3)), []);
            assert_eq!(hours.windows_on(jiff::civil::date(2026, 7, 10)).len(), 1);
        }
    }
}
