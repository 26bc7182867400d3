//! Importing leads: choose a file, then what came of it.

use crate::charts::bars;
use crate::components::{
    self, Frame, Part, Place, ago, card, card_with, column, error_summary, field_error, fill_class, icon, key_values,
    moment, number_column, segments, table,
};
use crate::context::{Context, Right};
use crate::format::thousands;
use crate::url::{self, Section, with_query};
use crate::view::{ColumnRole, ColumnUse, ImportForm, ImportProblem, ImportResult, ImportRow, Tone};
use crate::words::count;
use maud::{Markup, html};
use std::cmp::Ordering;

pub fn form(view: &ImportForm, context: &Context) -> Markup {
    let slug = slug_of(context);
    let body = html! {
        (head("Import leads", &html! {}, 0))
        (error_summary(&view.errors))
        div.cols {
            div.stack {
                section.card aria-label="File" {
                    form.form.body method="post" action=(url::import(slug)) enctype="multipart/form-data" {
                        input type="hidden" name="form_key" value=(view.form_key);
                        @if let Some(again) = &view.again { input type="hidden" name="again" value=(again); }
                        label.drop for="file" {
                            (icon("file-spreadsheet"))
                            b { "Choose a CSV file, or drop it here" }
                            span.note { "Up to " (count(view.rows_max, "row")) " and " (view.bytes_max / 1_048_576) " MB" }
                            input #file type="file" name="file" accept=".csv,.tsv,.txt,text/csv" required;
                        }
                        (field_error("file", &view.errors))
                        div.bar { button.btn.primary { (icon("upload")) "Import the file" } }
                        p.note { "Rows with a problem are listed and left out; the others are imported." }
                    }
                }
                @if !view.recent.is_empty() { (recent(&view.recent, slug, context)) }
            }
            div.stack { (guide(view)) }
        }
    };
    draw("Import leads", "Import", &body, context)
}

pub fn result(view: &ImportResult, context: &Context) -> Markup {
    let meta = html! {
        span { (icon("file-spreadsheet")) (view.file_name) }
        span.num { (count(view.rows, "row")) ", " (count(view.columns.len() as u64, "column")) }
        span { (icon("clock")) span { (moment(view.at, context)) @if let Some(by) = &view.by { " by " (by) } } }
    };
    let body = html! {
        (head("Import leads", &meta, 1))
        div.cols {
            div.stack {
                (problems(view, slug_of(context)))
                (columns_of(&view.columns))
            }
            div.stack {
                (summary(view, context))
                @if !view.zones.is_empty() { (zones(&view.zones)) }
            }
        }
    };
    draw("Import leads", &view.file_name, &body, context)
}

fn slug_of(context: &Context) -> &str {
    context.organization().map_or("", |organization| &organization.slug)
}

fn draw(title: &str, crumb: &str, body: &Markup, context: &Context) -> Markup {
    let leads = (url::section(context, Section::Leads), "Leads");
    let import = (url::import(slug_of(context)), "Import");
    let above: &[_] = if crumb == "Import" { &[leads] } else { &[leads, import] };
    let title = if crumb == "Import" { title } else { crumb };
    let frame = Frame { title, place: Place::Of(Section::Leads), above, is_live: false, is_split: false };
    components::page(context, &frame, body)
}

fn head(title: &str, meta: &Markup, step: usize) -> Markup {
    html! {
        div.head {
            div { h1 { (title) } @if !meta.0.is_empty() { div.meta { (meta) } } }
            div.end {
                ol.stepper aria-label="Steps" {
                    @for (index, name) in ["File", "Result"].into_iter().enumerate() {
                        li data-step=(standing(index, step))
                            aria-current=[(index == step).then_some("step")] {
                            span.n aria-hidden="true" { @if index < step { (icon("check")) } @else { (index + 1) } }
                            (name)
                            @if index < step { span.vh { " (done)" } }
                        }
                    }
                }
            }
        }
    }
}

/// How a step stands while `now` is the current one.
fn standing(step: usize, now: usize) -> &'static str {
    match step.cmp(&now) {
        Ordering::Less => "done",
        Ordering::Equal => "now",
        Ordering::Greater => "todo",
    }
}

fn guide(view: &ImportForm) -> Markup {
    let body = html! {
        p { "The first row names the columns, in any order." }
        (key_values(&[
            ("Phone", html! { "needed, once in a file" }),
            ("Name", html! { "name, or first and last name" }),
            ("Time zone", html! { "else by phone, else " (view.zone) }),
            ("Others", html! { "the agent can use them in a call" }),
        ]))
        p.note { "Phones in national form are read as of " (view.country) ". A phone that is known already changes its lead and makes no second one." }
    };
    card("guide", "What the file holds", &body)
}

