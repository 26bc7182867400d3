//! One call: on a page of its own, and beside the list.

mod facts;
mod peek;

use crate::components::{
    Frame, Place, Voices, call_badge, campaign_link, card, card_with, icon, moment, organization_link, page, player,
    transcript,
};
use crate::context::Context;
use crate::format;
use crate::url::{self, Section};
use crate::view::{
    CallDetail, CallState, Direction, OperatorCallDetail, OrganizationName, Recording, Transcript, Turn,
};
use maud::{Markup, html};

pub use peek::{agency_peek, client_peek};

pub fn agency(view: &OperatorCallDetail, context: &Context) -> Markup {
    let cards = html! {
        (facts::cost(view.cost.as_ref()))
        (facts::provider(view, context))
    };
    draw(&view.call, &view.organization.slug, Some(&view.organization), &cards, context)
}

pub fn client(view: &CallDetail, context: &Context) -> Markup {
    draw(view, slug_of(context), None, &html! {}, context)
}

fn slug_of(context: &Context) -> &str {
    context.organization().map_or("", |organization| &organization.slug)
}

fn draw(
    call: &CallDetail,
    slug: &str,
    organization: Option<&OrganizationName>,
    operator_cards: &Markup,
    context: &Context,
) -> Markup {
    let frame = Frame {
        title: &call.row.lead,
        place: Place::Of(Section::Calls),
        above: &[(url::section(context, Section::Calls), "Calls")],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.stack #call data-call hx-get=[is_unfinished(call).then(|| url::call(slug, &call.row.id))]
            hx-trigger="every 3s" hx-select="#call" hx-swap="outerMorph" {
            (head(call, slug, organization, context))
            div.cols {
                div.stack {
                    section.card aria-label="Recording" { div.body { (recording(call, slug)) } }
                    (card_with("transcript", "Transcript", &find(call), &said(call)))
                }
                div.stack {
                    (facts::summary(call))
                    (facts::response_times(&call.response_ms))
                    (operator_cards)
                    (facts::timeline(call, context))
                }
            }
        }
    };
    page(context, &frame, &body)
}

/// Whether more is to come: the page then asks again by itself.
fn is_unfinished(call: &CallDetail) -> bool {
    let is_over = matches!(call.row.state, CallState::Ended(_));
    !is_over || matches!(call.transcript, Transcript::Pending) || matches!(call.recording, Recording::Pending)
}

fn head(call: &CallDetail, slug: &str, organization: Option<&OrganizationName>, context: &Context) -> Markup {
    let row = &call.row;
    let step = |id: &Option<String>| id.as_ref().map(|id| url::call(slug, id));
    html! {
        div.head {
            div {
                div.title { h1 { (row.lead) } (call_badge(row.state, row.goal)) }
                div.meta {
                    span.num {
                        (icon(if row.direction == Direction::Inbound { "phone-incoming" } else { "phone-outgoing" }))
                        (format::phone(&row.phone))
                    }
                    span { (icon("clock")) span { (moment(row.started_at, context)) (lead_time(call, context)) } }
                    @if let Some(organization) = organization { span { (organization_link(organization)) } }
                    @if let Some(campaign) = &call.campaign {
                        span { (icon("megaphone")) (campaign_link(slug, &campaign.id, &campaign.name)) }
                    }
                    span { (icon("bot")) (row.agent) }
                }
            }
            div.end {
                (neighbour(step(&call.newer_id), "arrow-up", "Newer call (K)", "k"))
                (neighbour(step(&call.older_id), "arrow-down", "Older call (J)", "j"))
                @if let Some(lead) = &call.lead {
                    a.btn href=(url::lead(slug, &lead.id)) { (icon("user-round")) "Open lead" }
                }
            }
        }
    }
}

fn neighbour(href: Option<String>, icon_name: &str, label: &str, key: &str) -> Markup {
    html! {
        @if let Some(href) = href {
            a.btn.icon href=(href) aria-label=(label) title=(label) data-key=(key) { (icon(icon_name)) }
        }
    }
}

/// `, 11:42 AM for the lead`, where that differs.
fn lead_time(call: &CallDetail, context: &Context) -> String {
    let Some(zone) = &call.lead_zone else {
        return String::new();
    };
    let (theirs, ours) =
        (call.row.started_at.to_zoned(zone.clone()), call.row.started_at.to_zoned(context.zone.clone()));
    if theirs.datetime() == ours.datetime() {
        return String::new();
    }
    format!(", {} for the lead", format::time_of_day(theirs.time()))
}

fn recording(call: &CallDetail, slug: &str) -> Markup {
    let voices = Voices { slug, call_id: &call.row.id, agent: &call.row.agent, lead: &call.row.lead };
    player(&call.recording, &voices, turns(call))
}

fn turns(call: &CallDetail) -> &[Turn] {
    match &call.transcript {
        Transcript::Turns(turns) => turns,
        Transcript::Pending | Transcript::Nothing => &[],
    }
}

fn said(call: &CallDetail) -> Markup {
    html! { div.said-all { (transcript(&call.transcript, &call.row.agent, &call.row.lead)) } }
}

/// A field that marks words in the transcript; it works in the browser alone.
fn find(call: &CallDetail) -> Markup {
    html! {
        @if !turns(call).is_empty() {
            label.field.find-in {
                (icon("search"))
                span.vh { "Find in the transcript" }
                input type="search" placeholder="Find in transcript" data-find;
            }
        }
    }
}

pub(super) fn plain_card(id: &str, title: &str, sentence: &str) -> Markup {
    card(id, title, &html! { p.note { (sentence) } })
}
