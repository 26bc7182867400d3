//! The form of an organization's rules, drawn and read: all that is wanted, or every error at once.

use crate::domain::dialing_rules::{OrganizationRules, ROLLING_DAYS_MAX, RollingCap, WrittenOrganizationRules};
use crate::domain::money::Money;
use crate::domain::phone_number::{Country, PhoneKind};
use crate::domain::warm_up::{Rung, WarmUp};
use crate::http::pages::{written_money, written_number};
use std::collections::BTreeSet;
use ui::view::{CapDraft, FieldError, RulesDraft};

const RINGS_MAX: u32 = 100;
/// A limit over one day has a field of its own, among the organization's limits.
const ROLLING_DAYS_MIN: u32 = 2;
const GAP_SECONDS_MAX: u32 = 3600;
const BUDGET_MAX: Money = Money::cents(100_000_000);
const CALLS_PER_DAY_MAX: u32 = 1_000_000;
const CAME_CHARS_MAX: usize = 20;

pub(super) fn drawn(rules: &OrganizationRules) -> RulesDraft {
    let cap = |place| match rules.lead_rings_max.get(place) {
        Some(RollingCap { rings, days }) => CapDraft { rings: rings.to_string(), days: days.to_string() },
        None => CapDraft::default(),
    };
    let countries: Vec<String> = rules.countries.iter().flatten().map(ToString::to_string).collect();
    let kinds = PhoneKind::ALL.iter().copied().filter(|kind| kind.may_be_called());
    let is_allowed = |kind: &PhoneKind| rules.phone_kinds.as_ref().is_none_or(|kinds| kinds.contains(kind));
    let rung = |rung: &Rung| format!("{}: {}", rung.from_day, rung.calls_per_day_max);
    let warm_up: Vec<String> = Vec::from(rules.warm_up.clone()).iter().map(rung).collect();
    RulesDraft {
        caps: std::array::from_fn(cap),
        countries: countries.join(", "),
        phone_kinds: kinds.filter(is_allowed).map(|kind| kind.as_str().to_owned()).collect(),
        budget_per_day_max: written_money::drawn(rules.budget_per_day_max),
        number_gap_seconds_min: rules.number_gap_seconds_min.to_string(),
        warm_up: warm_up.join("\n"),
    }
}

/// The rules as they are to be; what the form does not name stays as it was.
pub(super) fn read(draft: &RulesDraft, before: &OrganizationRules) -> Result<OrganizationRules, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut rules = WrittenOrganizationRules::from(before.clone());
    rules.lead_rings_max = caps(draft, &mut errors);
    take(&mut errors, countries(&draft.countries), &mut rules.countries);
    take(&mut errors, phone_kinds(&draft.phone_kinds), &mut rules.phone_kinds);
    let budget = written_money::read(("budget_per_day_max", "Budget a day"), &draft.budget_per_day_max, BUDGET_MAX);
    take(&mut errors, budget, &mut rules.budget_per_day_max);
    let field = ("number_gap_seconds_min", "Seconds between two calls");
    let gap = written_number::read(field, &draft.number_gap_seconds_min, (0, GAP_SECONDS_MAX));
    take(&mut errors, gap.map(i32::unsigned_abs), &mut rules.number_gap_seconds_min);
    take(&mut errors, warm_up(&draft.warm_up), &mut rules.warm_up);
    if !errors.is_empty() {
        return Err(errors);
    }
    OrganizationRules::try_from(rules).map_err(|error| vec![wrong("rings_0", format!("These are no rules: {error}."))])
}

fn take<T>(errors: &mut Vec<FieldError>, read: Result<T, FieldError>, into: &mut T) {
    match read {
        Ok(value) => *into = value,
        Err(error) => errors.push(error),
    }
}

fn wrong(field: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), message }
}

fn came(text: &str) -> String {
    text.chars().take(CAME_CHARS_MAX).collect()
}

/// A row that is empty is no limit.
fn caps(draft: &RulesDraft, errors: &mut Vec<FieldError>) -> Vec<RollingCap> {
    let mut caps = Vec::new();
    for (place, cap) in draft.caps.iter().enumerate() {
        if cap.rings.trim().is_empty() && cap.days.trim().is_empty() {
            continue;
        }
        let mut number = |name: &str, label, text: &str, bounds| {
            let name = format!("{name}_{place}");
            let read = written_number::read((&name, label), text, bounds);
            read.map_err(|error| errors.push(error)).map(i32::unsigned_abs)
        };
        let rings = number("rings", "Calls", &cap.rings, (1, RINGS_MAX));
        let days = number("days", "Days", &cap.days, (ROLLING_DAYS_MIN, ROLLING_DAYS_MAX));
        if let (Ok(rings), Ok(days)) = (rings, days) {
            caps.push(RollingCap { rings, days });
        }
    }
    caps
}

