//! The list of organizations, for the agency.

use crate::charts::sparkline;
use crate::components::{
    self, Frame, Place, column, empty, icon, meter, number_column, organization_mark, table, zone_note,
};
use crate::context::Context;
use crate::format::{dollars, percent, thousands};
use crate::url;
use crate::view::{OrganizationRow, Organizations};
use crate::words::count;
use maud::{Markup, html};

pub fn page(view: &Organizations, context: &Context) -> Markup {
    let frame =
        Frame { title: "Organizations", place: Place::Organizations, above: &[], is_live: false, is_split: false };
    let body = html! {
        div.stack #list {
            div.head { h1 { "Organizations" } }
            form.bar role="search" action="/organizations" method="get" hx-get="/organizations" hx-target="#list"
                hx-trigger="input delay:250ms, submit" hx-select="#list" hx-swap="outerMorph" hx-include="this"
                hx-replace-url="true" {
                label.field.search {
                    (icon("search"))
                    span.vh { "Search organizations" }
                    input type="search" name="q" placeholder="Name" value=(view.q) maxlength="100";
                    kbd aria-hidden="true" { "/" }
                }
                noscript { button.btn.sm { "Search" } }
                span.note.num.push { (count(view.total, "organization")) }
            }
            section.card aria-label="List of organizations" {
                @if view.rows.is_empty() {
                    (nothing(view))
                } @else {
                    (table("Organizations", &head(), &rows(&view.rows)))
                    footer { (zone_note(context)) }
                }
            }
        }
    };
    components::page(context, &frame, &body)
}

fn nothing(view: &Organizations) -> Markup {
    if view.q.is_empty() {
        let sentence = "Each client of the agency is one organization, fenced off from the others.";
        return empty("building-2", "No organizations yet", sentence, &html! {});
    }
    let all = html! { a.btn href="/organizations" { "Show all" } };
    empty("building-2", "No organization has this name", "Look for a part of its name.", &all)
}

pub(super) fn head() -> Markup {
    html! {
        (column("Organization", None))
        (column("Lines", None))
        (number_column("Running"))
        (number_column("Calls today"))
        (number_column("Picked up"))
        (column("Seven days", Some("wide")))
        (number_column("Spend today"))
    }
}

pub(super) fn rows(rows: &[OrganizationRow]) -> Markup {
    html! { @for row in rows { (draw_row(row)) } }
}

fn draw_row(row: &OrganizationRow) -> Markup {
    let name = &row.organization.name;
    html! {
        tr.row id={ "organization-" (row.organization.slug) } {
            th scope="row" {
                div.who {
                    (organization_mark(name))
                    a.cell.b href=(url::organization(&row.organization.slug)) { (name) }
                }
            }
            td.bar-cell {
                span.flex {
                    (meter(&format!("Lines of {name}"), row.lines_in_use.into(), row.lines_max.into(), None))
                    span.num.soft { (row.lines_in_use) " of " (row.lines_max) }
                }
            }
            td.r { (row.campaigns_running) }
            td.r { (thousands(row.calls_today)) }
            td.r { (percent(row.answered_today, row.calls_today)) }
            td.wide { (sparkline(&row.calls_by_day)) }
            td.r { (dollars(row.spend_today)) }
        }
    }
}
