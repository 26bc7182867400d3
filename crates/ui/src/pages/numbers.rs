//! Phone numbers: how each stands, what it did today, and its switches.

use crate::components::{
    self, Frame, PauseDialog, Place, badge, column, empty, icon, meter, number_column, off_story, organization_link,
    pause_button, resume_form, table, zone_note,
};
use crate::context::{Context, Right};
use crate::format::{self, percent, thousands};
use crate::url::{self, Section};
use crate::view::{ClientNumbers, NumberState, OperatorNumbers, OrganizationName, PhoneNumberRow, Tone};
use crate::words::count;
use maud::{Markup, html};

/// Over all organizations, or of one: what the agency sees.
pub fn agency(view: &OperatorNumbers, context: &Context) -> Markup {
    let is_one = context.organization().is_some();
    let rows = html! { @for row in &view.rows {
        (draw_row(&row.number, &row.organization, Some((&row.organization, &row.account, is_one)), context))
    } };
    let more = if view.total > view.rows.len() as u64 {
        format!("The first {} of {}", view.rows.len(), count(view.total, "number"))
    } else {
        count(view.total, "number")
    };
    page(&rows, view.rows.is_empty(), &more, (true, !is_one), context)
}

pub fn client(view: &ClientNumbers, organization: &OrganizationName, context: &Context) -> Markup {
    let rows = html! { @for row in &view.rows { (draw_row(row, organization, None, context)) } };
    page(&rows, view.rows.is_empty(), &count(view.rows.len() as u64, "number"), (false, false), context)
}

fn page(rows: &Markup, is_empty: bool, total: &str, shows: (bool, bool), context: &Context) -> Markup {
    let frame =
        Frame { title: "Numbers", place: Place::Of(Section::Numbers), above: &[], is_live: false, is_split: false };
    let (is_agency, with_organization) = shows;
    let body = html! {
        div.head {
            div { h1 { "Numbers" } div.meta { span { (total) } } }
        }
        section.card aria-label="List of numbers" {
            @if is_empty {
                (nothing(is_agency))
            } @else {
                (table("Numbers", &head(is_agency, with_organization, context), rows))
                footer { (zone_note(context)) }
            }
        }
    };
    components::page(context, &frame, &body)
}

fn nothing(is_agency: bool) -> Markup {
    let sentence = if is_agency {
        "Numbers are tied to an organization with `trunkline add number`. A campaign calls from one or more of them."
    } else {
        "Campaigns call from your numbers. Your agency adds them."
    };
    empty("hash", "No numbers yet", sentence, &html! {})
}

fn head(is_agency: bool, with_organization: bool, context: &Context) -> Markup {
    html! {
        (column("Number", None))
        @if with_organization { (column("Organization", None)) }
        @if is_agency { (column("Account", Some("wide"))) }
        (column("State", None))
        (column("Calls today", None))
        (number_column("Picked up, 7 days"))
        @if context.can(Right::SteerCampaigns) { (column("Switch", None)) }
    }
}

type Operators<'a> = (&'a OrganizationName, &'a str, bool);

fn draw_row(
    row: &PhoneNumberRow,
    organization: &OrganizationName,
    operators: Option<Operators<'_>>,
    context: &Context,
) -> Markup {
    let phone = format::phone(&row.phone);
    html! {
        tr id={ "number-" (row.id) } {
            th scope="row" { span.two { span.num { (phone) } @if !row.label.is_empty() { small { (row.label) } } } }
            @if let Some((organization, account, is_one)) = operators {
                @if !is_one { td { (organization_link(organization)) } }
                td.wide.soft { (account) }
            }
            td {
                (state(row, context)) " "
                a.link href=(url::why_number(&organization.slug, &row.phone)) aria-label={ "Why " (phone) " calls or not" } { "Why?" }
            }
            td.bar-cell {
                span.flex {
                    (meter(&format!("Calls of {phone} today"), row.calls_today.into(), row.calls_a_day_max.into(), None))
                    span.num.soft { (row.calls_today) " of " (row.calls_a_day_max) }
                }
                (pace(row))
            }
            td.r { (percent(row.answered, row.calls)) " " small.muted { "of " (thousands(row.calls)) } }
            @if context.can(Right::SteerCampaigns) {
                td { (switches(row, &organization.slug, operators.is_some())) }
            }
        }
    }
}

/// What limits it besides its calls a day.
fn pace(row: &PhoneNumberRow) -> Markup {
    let hour = row.calls_an_hour_max.map(|max| format!("{} an hour", count(max.into(), "call")));
    let warm_up = row.warm_up_from.map(|from| format!("warmed up since {}", format::date(from)));
    let told: Vec<String> = hour.into_iter().chain(warm_up).collect();
    html! { @if !told.is_empty() { small.muted { (told.join(", ")) } } }
}

fn state(row: &PhoneNumberRow, context: &Context) -> Markup {
    match &row.state {
        NumberState::InUse => badge(Tone::Good, "circle-check", "In use"),
        NumberState::CalledEnough => badge(Tone::Warn, "clock", "Rests until tomorrow"),
        NumberState::Resting(off) => html! {
            span.two {
                (badge(Tone::Warn, "pause", "Resting"))
                small { (off_story(off, context)) (finishing(row.calls_now)) }
            }
        },
        NumberState::Dead(off) => html! {
            span.two { (badge(Tone::Bad, "ban", "Out of use")) small { (off_story(off, context)) } }
        },
    }
}

/// Calls that were under way when it was switched off go on.
fn finishing(calls: u32) -> String {
    if calls == 0 { String::new() } else { format!(". {} finishing", count(calls.into(), "call")) }
}

fn switches(row: &PhoneNumberRow, slug: &str, is_agency: bool) -> Markup {
    let phone = format::phone(&row.phone);
    let act = |verb: &str| url::steer_number(slug, &row.id, verb);
    let is_off = matches!(row.state, NumberState::Resting(_) | NumberState::Dead(_));
    let (rest, kill) = (format!("rest-{}", row.id), format!("kill-{}", row.id));
    html! {
        div.switches {
            @if is_off { (resume_form(&act("resume"), "Use again", &phone)) } @else {
                (pause_button(&PauseDialog {
                    id: &rest, action: &act("pause"), verb: "Rest", what: &phone,
                    sentence: "No new call begins from it. Calls in progress go on, and its campaigns use their other numbers.",
                    more: until_field(&rest), back: None,
                }, "btn sm", "pause"))
            }
            @if !matches!(row.state, NumberState::Dead(_)) {
                (pause_button(&PauseDialog {
                    id: &kill, action: &act("kill"), verb: "Retire", what: &phone,
                    sentence: "It is taken out of use until somebody uses it again here.",
                    more: html! {}, back: None,
                }, "btn sm quiet", "ban"))
            }
            @if is_agency {
                a.btn.sm.quiet href=(url::part_limits(slug, "numbers", &row.id)) { (icon("pencil")) "Limits" span.vh { " of " (phone) } }
            }
        }
    }
}

fn until_field(id: &str) -> Markup {
    html! {
        div.form-row {
            label for={ (id) "-hours" } { "For how long" }
            span.select {
                select.input name="hours" id={ (id) "-hours" } {
                    option value="" { "Until somebody uses it again" }
                    option value="4" { "4 hours" }
                    option value="24" { "A day" }
                    option value="168" { "A week" }
                }
                (components::icon("chevron-down"))
            }
        }
    }
}