fn recent(rows: &[ImportRow], slug: &str, context: &Context) -> Markup {
    let head =
        html! { (column("File", None)) (column("When", None)) (number_column("New")) (number_column("Problems")) };
    let rows = html! { @for row in rows {
        tr.row {
            th scope="row" { a.cell.b href=(url::import_result(slug, &row.id)) { (row.file_name) } }
            td.soft { (ago(row.at, context)) }
            td.r { (thousands(row.added)) }
            td.r { (thousands(row.problems)) }
        }
    } };
    card_with("recent", "Earlier imports", &html! {}, &table("Earlier imports", &head, &rows))
}

fn summary(view: &ImportResult, context: &Context) -> Markup {
    let parts = [
        Part { class: fill_class(Tone::Good), label: "New leads", count: view.added },
        Part { class: fill_class(Tone::Accent), label: "Leads updated", count: view.updated },
        Part { class: fill_class(Tone::Mute), label: "Known already", count: view.duplicates },
        Part { class: fill_class(Tone::Bad), label: "Rows left out", count: view.rejected },
    ];
    let sentence = format!("{} of {} rows are new leads", thousands(view.added), thousands(view.rows));
    let body = html! {
        (segments(&parts, &sentence))
        dl.kv.roomy {
            @for part in &parts {
                dt.flex { span class={ "sw " (part.class) } {} (part.label) }
                dd.b.num { (thousands(part.count)) }
            }
        }
        div.bar {
            @if context.can(Right::CreateCampaigns) {
                a.btn.primary href=(with_query(&url::new_campaign(slug_of(context)), &[("leads", &view.id)])) { "Call these leads" }
            }
            a.btn href=(url::section(context, Section::Leads)) { "Show the leads" }
            a.btn href=(url::import(slug_of(context))) { "Import another file" }
        }
    };
    card("summary", "What happened", &body)
}

fn problems(view: &ImportResult, slug: &str) -> Markup {
    if view.problems.is_empty() {
        let body = html! { p.flex { (icon("circle-check")) "Every row was good." } };
        return card("problems", "Rows left out", &body);
    }
    let head =
        html! { (number_column("Line")) (column("Column", None)) (column("Found", None)) (column("Problem", None)) };
    let rows = html! { @for problem in &view.problems { (problem_row(problem)) } };
    let shown = view.problems.len() as u64;
    let body = html! {
        (table("Rows left out", &head, &rows))
        footer {
            @if view.rejected > shown { "The first " (thousands(shown)) " of " (thousands(view.rejected)) ". " }
            "Put them right in the file and import it again: rows that are known already make no second lead. "
            a.link href=(url::import_problems(slug, &view.id)) download { "Download the list" }
        }
    };
    card_with("problems", "Rows left out", &html! { span.num { (count(view.rejected, "row")) } }, &body)
}

fn problem_row(problem: &ImportProblem) -> Markup {
    html! {
        tr {
            th.r scope="row" { (problem.line) }
            td { (problem.column) }
            td { @if problem.found.is_empty() { span.muted { "nothing" } } @else { code { (problem.found) } } }
            td.reason { (problem.reason) }
        }
    }
}

fn columns_of(columns: &[ColumnUse]) -> Markup {
    let head = html! { (column("In your file", None)) (column("Used as", None)) };
    let rows = html! { @for one in columns {
        tr {
            th.b scope="row" { @if one.header.is_empty() { span.muted { "without a name" } } @else { (one.header) } }
            td { @if one.used_as == ColumnRole::Ignored { span.muted { "Not used" } } @else { (role_label(one.used_as)) } }
        }
    } };
    card_with("columns", "Columns", &html! {}, &table("Columns", &head, &rows))
}

fn role_label(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Name => "Name",
        ColumnRole::Phone => "Phone",
        ColumnRole::Email => "Email",
        ColumnRole::TimeZone => "Time zone",
        ColumnRole::PostalCode => "Postal code, for the time zone, and variable of the call",
        ColumnRole::ExternalId => "Your own id",
        ColumnRole::Variable => "Variable of the call",
        ColumnRole::Ignored => "Not used",
    }
}

fn zones(zones: &[(String, u64)]) -> Markup {
    let rows: Vec<_> = zones.iter().map(|(zone, leads)| (Tone::Accent, zone.clone(), *leads)).collect();
    card("zones", "Where they are", &bars(&rows))
}
