//! Reasons in words, with the figures of the facts in them.

use super::times::{city, clock, minute, minutes};
use super::{Reader, Standing, TurnCase, Verdict, figures, times};
use crate::domain::calling_hours::CallingHours;
use crate::domain::dispatch_policy::{Deferral, EARLY_CLOSE, Facts, LeadFacts};
use crate::domain::outcome::Outcome;
use crate::domain::time_zone::ZoneSource;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Whether it goes on by itself.
pub(super) fn standing(because: Deferral) -> Standing {
    match because {
        Deferral::AgencyPaused
        | Deferral::OrganizationSuspended
        | Deferral::CampaignNotRunning
        | Deferral::AgentResting
        | Deferral::NoUsableNumber => Standing::Blocked,
        _ => Standing::Waits,
    }
}

/// The reason as a word. A client is not told which part of the supplier's it is, nor of money.
pub(super) fn word(because: Deferral, reader: &Reader) -> &'static str {
    let theirs = because.for_clients().filter(|_| !reader.sees_suppliers);
    theirs.map_or(because.as_str(), |(word, _)| word)
}

/// Completes "… is not being called: ". A client is told of no provider account, no pool and no money.
pub(super) fn reason(facts: &Facts<'_>, because: Deferral, turn: &TurnCase<'_>, reader: &Reader) -> String {
    if let Some((_, words)) = because.for_clients().filter(|_| !reader.sees_suppliers) {
        return words.to_owned();
    }
    let (organization, campaign, lead) = (&facts.organization, &facts.campaign, &facts.lead);
    match because {
        Deferral::OutsideCallingHours => closed(lead, facts.now),
        Deferral::LeadCalledEnoughToday => {
            let max = campaign.calls_per_lead_and_day_max.min(organization.calls_per_lead_and_day_max);
            format!(
                "the phone rang {} today, and {} a day {} allowed",
                times_of(lead.calls_today),
                calls(max),
                are(max)
            )
        }
        Deferral::RangRecently => {
            let at = lead.last_ring_at.map(|at| clock(at, &lead.zone.zones()[0])).unwrap_or_default();
            format!("the phone rang at {at}, and {} have to pass between two rings", minutes(organization.ring_gap))
        }
        Deferral::LeadCalledEnoughLately => figures::called_lately(facts),
        Deferral::SamePartOfDay => figures::same_daypart(lead),
        Deferral::OrganizationBudgetSpent => {
            figures::budget(turn.organization, &organization.budget, campaign.price_per_call)
        }
        Deferral::CampaignBudgetSpent => figures::budget("the campaign", &campaign.budget, campaign.price_per_call),
        Deferral::OrganizationCalledEnoughToday => {
            format!("{} has made its {} of today", turn.organization, calls(organization.calls_per_day_max))
        }
        Deferral::OrganizationLinesInUse => all_lines(organization.lines_max, turn.organization),
        Deferral::CampaignLinesInUse => all_lines(campaign.lines_max, "the campaign"),
        Deferral::AgentLinesInUse => all_lines(campaign.agent_lines_max, "the agent"),
        Deferral::NumbersCalledEnoughToday => figures::numbers_spent(facts),
        Deferral::NumbersWarmingUp => figures::warming_up(facts),
        Deferral::NumbersCalledEnoughThisHour => figures::spent_this_hour(facts),
        Deferral::LinesKeptForOthers => figures::lines_kept(facts),
        Deferral::NoUsableNumber => no_number(facts, reader),
        Deferral::RequestsPerMinute => figures::requests_of_minute(facts),
        Deferral::RequestsPerSecond => figures::requests_of_second(facts),
        // Their words say it all.
        other => other.in_words().to_owned(),
    }
}

