//! The list of leads.

use crate::components::{
    Frame, Place, ago, column, empty, icon, lead_badge, moment, number_column, organization_name, outcome_label, page,
    pager, person, table, tabs, total, zone_note,
};
use crate::context::{Context, Right};
use crate::format;
use crate::url::{self, Section, with_query};
use crate::view::{LeadRow, LeadTab, Leads, OperatorLeadRow, OrganizationName};
use maud::{Markup, html};

pub fn agency(view: &Leads<OperatorLeadRow>, context: &Context) -> Markup {
    let rows = html! { @for row in &view.rows {
        (draw_row(&row.lead, &row.organization.slug, Some(&row.organization), context))
    } };
    draw(view, &rows, context)
}

pub fn client(view: &Leads<LeadRow>, context: &Context) -> Markup {
    let slug = context.organization().map_or("", |organization| &organization.slug);
    let rows = html! { @for row in &view.rows { (draw_row(row, slug, None, context)) } };
    draw(view, &rows, context)
}

fn draw<Row>(view: &Leads<Row>, rows: &Markup, context: &Context) -> Markup {
    let frame = Frame { title: "Leads", place: Place::Of(Section::Leads), above: &[], is_live: false, is_split: false };
    let address = url::section(context, Section::Leads);
    let here = filtered(&address, &view.q, view.tab);
    let links: Vec<_> = LeadTab::ALL
        .into_iter()
        .map(|tab| (filtered(&address, &view.q, tab), tab_label(tab), tab == view.tab))
        .collect();
    let body = html! {
        div.stack #list {
            div.head { h1 { "Leads" } div.end { (import_link(context, "btn primary")) } }
            (tabs("Leads by state", &links))
            (filters(view, &address))
            section.card #leads aria-label="List of leads" {
                @if view.rows.is_empty() {
                    (nothing(view, &address, context))
                } @else {
                    (table("Leads", &head(context.is_agency()), rows))
                    footer { (zone_note(context)) (pager(&view.pager, &here)) }
                }
            }
        }
    };
    page(context, &frame, &body)
}

fn filtered(address: &str, q: &str, tab: LeadTab) -> String {
    let state = if tab == LeadTab::All { "" } else { tab.name() };
    with_query(address, &[("q", q), ("state", state)])
}

fn tab_label(tab: LeadTab) -> &'static str {
    match tab {
        LeadTab::All => "All",
        LeadTab::ToCall => "To be called",
        LeadTab::Reached => "Reached",
        LeadTab::NotReached => "Not reached",
        LeadTab::DoNotCall => "Do not call",
    }
}

fn filters<Row>(view: &Leads<Row>, address: &str) -> Markup {
    html! {
        form.bar role="search" action=(address) method="get" hx-get=(address) hx-trigger="input delay:250ms, submit"
            hx-target="#list" hx-select="#list" hx-swap="outerMorph" hx-include="this" hx-replace-url="true" {
            @if view.is_searchable {
                label.field.search {
                    (icon("search"))
                    span.vh { "Search leads" }
                    input type="search" name="q" placeholder="Name or phone" value=(view.q) maxlength="100";
                    kbd aria-hidden="true" { "/" }
                }
                noscript { button.btn.sm { "Search" } }
            }
            @if view.tab != LeadTab::All { input type="hidden" name="state" value=(view.tab.name()); }
            span.note.num.push { (total(view.total, "lead")) }
        }
    }
}

fn import_link(context: &Context, class: &str) -> Markup {
    html! {
        @if let Some(organization) = context.organization().filter(|_| context.can(Right::ImportLeads)) {
            a class=(class) href=(url::import(&organization.slug)) { (icon("upload")) "Import leads" }
        }
    }
}

fn nothing<Row>(view: &Leads<Row>, address: &str, context: &Context) -> Markup {
    if view.has_any {
        let clear = html! { a.btn href=(address) { "Show all leads" } };
        return empty("users", "No leads match", "Look for another name or phone, or under another tab.", &clear);
    }
    let sentence = "Leads are the people to be called. They come from a spreadsheet's file.";
    empty("users", "No leads yet", sentence, &import_link(context, "btn primary"))
}

fn head(is_agency: bool) -> Markup {
    html! {
        (column("Lead", None))
        (column("State", None))
        @if is_agency { (column("Organization", Some("wide"))) }
        (column("Zone", Some("wide")))
        (number_column("Calls"))
        (column("Last call", None))
        (column("Next try", None))
    }
}

fn draw_row(lead: &LeadRow, slug: &str, organization: Option<&OrganizationName>, context: &Context) -> Markup {
    html! {
        tr.row id={ "lead-" (lead.id) } {
            th scope="row" { (person(&lead.name, &url::lead(slug, &lead.id), &format::phone(&lead.phone))) }
            td { (lead_badge(lead.state)) }
            @if let Some(organization) = organization { td.wide { (organization_name(organization)) } }
            td.wide.soft { (format::zone_name(&lead.zone)) }
            td.r { (lead.calls) }
            td.soft {
                @match lead.last_call {
                    Some((outcome, at)) => { (outcome_label(outcome)) ", " (ago(at, context)) },
                    None => span.muted { "Never" },
                }
            }
            td.soft {
                @match lead.next_attempt_at {
                    Some(at) if at <= context.now => "Due",
                    Some(at) => (moment(at, context)),
                    None => span.muted { "–" },
                }
            }
        }
    }
}
