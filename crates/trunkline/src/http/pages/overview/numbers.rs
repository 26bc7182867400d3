//! Numbers that call no more without a person's doing: one line for all that are dead, that rest, that have called enough.

use crate::store::number_alarms::{Alarmed, AlarmedNumber, NumberAlarms};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ui::url::{self, Section};
use ui::view::{Need, Tone};
use ui::words::count_of;

pub(super) fn drawn(alarms: &NumberAlarms, now: Timestamp, zone: &TimeZone) -> Vec<Need> {
    let NumberAlarms { dead, resting, called_enough } = alarms;
    let rests = |number: &AlarmedNumber| {
        let until = number.until.map(|until| format!(" until {}", ui::format::when(until, now, zone)));
        format!("{}{}", until.unwrap_or_default(), reason(number))
    };
    let full = |number: &AlarmedNumber| format!(": {0} of {0}", number.calls_per_day_max);
    let enough = ("number has made its calls of today", "numbers have made their calls of today");
    let needs = [
        need(Tone::Bad, ("number is out of use", "numbers are out of use"), dead, reason),
        need(Tone::Warn, ("number rests", "numbers rest"), resting, rests),
        need(Tone::Mute, enough, called_enough, full),
    ];
    needs.into_iter().flatten().collect()
}

/// `why` follows the number and its organization.
fn need(
    tone: Tone,
    (one, many): (&str, &str),
    alarmed: &Alarmed,
    why: impl Fn(&AlarmedNumber) -> String,
) -> Option<Need> {
    let Alarmed { total, named } = alarmed;
    let told = |number: &AlarmedNumber| {
        format!("{} of {}{}", ui::format::phone(&number.number), number.organization.1, why(number))
    };
    let numbers: Vec<String> = named.iter().map(told).collect();
    let more = total.saturating_sub(named.len() as u64);
    let more = if more > 0 { format!("; and {} more", ui::format::thousands(more)) } else { String::new() };
    let (href, action) = match named.as_slice() {
        [] => return None,
        [AlarmedNumber { organization: (slug, _), number, .. }] => (url::why_number(slug, number), "See why"),
        _ => (url::section_of_all(Section::Numbers).to_owned(), "Look at the numbers"),
    };
    Some(Need {
        tone,
        title: count_of(*total, one, many),
        detail: format!("{}{more}. Campaigns go on with their other numbers; no lead is lost.", numbers.join("; ")),
        href,
        action: action.to_owned(),
    })
}

fn reason(number: &AlarmedNumber) -> String {
    number.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(last: u8, because: &str) -> AlarmedNumber {
        AlarmedNumber {
            organization: ("acme".to_owned(), "Acme".to_owned()),
            number: format!("+1312555010{last}"),
            because: Some(because.to_owned()),
            until: Some("1970-01-01T14:00:00Z".parse().unwrap()),
            calls_per_day_max: 100,
        }
    }

    fn drawn_in_utc(alarms: &NumberAlarms) -> Vec<Need> {
        drawn(alarms, Timestamp::UNIX_EPOCH, &TimeZone::UTC)
    }

    #[test]
    fn one_number_is_told_with_its_reason_and_leads_to_its_page() {
        let dead = Alarmed { total: 1, named: vec![number(1, "the number does not exist")] };

        let drawn = drawn_in_utc(&NumberAlarms { dead, ..NumberAlarms::default() });

        assert_eq!((drawn[0].title.as_str(), drawn[0].tone), ("1 number is out of use", Tone::Bad));
        assert!(drawn[0].detail.starts_with("+1 312 555 0101 of Acme: the number does not exist. Campaigns"));
        assert_eq!(drawn[0].href, "/o/acme/why?number=%2B13125550101");
    }

    #[test]
    fn many_of_a_kind_are_one_line_that_leads_to_the_list() {
        let resting = Alarmed { total: 5, named: (0..3).map(|nth| number(nth, "its day is full")).collect() };
        let called_enough = Alarmed { total: 1, named: vec![number(9, "")] };

        let drawn = drawn_in_utc(&NumberAlarms { resting, called_enough, ..NumberAlarms::default() });

        let titles: Vec<_> = drawn.iter().map(|need| need.title.as_str()).collect();
        assert_eq!(titles, ["5 numbers rest", "1 number has made its calls of today"]);
        let told = &drawn[0].detail;
        assert!(told.contains("until 2:00 PM: its day is full; +1 312 555 0101 of Acme until"), "{told}");
        assert!(told.contains("; and 2 more. Campaigns"), "{told}");
        assert_eq!(drawn[0].href, "/numbers");
        assert!(drawn[1].detail.starts_with("+1 312 555 0109 of Acme: 100 of 100."), "{}", drawn[1].detail);
    }
}
