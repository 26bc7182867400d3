//! The cards beside a transcript.

use super::plain_card;
use crate::charts::columns;
use crate::components::{
    Part, SLOW_MS, badge, card, card_with, clock_time, event_badge, fill_class, key_values, segments,
};
use crate::context::Context;
use crate::format::{dollars_exactly, minutes_and_seconds, seconds_of};
use crate::view::{CallDetail, Cost, Goal, OperatorCallDetail, Tone};
use maud::{Markup, html};
use rust_decimal::{Decimal, prelude::ToPrimitive};

pub(super) fn summary(call: &CallDetail) -> Markup {
    let end = match call.row.goal {
        Goal::Met => badge(Tone::Good, "circle-check", "Goal met"),
        Goal::Missed => badge(Tone::Mute, "circle-dot", "Goal not met"),
        Goal::Unknown => html! {},
    };
    let mut pairs: Vec<(&str, Markup)> =
        call.fields.iter().map(|(name, value)| (name.as_str(), html! { (value) })).collect();
    if let Some(how) = &call.how_it_ended {
        pairs.push(("How it ended", html! { (how) }));
    }
    if let Some(seconds) = call.row.seconds {
        pairs.push(("Length", html! { span.num { (minutes_and_seconds(seconds)) } }));
    }
    let body = html! {
        div.body {
            @match &call.summary {
                Some(summary) => p.prose { (summary) },
                None => p.note { "No summary." },
            }
            (key_values(&pairs))
        }
    };
    card_with("summary", "Summary", &end, &body)
}

pub(super) fn response_times(milliseconds: &[u32]) -> Markup {
    let Some(median) = median(milliseconds) else {
        return html! {};
    };
    let slow = milliseconds.iter().filter(|ms| **ms > SLOW_MS).count();
    let sentence = format!("{slow} of {} answers took longer than {}.", milliseconds.len(), seconds_of(SLOW_MS));
    let body = html! { div.body { div aria-hidden="true" { (columns(milliseconds, SLOW_MS)) } p.note { (sentence) } } };
    card_with("response-times", "Response time", &html! { span.num { "median " (seconds_of(median)) } }, &body)
}

fn median(milliseconds: &[u32]) -> Option<u32> {
    let mut sorted = milliseconds.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}

/// The agency's card.
pub(super) fn cost(cost: Option<&Cost>) -> Markup {
    let Some(cost) = cost else {
        return plain_card("cost", "Cost", "The cost arrives with the provider's report, after the call.");
    };
    let tones = [Tone::Accent, Tone::Plum, Tone::Good, Tone::Warn, Tone::Mute, Tone::Bad];
    let parts: Vec<_> = cost.parts.iter().zip(tones.into_iter().cycle()).collect();
    let bar: Vec<_> = parts.iter().map(|(part, tone)| bar_part(part.amount, *tone)).collect();
    let body = html! {
        div.body {
            @if !bar.is_empty() { (segments(&bar, "Parts of the cost, as listed below")) }
            ul.cost {
                @for (part, tone) in &parts {
                    li { span class={ "sw " (fill_class(*tone)) } {} (part.name) b { (dollars_exactly(part.amount)) } }
                }
                li.sum { span.b { "Total" } b { (dollars_exactly(cost.total)) } }
            }
        }
    };
    card_with("cost", "Cost", &html! { span.num { (dollars_exactly(cost.total)) } }, &body)
}

fn bar_part(amount: Decimal, tone: Tone) -> Part {
    let micros = (amount * Decimal::from(1_000_000)).to_u64().unwrap_or(0);
    Part { class: fill_class(tone), label: "", count: micros }
}

/// The agency's card: where the call was placed, and what the provider told.
pub(super) fn provider(view: &OperatorCallDetail, context: &Context) -> Markup {
    let mut pairs = vec![("Account", html! { (view.provider_account) })];
    if let Some(id) = &view.provider_call_id {
        pairs.push(("Call", html! { code { (id) } }));
    }
    if let Some(reason) = &view.ended_reason {
        pairs.push(("Ended", html! { code { (reason) } }));
    }
    let body = html! {
        (key_values(&pairs))
        ol.steps {
            @for event in &view.events {
                li { (clock_time(event.received_at, context)) code { (event.kind) } " " (event_badge(event.state)) }
            }
        }
    };
    card("provider", "Provider", &body)
}

pub(super) fn timeline(call: &CallDetail, context: &Context) -> Markup {
    let body = html! {
        ol.steps {
            @for (index, step) in call.timeline.iter().enumerate() {
                li.good[index + 1 == call.timeline.len()] {
                    (clock_time(step.at, context))
                    span { (step.title) }
                    @if let Some(detail) = &step.detail { small { (detail) } }
                }
            }
        }
    };
    card("timeline", "What happened", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_answers() {
        assert_eq!(median(&[640, 1180, 690]), Some(690));
        assert_eq!(median(&[]), None);
    }
}
