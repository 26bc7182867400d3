//! The filters of the list of calls, as they stand in its address.

use crate::components::{icon, outcome_label, total};
use crate::url::with_query;
use crate::view::{CallFilter, CallLength, Calls, Choice, Direction, Outcome, When};
use maud::{Markup, html};

/// The address of the list with this filter and no cursor.
pub(super) fn filtered(address: &str, filter: &CallFilter) -> String {
    let when = if filter.when == When::default() { "" } else { filter.when.name() };
    with_query(
        address,
        &[
            ("q", &filter.q),
            ("outcome", filter.outcome.map_or("", Outcome::name)),
            ("when", when),
            ("campaign", filter.campaign.as_deref().unwrap_or("")),
            ("agent", filter.agent.as_deref().unwrap_or("")),
            ("direction", filter.direction.map_or("", Direction::name)),
            ("length", filter.length.map_or("", CallLength::name)),
        ],
    )
}

pub(super) fn outcome_tabs(address: &str, filter: &CallFilter) -> Vec<(String, &'static str, bool)> {
    let tab = |outcome: Option<Outcome>, label| {
        let href = filtered(address, &CallFilter { outcome, ..filter.clone() });
        (href, label, outcome == filter.outcome)
    };
    let outcomes = Outcome::ALL.into_iter().map(|outcome| (Some(outcome), outcome_label(outcome)));
    [(None, "All")].into_iter().chain(outcomes).map(|(outcome, label)| tab(outcome, label)).collect()
}

pub(super) fn filters<Row, Peek>(view: &Calls<Row, Peek>, address: &str) -> Markup {
    let filter = &view.filter;
    html! {
        form.bar role="search" action=(address) method="get" hx-get=(address) hx-trigger="input delay:250ms, submit"
            hx-target="#list" hx-select="#list" hx-swap="outerMorph" hx-include="this" hx-replace-url="true" {
            @if view.is_searchable {
                label.field.search {
                    (icon("search"))
                    span.vh { "Search calls" }
                    input type="search" name="q" placeholder="Name or phone" value=(filter.q) maxlength="100";
                    kbd aria-hidden="true" { "/" }
                }
            }
            @if let Some(outcome) = filter.outcome { input type="hidden" name="outcome" value=(outcome.name()); }
            label.chip {
                span { "When" }
                select name="when" {
                    @for when in When::ALL { option value=(when.name()) selected[when == filter.when] { (when_label(when)) } }
                }
                (icon("chevron-down"))
            }
            (chip("Campaign", "campaign", &view.campaigns, filter.campaign.as_deref()))
            (chip("Agent", "agent", &view.agents, filter.agent.as_deref()))
            (chip("Direction", "direction", &directions(), filter.direction.map(Direction::name)))
            (chip("Length", "length", &lengths(), filter.length.map(CallLength::name)))
            noscript { button.btn.sm { "Apply" } }
            span.note.num.push { (total(view.total, "call")) }
        }
    }
}

/// A choice among `choices`, or any of them; nothing to choose from is not drawn.
fn chip(label: &str, name: &str, choices: &[Choice], chosen: Option<&str>) -> Markup {
    html! {
        @if !choices.is_empty() {
            label.chip {
                span { (label) }
                select name=(name) {
                    option value="" { "Any" }
                    @for choice in choices {
                        option value=(choice.value) selected[chosen == Some(choice.value.as_str())] { (choice.label) }
                    }
                }
                (icon("chevron-down"))
            }
        }
    }
}

fn directions() -> Vec<Choice> {
    let choice = |direction: Direction| {
        let label = match direction {
            Direction::Outbound => "Outbound",
            Direction::Inbound => "Inbound",
        };
        Choice { value: direction.name().to_owned(), label: label.to_owned() }
    };
    Direction::ALL.into_iter().map(choice).collect()
}

fn lengths() -> Vec<Choice> {
    let choice = |length: CallLength| {
        let label = match length {
            CallLength::UnderTenSeconds => "Under 10 s",
            CallLength::UnderOneMinute => "10 to 60 s",
            CallLength::UnderFiveMinutes => "1 to 5 min",
            CallLength::Longer => "5 min and more",
        };
        Choice { value: length.name().to_owned(), label: label.to_owned() }
    };
    CallLength::ALL.into_iter().map(choice).collect()
}

fn when_label(when: When) -> &'static str {
    match when {
        When::LastHour => "Last hour",
        When::LastDay => "Last 24 hours",
        When::LastWeek => "Last 7 days",
        When::LastMonth => "Last 30 days",
        When::Ever => "Any time",
    }
}

pub(super) fn ignored(filter: &CallFilter, here: &str) -> Markup {
    html! {
        @if !filter.ignored.is_empty() {
            div.alert role="status" {
                (icon("info"))
                p {
                    "This address has filters that mean nothing here: " code { (filter.ignored.join(", ")) } ". "
                    a.link href=(here) { "Leave them out" }
                }
            }
        }
    }
}
