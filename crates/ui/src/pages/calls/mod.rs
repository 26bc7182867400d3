//! The list of calls: filters in the address, keyset pages, and one call beside it.

mod filters;

use super::call;
use crate::charts::volume;
use crate::components::{
    Frame, Place, ago, call_badge, column, empty, icon, number_column, organization_name, page, pager, person, table,
    tabs, zone_note,
};
use crate::context::Context;
use crate::format::{self, dollars, minutes_and_seconds};
use crate::url::{self, Section};
use crate::view::{
    CallDetail, CallFilter, CallRow, Calls, Direction, OperatorCallDetail, OperatorCallRow, OrganizationName, When,
};
use filters::{filtered, filters, ignored, outcome_tabs};
use maud::{Markup, html};
use rust_decimal::Decimal;

pub fn agency(view: &Calls<OperatorCallRow, OperatorCallDetail>, context: &Context) -> Markup {
    let peeked = view.peek.as_ref().map(|peek| peek.call.row.id.as_str());
    let rows = html! { @for row in &view.rows {
        (draw_row(&row.call, &row.organization.slug, Some((&row.organization, row.cost)), peeked, context))
    } };
    let peek = view.peek.as_ref().map(|peek| call::agency_peek(peek, context));
    draw(view, &rows, peek, context)
}

pub fn client(view: &Calls<CallRow, CallDetail>, context: &Context) -> Markup {
    let slug = context.organization().map_or("", |organization| &organization.slug);
    let peeked = view.peek.as_ref().map(|peek| peek.row.id.as_str());
    let rows = html! { @for row in &view.rows { (draw_row(row, slug, None, peeked, context)) } };
    let peek = view.peek.as_ref().map(|peek| call::client_peek(peek, context));
    draw(view, &rows, peek, context)
}

/// A plain table of calls, without organization, cost and panel.
pub(super) fn short_table(calls: &[CallRow], slug: &str, context: &Context) -> Markup {
    let rows = html! { @for row in calls { (draw_row(row, slug, None, None, context)) } };
    table("Calls", &head(false), &rows)
}

fn head(is_agency: bool) -> Markup {
    html! {
        (column("When", None))
        (column("Lead", None))
        (column("Result", None))
        @if is_agency { (column("Organization", Some("wide"))) }
        (column("Campaign", Some("wide")))
        (column("Agent", Some("wide")))
        (number_column("Length"))
        @if is_agency { (number_column("Cost")) }
    }
}

fn draw<Row, Peek>(view: &Calls<Row, Peek>, rows: &Markup, peek: Option<Markup>, context: &Context) -> Markup {
    let frame = Frame { title: "Calls", place: Place::Of(Section::Calls), above: &[], is_live: false, is_split: true };
    let address = url::section(context, Section::Calls);
    let here = filtered(&address, &view.filter);
    let body = html! {
        div.split {
            div.page #list {
                div.head { h1 { "Calls" } }
                (tabs("Calls by outcome", &outcome_tabs(&address, &view.filter)))
                (filters(view, &address))
                (ignored(&view.filter, &here))
                @if !view.volume.is_empty() { (volume_card(view, context)) }
                section.card #calls aria-label="List of calls" {
                    @if view.rows.is_empty() {
                        (nothing(view, &address))
                    } @else {
                        (table("Calls", &head(context.is_agency()), rows))
                        footer { (zone_note(context)) (pager(&view.pager, &here)) }
                    }
                }
            }
            div #peek { @if let Some(panel) = peek { (panel) } }
        }
    };
    page(context, &frame, &body)
}

fn volume_card<Row, Peek>(view: &Calls<Row, Peek>, context: &Context) -> Markup {
    html! {
        section.card aria-labelledby="volume-title" {
            div.body.tight {
                div.flex.caption {
                    h2 #volume-title { "Volume" }
                    span.legend.push {
                        span.flex { span.sw.f-accent {} "Answered" }
                        span.flex { span.sw.f-mute {} "Not reached" }
                        span.flex { span.sw.f-bad {} "Failed" }
                    }
                }
                (volume(&view.volume, context))
            }
        }
    }
}

fn nothing<Row, Peek>(view: &Calls<Row, Peek>, address: &str) -> Markup {
    if !view.has_any {
        return empty("phone", "No calls yet", "Calls appear here seconds after they begin.", &html! {});
    }
    let actions = html! {
        a.btn href=(address) { "Clear filters" }
        @if view.filter.when != When::Ever {
            a.btn.primary href=(filtered(address, &CallFilter { when: When::Ever, ..view.filter.clone() })) { "Any time" }
        }
    };
    empty("phone", "No calls match these filters", "Widen the time, or clear the filters.", &actions)
}

fn draw_row(
    call: &CallRow,
    slug: &str,
    operator: Option<(&OrganizationName, Option<Decimal>)>,
    peeked: Option<&str>,
    context: &Context,
) -> Markup {
    let href = url::call(slug, &call.id);
    let key = if context.organization().is_some() { call.id.clone() } else { format!("{slug}/{}", call.id) };
    html! {
        tr.row id={ "call-" (call.id) } data-peek=(href) data-key=(key)
            aria-selected=[(peeked == Some(call.id.as_str())).then_some("true")] {
            td.num.soft { (ago(call.started_at, context)) }
            th scope="row" { (person(&call.lead, &href, &format::phone(&call.phone))) }
            td { (call_badge(call.state, call.goal)) }
            @if let Some((organization, _)) = operator { td.wide { (organization_name(organization)) } }
            td.wide.soft {
                @match (&call.campaign, call.direction) {
                    (_, Direction::Inbound) => span.flex { (icon("phone-incoming")) "Inbound" },
                    (Some(campaign), Direction::Outbound) => (campaign),
                    (None, Direction::Outbound) => span.muted { "–" },
                }
            }
            td.wide.soft { (call.agent) }
            td.r { @match call.seconds { Some(seconds) => (minutes_and_seconds(seconds)), None => span.muted { "–" } } }
            @if let Some((_, cost)) = operator {
                td.r { @match cost { Some(cost) => (dollars(cost)), None => span.muted { "–" } } }
            }
        }
    }
}