fn countries(text: &str) -> Result<Option<BTreeSet<Country>>, FieldError> {
    let written = text.split(|sign: char| sign.is_whitespace() || sign == ',').filter(|text| !text.is_empty());
    let country = |text: &str| {
        let message = || format!("Countries: two letters such as US are needed, “{}” came.", came(text));
        Country::parse(text).ok_or_else(|| wrong("countries", message()))
    };
    let countries: BTreeSet<Country> = written.map(country).collect::<Result<_, _>>()?;
    Ok(Some(countries).filter(|countries| !countries.is_empty()))
}

/// All of those that may be called are the same as no limit.
fn phone_kinds(chosen: &[String]) -> Result<Option<BTreeSet<PhoneKind>>, FieldError> {
    let callable: Vec<PhoneKind> = PhoneKind::ALL.iter().copied().filter(|kind| kind.may_be_called()).collect();
    let is_chosen = |kind: &PhoneKind| chosen.iter().any(|name| name == kind.as_str());
    let kinds: BTreeSet<PhoneKind> = callable.iter().copied().filter(is_chosen).collect();
    if kinds.is_empty() {
        return Err(wrong("phone_kinds", "Choose at least one kind of number that may be called.".to_owned()));
    }
    Ok(Some(kinds).filter(|kinds| kinds.len() < callable.len()))
}

/// A rung a line: the day from which it counts, and the calls a day.
fn warm_up(text: &str) -> Result<WarmUp, FieldError> {
    let rung = |line: &str| {
        let numbers = line.split_once(':').and_then(|(day, calls)| {
            let calls_per_day_max = calls.trim().parse().ok().filter(|calls| *calls <= CALLS_PER_DAY_MAX)?;
            Some(Rung { from_day: day.trim().parse().ok()?, calls_per_day_max })
        });
        let message = || format!("Warm-up: a day and its calls such as 3: 20 are needed, “{}” came.", came(line));
        numbers.ok_or_else(|| wrong("warm_up", message()))
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rungs: Vec<Rung> = lines.map(rung).collect::<Result<_, _>>()?;
    WarmUp::try_from(rungs).map_err(|error| wrong("warm_up", format!("Warm-up: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(json: &str) -> OrganizationRules {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        let all = r#"{"lead_rings_max":[{"rings":5,"days":7},{"rings":9,"days":30}],"countries":["CA","US"],
                      "phone_kinds":["landline","mobile"],"budget_per_day_max":50000000,"number_gap_seconds_min":30,
                      "warm_up":[{"from_day":0,"calls_per_day_max":20}]}"#;
        for rules in [rules("{}"), rules(all)] {
            assert_eq!(read(&drawn(&rules), &OrganizationRules::default()).unwrap(), rules);
        }
    }

    #[test]
    fn every_error_is_told_at_once_beside_its_field() {
        let mut draft = drawn(&OrganizationRules::default());
        draft.caps[1] = CapDraft { rings: "5".into(), days: "40".into() };
        draft.countries = "US, Kanada".into();
        draft.phone_kinds.clear();
        draft.budget_per_day_max = "plenty".into();
        draft.number_gap_seconds_min = "-1".into();
        draft.warm_up = "0: 10\nthree: 20".into();

        let errors = read(&draft, &OrganizationRules::default()).unwrap_err();

        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected =
            ["days_1", "countries", "phone_kinds", "budget_per_day_max", "number_gap_seconds_min", "warm_up"];
        assert_eq!(fields, expected);
        assert_eq!(errors[0].message, "Days: a number from 2 to 31 is needed, “40” came.");
        assert_eq!(errors[5].message, "Warm-up: a day and its calls such as 3: 20 are needed, “three: 20” came.");
    }

    #[test]
    fn a_ladder_that_does_not_rise_in_days_is_none() {
        let draft = RulesDraft { warm_up: "0: 10\n0: 20".into(), ..drawn(&OrganizationRules::default()) };

        let errors = read(&draft, &OrganizationRules::default()).unwrap_err();

        assert!(errors[0].message.starts_with("Warm-up: the rung from day 0 does not follow"), "{}", errors[0].message);
    }
}
