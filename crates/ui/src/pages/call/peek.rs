//! A call beside the list.

use super::{recording, said, slug_of};
use crate::components::{avatar, call_badge, icon, key_values, moment};
use crate::context::Context;
use crate::format::{self, dollars, minutes_and_seconds};
use crate::url;
use crate::view::{CallDetail, OperatorCallDetail, OrganizationName};
use maud::{Markup, html};
use rust_decimal::Decimal;

/// The panel for `?panel=1` and for `peek=` in the address of the list.
pub fn agency_peek(view: &OperatorCallDetail, context: &Context) -> Markup {
    let cost = view.cost.as_ref().map(|cost| cost.total);
    draw(&view.call, &view.organization.slug, Some((&view.organization, cost)), context)
}

/// The panel for `?panel=1` and for `peek=` in the address of the list.
pub fn client_peek(view: &CallDetail, context: &Context) -> Markup {
    draw(view, slug_of(context), None, context)
}

fn draw(
    call: &CallDetail,
    slug: &str,
    operator: Option<(&OrganizationName, Option<Decimal>)>,
    context: &Context,
) -> Markup {
    let row = &call.row;
    let mut pairs = Vec::new();
    if let Some(how) = &call.how_it_ended {
        pairs.push(("How it ended", html! { (how) }));
    }
    if let Some((organization, cost)) = operator {
        pairs.push(("Organization", html! { (organization.name) }));
        if let Some(cost) = cost {
            pairs.push(("Cost", html! { span.num { (dollars(cost)) } }));
        }
    }
    html! {
        aside.peek aria-label={ "Call with " (row.lead) } tabindex="-1" data-call {
            header {
                (avatar(&row.lead))
                div.grow.two { b { (row.lead) } small.num { (format::phone(&row.phone)) } }
                a.btn.quiet.icon href=(url::call(slug, &row.id)) aria-label="Open the full page" { (icon("arrow-up-right")) }
                a.btn.quiet.icon href=(url::section(context, url::Section::Calls)) aria-label="Close" data-close { (icon("x")) }
            }
            section {
                div.flex {
                    (call_badge(row.state, row.goal))
                    span.muted.num {
                        @if let Some(seconds) = row.seconds { (minutes_and_seconds(seconds)) ", " }
                        (moment(row.started_at, context))
                    }
                }
                @if let Some(summary) = &call.summary { p.prose { (summary) } }
                (key_values(&pairs))
            }
            section { (recording(call, slug)) }
            section.flush { (said(call)) }
        }
    }
}
