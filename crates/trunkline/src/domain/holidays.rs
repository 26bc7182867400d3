//! Public holidays by rule, so that nobody has to write down the dates of the next year.

use jiff::civil::{Date, Weekday};
use std::fmt;

super::text_enum::text_enum! {
    /// Whose holidays.
    pub enum HolidayCalendar ("holiday calendar") {
        /// The federal holidays of the United States, 5 U.S.C. 6103(a), as they are since 2021.
        UnitedStates = "US",
    }
}

/// What is kept on a date. For people: `Independence Day`, `Independence Day (observed)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    pub name: &'static str,
    /// The weekday on which a holiday is kept that itself falls on a weekend.
    pub is_observed: bool,
}

impl HolidayCalendar {
    /// More dates than it keeps in any year.
    pub const DATES_PER_YEAR_MAX: i64 = 16;

    /// The holiday of a date. One on a Saturday is kept on the Friday before as well, one on a Sunday on the Monday after
    /// (5 U.S.C. 6103(b), Executive Order 11582): people may be at home on both.
    pub fn holiday_on(self, date: Date) -> Option<Holiday> {
        let on = |date| match self {
            Self::UnitedStates => federal(date),
        };
        if let Some(name) = on(date) {
            return Some(Holiday { name, is_observed: false });
        }
        let kept_for = match date.weekday() {
            Weekday::Friday => date.tomorrow(),
            Weekday::Monday => date.yesterday(),
            _ => return None,
        };
        kept_for.ok().and_then(on).map(|name| Holiday { name, is_observed: true })
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnitedStates => "federal holidays of the United States",
        }
    }
}

/// Inauguration Day is not among them: it is kept in and around Washington only.
fn federal(date: Date) -> Option<&'static str> {
    match (date.month(), date.day(), date.weekday()) {
        (1, 1, _) => Some("New Year's Day"),
        (1, 15..=21, Weekday::Monday) => Some("Martin Luther King Day"),
        (2, 15..=21, Weekday::Monday) => Some("Washington's Birthday"),
        (5, 25..=31, Weekday::Monday) => Some("Memorial Day"),
        (6, 19, _) => Some("Juneteenth"),
        (7, 4, _) => Some("Independence Day"),
        (9, 1..=7, Weekday::Monday) => Some("Labor Day"),
        (10, 8..=14, Weekday::Monday) => Some("Columbus Day"),
        (11, 11, _) => Some("Veterans Day"),
        (11, 22..=28, Weekday::Thursday) => Some("Thanksgiving Day"),
        (12, 25, _) => Some("Christmas Day"),
        _ => None,
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.is_observed { f.write_str(" (observed)") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};
    use std::collections::BTreeMap;

    /// The holidays of a year, as `0101 New Year's Day`.
    fn kept_in(year: i16) -> Vec<String> {
        let days = date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year);
        let kept = days.filter_map(|day| Some((day, HolidayCalendar::UnitedStates.holiday_on(day)?)));
        kept.map(|(day, holiday)| format!("{} {holiday}", day.strftime("%m%d"))).collect()
    }

    /// The dates that the government's Office of Personnel Management lists for these years.
    #[test]
    fn the_holidays_of_a_year_are_those_that_were_proclaimed() {
        let moved = |year| -> Vec<String> {
            let fixed = ["0101", "0619", "0704", "1111", "1225"];
            let all = kept_in(year).into_iter().filter(|day| !fixed.contains(&&day[..4]));
            all.map(|day| day[..4].to_owned()).collect()
        };
        assert_eq!(moved(2024), ["0115", "0219", "0527", "0902", "1014", "1128"]);
        assert_eq!(moved(2025), ["0120", "0217", "0526", "0901", "1013", "1127"]);
        assert_eq!(moved(2026), ["0119", "0216", "0525", "0703", "0907", "1012", "1126"]);
        assert_eq!(moved(2027), ["0118", "0215", "0531", "0618", "0705", "0906", "1011", "1125", "1224", "1231"]);
        assert_eq!(moved(2028), ["0117", "0221", "0529", "0904", "1009", "1110", "1123"]);
        assert_eq!(moved(2032), ["0119", "0216", "0531", "0618", "0705", "0906", "1011", "1125", "1224", "1231"]);
        assert_eq!(moved(2034), ["0102", "0116", "0220", "0529", "0904", "1009", "1110", "1123"]);
        assert_eq!(moved(2035), ["0115", "0219", "0528", "0903", "1008", "1112", "1122"]);
    }

    #[test]
    fn each_of_eleven_holidays_comes_once_a_year_and_is_observed_on_no_weekend() {
        for year in 2024..=2035 {
            let mut times: BTreeMap<&str, u32> = BTreeMap::new();
            for day in date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year) {
                let Some(holiday) = HolidayCalendar::UnitedStates.holiday_on(day) else { continue };
                if holiday.is_observed {
                    assert!(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday), "{day}");
                } else {
                    *times.entry(holiday.name).or_default() += 1;
                }
            }
            assert_eq!(times.len(), 11, "{year}");
            assert!(times.values().all(|times| *times == 1), "{year}: {times:?}");
            assert!(i64::try_from(kept_in(year).len()).unwrap() <= HolidayCalendar::DATES_PER_YEAR_MAX);
        }
    }

    #[test]
    fn a_holiday_on_a_weekend_is_kept_on_the_weekday_beside_it_even_across_the_year() {
        let check = |day: Date, expected: &str| {
            let holiday = HolidayCalendar::UnitedStates.holiday_on(day);
            assert_eq!(holiday.map_or_else(String::new, |holiday| holiday.to_string()), expected, "{day}");
        };
        check(date(2026, 7, 3), "Independence Day (observed)");
        check(date(2026, 7, 4), "Independence Day");
        check(date(2026, 7, 6), "");
        check(date(2027, 7, 5), "Independence Day (observed)");
        check(date(2027, 12, 31), "New Year's Day (observed)");
        check(date(2028, 1, 1), "New Year's Day");
        check(date(2026, 11, 27), "");
    }
}
