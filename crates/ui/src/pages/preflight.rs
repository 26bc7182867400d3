//! A campaign before it starts: how many leads would be called, how many not, and why. A card of the campaign's page, which
//! comes after it, and a page of its own.

use crate::components::{self, Frame, Part, Place, card_with, dot, fill_class, icon, moment, segments};
use crate::context::{Context, Right};
use crate::format::thousands;
use crate::url::{self, Section};
use crate::view::{CallsPerDay, Preflight, SkippedLeads, Tone};
use crate::words::count;
use maud::{Markup, html};

const TITLE: &str = "Before it starts";

pub fn page(view: &Preflight, context: &Context) -> Markup {
    let slug = slug_of(context);
    let frame = Frame {
        title: TITLE,
        place: Place::Of(Section::Campaigns),
        above: &[
            (url::section(context, Section::Campaigns), "Campaigns"),
            (url::campaign(slug, &view.campaign.id), &view.campaign.name),
        ],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head {
            h1 { (view.campaign.name) }
            @if !view.has_begun && context.can(Right::SteerCampaigns) {
                div.end {
                    form method="post" action=(url::steer(slug, &view.campaign.id, "resume")) {
                        button.btn.primary { (icon("play")) "Start now" }
                    }
                }
            }
        }
        (card(view, context))
    };
    components::page(context, &frame, &body)
}

/// Stands on the campaign's page until the card is there. Without script it leads to the page.
pub(super) fn awaited(slug: &str, campaign: &str) -> Markup {
    let address = url::preflight(slug, campaign);
    let body = html! {
        div.body.lazy hx-get=(address) hx-trigger="load" hx-target="#preflight" hx-swap="outerHTML" {
            p.note { "Every lead is being looked at. " a.link href=(address) { "Look at it on a page of its own" } }
        }
    };
    card_with("preflight", TITLE, &html! {}, &body)
}

pub fn card(view: &Preflight, context: &Context) -> Markup {
    let slug = slug_of(context);
    let end = html! { span { "as of " (moment(view.at, context)) } };
    let body = html! {
        @if view.leads == 0 {
            p.note.pad { "No lead waits to be called in it." }
        } @else {
            div.body { (bar(view)) p { (sentence(view, context)) } }
            @if !view.skipped.is_empty() || !view.waiting.is_empty() { (reasons(view, slug)) }
        }
        footer {
            span { "Each lead was decided about as the dialer would. Nothing is changed by looking." }
            a.link.push href=(url::preflight(slug, &view.campaign.id)) hx-get=(url::preflight(slug, &view.campaign.id))
                hx-target="#preflight" hx-swap="outerHTML" { "Look again" }
        }
    };
    card_with("preflight", TITLE, &end, &body)
}

fn bar(view: &Preflight) -> Markup {
    let skipped = view.leads - view.callable;
    let parts = [
        Part { class: fill_class(Tone::Good), label: "Called at once", count: view.callable - view.waiting_leads },
        Part { class: fill_class(Tone::Warn), label: "Wait at first", count: view.waiting_leads },
        Part { class: "f-dark", label: "Left out", count: skipped },
    ];
    let sentence = format!("{} of {} would be called", thousands(view.callable), count(view.leads, "lead"));
    html! {
        (segments(&parts, &sentence))
        ul.legend {
            @for part in &parts {
                li { span class={ "sw " (part.class) } aria-hidden="true" {} (part.label) b { (thousands(part.count)) } }
            }
        }
    }
}

fn sentence(view: &Preflight, context: &Context) -> Markup {
    html! {
        b { (thousands(view.callable)) " of " (count(view.leads, "lead")) }
        " would be called"
        @if let Some(at) = view.first_at { ", the first from " (moment(at, context)) }
        ". "
        @if let Some(per_day) = view.calls_per_day { (calls_per_day(per_day)) " " }
        @match view.days {
            Some(days) if view.callable > 0 => { "One call to each takes " (count(days, "day")) " at least. " },
            Some(_) => {},
            None if view.callable > 0 => { "So nobody would be called: raise the limits of its numbers or of the organization. " },
            None => {},
        }
        @if !view.is_whole { "There are more leads, which were not looked at." }
    }
}

/// The one that binds comes first.
fn calls_per_day(per_day: CallsPerDay) -> String {
    let CallsPerDay { of_organization, of_numbers } = per_day;
    let (max, whose, other) = if of_numbers < of_organization {
        (
            of_numbers,
            "its numbers make no more",
            format!("the organization may make {}", thousands(of_organization.into())),
        )
    } else {
        (of_organization, "the organization may make no more", format!("its numbers {}", thousands(of_numbers.into())))
    };
    format!("A day has room for {}: {whose}, {other}.", count(max.into(), "call"))
}

fn reasons(view: &Preflight, slug: &str) -> Markup {
    html! {
        ul.needs.counted {
            @for reason in &view.skipped { (skipped(reason, slug)) }
            @for (because, leads) in &view.waiting {
                li {
                    (dot(Tone::Warn))
                    div { b { "Wait at first: " (because) } p.note { "They are called as soon as it is over." } }
                    span.num { (count(*leads, "lead")) }
                }
            }
        }
    }
}

fn skipped(reason: &SkippedLeads, slug: &str) -> Markup {
    let more = reason.leads - reason.sample.len() as u64;
    html! {
        li {
            (dot(Tone::Bad))
            div {
                b { "Left out: " (reason.because) }
                p.note {
                    @for (place, lead) in reason.sample.iter().enumerate() {
                        @if place > 0 { ", " }
                        a.link href=(url::lead(slug, &lead.id)) { (lead.name) }
                    }
                    @if more > 0 { " and " (thousands(more)) " more" }
                }
            }
            span.num { (count(reason.leads, "lead")) }
        }
    }
}

fn slug_of(context: &Context) -> &str {
    context.organization().map_or("", |organization| &organization.slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_binds_the_day_is_told_first() {
        let day = |of_organization, of_numbers| calls_per_day(CallsPerDay { of_organization, of_numbers });

        assert_eq!(
            day(1000, 200),
            "A day has room for 200 calls: its numbers make no more, the organization may make 1,000."
        );
        assert_eq!(day(1, 200), "A day has room for 1 call: the organization may make no more, its numbers 200.");
    }
}
