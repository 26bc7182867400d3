//! What came of the calls: by outcome, and the latest ones.

use crate::charts::bars;
use crate::components::{call_badge, card, card_with, clock_time, moment, outcome_label, outcome_tone};
use crate::context::Context;
use crate::url;
use crate::view::{CallState, Campaign};
use maud::{Markup, html};

pub(super) fn by_outcome(campaign: &Campaign) -> Markup {
    let rows: Vec<_> = campaign
        .results
        .iter()
        .map(|(outcome, calls)| (outcome_tone(*outcome), outcome_label(*outcome).to_owned(), *calls))
        .collect();
    let body = html! {
        @if campaign.calls == 0 {
            p.note {
                @if campaign.is_ahead() { "Once it calls, its calls are counted here by how they ended." }
                @else { "No call has ended yet." }
            }
        } @else { (bars(&rows)) }
    };
    card("results", "Calls by outcome", &body)
}

pub(super) fn latest(campaign: &Campaign, slug: &str, context: &Context) -> Markup {
    let all = url::with_query(&url::section_of(slug, url::Section::Calls), &[("campaign", &campaign.id)]);
    let body = html! {
        @if campaign.latest.is_empty() {
            p.note.pad {
                "Results appear here seconds after a call ends"
                @if campaign.is_ahead() { ", each with its lead and the time of the next try" }
                "."
            }
        } @else {
            ol.feed { @for result in &campaign.latest {
                li id={ "result-" (result.call_id) } {
                    (call_badge(CallState::Ended(result.outcome), result.goal))
                    p {
                        a.b href=(url::call(slug, &result.call_id)) { (result.lead) }
                        @if let Some(at) = result.next_attempt_at { span.muted { " Next try " (moment(at, context)) } }
                    }
                    (clock_time(result.at, context))
                }
            } }
        }
    };
    card_with("latest", "Latest results", &html! { a.link href=(all) { "All calls" } }, &body)
}
