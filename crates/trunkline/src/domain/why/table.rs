//! The facts of a decision as a person reads them.

use super::times::{city, clock, minute};
use super::{Reader, when, words};
use crate::domain::dispatch_policy::{AccountFacts, Decision, Facts, NumberFacts, decide};
use crate::domain::time_zone::local_day;

/// Facts about one thing: name and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub title: &'static str,
    pub rows: Vec<(&'static str, String)>,
}

/// All facts, with what is decided from them first. A client is shown no provider account.
pub fn table(facts: &Facts<'_>, reader: &Reader) -> Vec<Group> {
    let mut groups = vec![decision(facts, reader), lead(facts, reader), campaign(facts), organization(facts, reader)];
    groups.push(Group { title: "Numbers", rows: facts.numbers.iter().map(number).collect() });
    if reader.sees_suppliers {
        groups.push(Group { title: "Provider accounts", rows: facts.accounts.iter().map(account).collect() });
    }
    groups
}

fn decision(facts: &Facts<'_>, reader: &Reader) -> Group {
    let decided = match decide(facts) {
        Decision::Dial(_) => "dial".to_owned(),
        Decision::Defer { because, .. } => format!("wait: {}", words::word(because, reader).replace('_', " ")),
        Decision::Exclude(because) => format!("never: {}", because.as_str().replace('_', " ")),
    };
    let rows =
        vec![("Decided", decided), ("At", when(facts.now, facts.now, &facts.lead.zone.zones()[0], &reader.zone))];
    Group { title: "Decision", rows }
}

fn lead(facts: &Facts<'_>, reader: &Reader) -> Group {
    let lead = &facts.lead;
    let zones: Vec<String> =
        lead.zone.zones().iter().map(|zone| format!("{} {}", clock(facts.now, zone), city(zone))).collect();
    let today = lead.hours.windows_on(local_day(facts.now, &lead.zone.zones()[0]));
    let windows: Vec<String> =
        today.iter().map(|w| format!("{}–{}", minute(w.opens_minute()), minute(w.closes_minute()))).collect();
    let rang = lead.last_ring_at.map(|at| when(at, facts.now, &lead.zone.zones()[0], &reader.zone));
    let rows = vec![
        ("On a do-not-call list", yes(lead.is_on_dnc)),
        ("Kind of number", lead.kind.as_str().replace('_', " ")),
        ("Time there", zones.join(", ")),
        ("Zone known from", lead.zone.source().as_str().replace('_', " ")),
        ("Calling hours today", if windows.is_empty() { "none".to_owned() } else { windows.join(", ") }),
        ("Rings today", lead.calls_today.to_string()),
        ("Last ring", rang.unwrap_or_else(|| "none".to_owned())),
        ("Another call to the phone is open", yes(lead.phone_is_busy)),
    ];
    Group { title: "Lead", rows }
}

fn campaign(facts: &Facts<'_>) -> Group {
    let campaign = &facts.campaign;
    let rows = vec![
        ("Running", yes(campaign.is_running)),
        ("Rings a lead and day, at most", campaign.calls_per_lead_and_day_max.to_string()),
        ("Lines in use", of(campaign.lines_in_use, campaign.lines_max)),
        ("Agent active", yes(campaign.agent_is_active)),
        ("Lines of the agent in use", of(campaign.agent_lines_in_use, campaign.agent_lines_max)),
    ];
    Group { title: "Campaign", rows }
}

fn organization(facts: &Facts<'_>, reader: &Reader) -> Group {
    let organization = &facts.organization;
    let tomorrow = when(organization.tomorrow_at, facts.now, &reader.zone, &reader.zone);
    let rows = vec![
        ("Active", yes(organization.is_active)),
        ("Calls today", of(organization.calls_today, organization.calls_per_day_max)),
        ("Its next day begins", tomorrow),
        ("Rings a lead and day, at most", organization.calls_per_lead_and_day_max.to_string()),
        ("Minutes between two rings", organization.ring_gap.as_mins().to_string()),
        ("Lines in use", of(organization.lines_in_use, organization.lines_max)),
    ];
    Group { title: "Organization", rows }
}

fn number(number: &NumberFacts) -> (&'static str, String) {
    let name = if number.is_usable { "Usable" } else { "Resting or out of use" };
    (name, format!("{} calls today", of(number.calls_today, number.calls_per_day_max)))
}

fn account(account: &AccountFacts) -> (&'static str, String) {
    let paused = if account.paused_until.is_some() { "paused, " } else { "" };
    let lines = account.pool_lines_free;
    (
        "Account",
        format!(
            "{paused}{} requests left this minute, {lines} lines free in its pool",
            account.requests_left_this_minute
        ),
    )
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}

fn of(used: i32, max: i32) -> String {
    format!("{used} of {max}")
}