/// A planned try that is not due yet: why it was planned for later.
pub(super) fn planned(deferred_because: Option<&str>, reader: &Reader) -> (&'static str, String) {
    let Some(because) = deferred_because else {
        return ("planned", "its next try is planned for later".to_owned());
    };
    if let Ok(deferral) = because.parse::<Deferral>() {
        let theirs = deferral.for_clients().filter(|_| !reader.sees_suppliers);
        return (word(deferral, reader), theirs.map_or(deferral.in_words(), |(_, words)| words).to_owned());
    }
    match because.parse::<Outcome>() {
        Ok(outcome) => {
            let ended = outcome.label().to_lowercase();
            ("retry_planned", format!("the last try ended with “{ended}”, and the retry plan lets time pass"))
        }
        Err(_) => ("retry_planned", "the last try did not ring, and it is made again after a while".to_owned()),
    }
}

/// The whole sentence: `subject` with its verb, the reason, and when it goes on.
pub(super) fn sentence(subject: &str, verdict: &Verdict, now: Timestamp, theirs: &TimeZone, reader: &Reader) -> String {
    let Verdict { standing, reason, next_at, .. } = verdict;
    let next = match (standing, next_at) {
        (_, Some(at)) => format!(" Next: {}.", times::when(*at, now, theirs, &reader.zone)),
        (Standing::Waits, None) => " Next: as soon as that has changed.".to_owned(),
        _ => String::new(),
    };
    format!("{subject}: {reason}.{next}")
}

fn closed(lead: &LeadFacts<'_>, now: Timestamp) -> String {
    let is_closed = |zone: &&TimeZone| !lead.hours.is_open(now, std::slice::from_ref(*zone), EARLY_CLOSE);
    let zones = lead.zone.zones();
    let zone = zones.iter().find(is_closed).unwrap_or(&zones[0]);
    let source = match lead.zone.source() {
        ZoneSource::Given => "as was given with the lead",
        ZoneSource::PostalCode => "from the postal code",
        ZoneSource::PhoneNumber => "from the phone number",
        ZoneSource::Organization => "the organization's zone, because the number tells none",
    };
    let place = if zones.len() == 1 { "the lead is" } else { "the lead may be" };
    format!("it is {} where {place} ({}, {source}) and {}", clock(now, zone), city(zone), hours(&lead.hours, now, zone))
}

fn hours(hours: &CallingHours, now: Timestamp, zone: &TimeZone) -> String {
    let local = now.to_zoned(zone.clone());
    let windows = hours.windows_on(local.date());
    let now = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or_default();
    let Some(last) = windows.last() else {
        if hours.closed_on().contains(&local.date()) {
            return "today is a day without calls".to_owned();
        }
        return hours.holiday_on(local.date()).map_or_else(
            || format!("there are no calling hours on a {}", local.strftime("%A")),
            |holiday| format!("nobody is called on {holiday}"),
        );
    };
    if let Some(next) = windows.iter().find(|window| window.opens_minute() > now) {
        let verb = if windows.first() == Some(next) { "begin" } else { "go on" };
        return format!("calling hours {verb} at {}", minute(next.opens_minute()));
    }
    let end = minute(last.closes_minute());
    if now >= last.closes_minute() {
        return format!("calling hours end at {end}");
    }
    format!("calling hours end at {end}, with the last {} left for calls that wait in a queue", minutes(EARLY_CLOSE))
}

fn no_number(facts: &Facts<'_>, reader: &Reader) -> String {
    let all = facts.numbers.len();
    if all == 0 {
        return "there is no number to call from".to_owned();
    }
    let usable = facts.numbers.iter().filter(|number| number.is_usable).count();
    let none = if all == 1 {
        "its one number cannot be used".to_owned()
    } else {
        format!("none of its {all} numbers can be used")
    };
    match (usable, reader.sees_suppliers) {
        (0, _) => format!("{none}: {} or out of use", if all == 1 { "it is resting" } else { "each is resting" }),
        (_, true) => format!("{none}: {usable} would, but at a provider account where the agent is not deployed"),
        (_, false) => format!("{none} with this agent"),
    }
}

fn all_lines(max: i32, whose: &str) -> String {
    match max {
        1 => format!("the one line of {whose} is in use"),
        _ => format!("all {max} lines of {whose} are in use"),
    }
}

pub(super) fn calls(count: i32) -> String {
    format!("{count} call{}", if count == 1 { "" } else { "s" })
}

pub(super) fn are(count: i32) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

pub(super) fn times_of(count: i32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
