//! Reasons that are limits with figures: how much of what is used up.

use super::times::clock;
use super::words::{are, calls, times_of};
use crate::domain::daypart::Daypart;
use crate::domain::dialing_rules::RollingCap;
use crate::domain::dispatch_policy::{AccountFacts, BudgetFacts, Deferral, Exclusion, Facts, LeadFacts, NumberFacts};
use crate::domain::money::Money;
use jiff::ToSpan as _;

/// The rolling limit that is reached, of several the one over the most days.
pub(super) fn called_lately(facts: &Facts<'_>) -> String {
    let lead = &facts.lead;
    let today = lead.zone.counted_day(facts.now);
    let rings = |cap: &RollingCap| {
        let first = today.saturating_sub((i64::from(cap.days) - 1).days());
        let earlier = lead.earlier_days.iter().filter(|day| (first..today).contains(&day.day));
        lead.calls_today + earlier.map(|day| day.calls).sum::<i32>()
    };
    let is_reached = |cap: &&RollingCap| u32::try_from(rings(cap)).unwrap_or(0) >= cap.rings;
    match facts.rules.lead_rings_max.iter().filter(is_reached).max_by_key(|cap| cap.days) {
        Some(cap) => {
            let max = i32::try_from(cap.rings).unwrap_or(i32::MAX);
            let rang = times_of(rings(cap));
            format!("the phone rang {rang} in {} days, and {} in that time {} allowed", cap.days, calls(max), are(max))
        }
        None => "the lead was called as often as is allowed in these days".to_owned(),
    }
}

pub(super) fn same_daypart(lead: &LeadFacts<'_>) -> String {
    let part = match lead.last_ring_at.map(|at| Daypart::at(at, lead.zone.first())) {
        Some(Daypart::Morning) => "in the morning",
        Some(Daypart::Afternoon) => "in the afternoon",
        Some(Daypart::Evening) => "in the evening",
        None => "at this time",
    };
    format!("the phone rang {part}, and the next try is made in another part of the day")
}

/// For the agency only.
pub(super) fn budget(whose: &str, budget: &BudgetFacts, price: Money) -> String {
    let BudgetFacts { per_day_max, spent, reserved } = *budget;
    let max = per_day_max.map_or_else(|| "no limit".to_owned(), |max| max.to_string());
    format!(
        "of the budget of {whose} of today, {max}, {spent} are spent and {reserved} are reserved for calls that go on, and a call \
         may cost {price}"
    )
}

pub(super) fn warming_up(facts: &Facts<'_>) -> String {
    let allowed = |number: &NumberFacts| {
        let by_ladder = number.warm_up_day.and_then(|day| facts.rules.warm_up.calls_per_day_max(day));
        by_ladder.map_or(number.calls_per_day_max, |max| max.min(number.calls_per_day_max))
    };
    let made = sums(facts, |number| number.calls_today, allowed);
    format!("{made} of today, while {} being warmed up", if count(facts) == 1 { "it is" } else { "some are" })
}

pub(super) fn spent_this_hour(facts: &Facts<'_>) -> String {
    let allowed = |number: &NumberFacts| number.calls_per_hour_max.unwrap_or(number.calls_this_hour);
    format!("{} of this hour", sums(facts, |number| number.calls_this_hour, allowed))
}

pub(super) fn numbers_spent(facts: &Facts<'_>) -> String {
    format!("{} of today", sums(facts, |number| number.calls_today, |number| number.calls_per_day_max))
}

/// `the number has made 3 of its 3 calls`, over all that are usable.
fn sums(facts: &Facts<'_>, made: impl Fn(&NumberFacts) -> i32, max: impl Fn(&NumberFacts) -> i32) -> String {
    let usable = || facts.numbers.iter().filter(|number| number.is_usable);
    let (made, max): (i32, i32) = (usable().map(made).sum(), usable().map(max).sum());
    match count(facts) {
        1 => format!("the number has made {made} of its {}", calls(max)),
        count => format!("the {count} numbers have made {made} of their {}", calls(max)),
    }
}

fn count(facts: &Facts<'_>) -> usize {
    facts.numbers.iter().filter(|number| number.is_usable).count()
}

pub(super) fn lines_kept(facts: &Facts<'_>) -> String {
    let free = facts.accounts.iter().map(|account| account.pool_lines_free).max().unwrap_or_default();
    let lines = if free == 1 {
        "the 1 free line of the provider's pool is".to_owned()
    } else {
        format!("the {free} free lines of the provider's pool are")
    };
    format!("{lines} kept for incoming calls or promised to others")
}

/// Of the account whose minute is used up, where several are.
pub(super) fn requests_of_minute(facts: &Facts<'_>) -> String {
    let spent = facts.accounts.iter().find(|account| account.requests_left_this_minute <= 0);
    let Some((account, max)) = spent.and_then(|account| Some((account, account.requests_per_minute?))) else {
        return Deferral::RequestsPerMinute.in_words().to_owned();
    };
    let next = clock(account.next_minute_at, facts.lead.zone.first());
    requests(max - account.requests_left_this_minute, max, &format!("minute, and the next begins at {next}"))
}

pub(super) fn requests_of_second(facts: &Facts<'_>) -> String {
    let spent = |account: &AccountFacts| {
        let (left, max) = (account.requests_left_this_second?, account.requests_per_second?);
        (left <= 0).then(|| (max - left, max))
    };
    facts.accounts.iter().find_map(spent).map_or_else(
        || Deferral::RequestsPerSecond.in_words().to_owned(),
        |(asked, max)| requests(asked, max, "second, and the next is waited for"),
    )
}

fn requests(asked: i32, max: i32, of: &str) -> String {
    let plural = if max == 1 { "" } else { "s" };
    format!("the provider account was sent {asked} of the {max} request{plural} allowed in this {of}")
}

/// Why never, with what is allowed instead.
pub(super) fn excluded(because: Exclusion, facts: &Facts<'_>) -> String {
    let words = because.in_words();
    match because {
        Exclusion::CountryNotAllowed => {
            let allowed =
                facts.rules.countries.iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let country = facts.lead.country.map_or_else(|| "no country".to_owned(), |country| country.to_string());
            format!("{words}: it is a number of {country}, and those of {allowed} are called")
        }
        Exclusion::KindNotAllowed => format!("{words}: it is {}", facts.lead.kind.described()),
        Exclusion::NeverOpen => format!("{words}: calling hours are {}", facts.lead.hours),
        Exclusion::DoNotCall | Exclusion::NumberNotAllowed => words.to_owned(),
    }
}
