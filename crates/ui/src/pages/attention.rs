//! What only a person can settle: attempts of which nobody knows whether the phone rang, and calls that should not have been.

use crate::components::{
    self, Frame, Place, ago, badge, campaign_link, card_with, column, empty, icon, organization_link, table, zone_note,
};
use crate::context::{Context, Right};
use crate::format;
use crate::url::{self, Section};
use crate::view::{Attention, AttentionGroup, HeldAttempt, IncidentKind, OddAttempt, Tone};
use crate::words::count;
use maud::{Markup, html};

pub fn page(view: &Attention, context: &Context) -> Markup {
    let frame = Frame {
        title: "Needs a person",
        place: Place::Of(Section::Attention),
        above: &[],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head {
            div {
                h1 { "Needs a person" }
                div.meta { span { "What the program cannot find out, it does not guess. Nobody is called again because of it." } }
            }
        }
        @if view.groups.is_empty() {
            section.card { (nothing(context)) }
        } @else {
            div.stack {
                @for group in &view.groups { (draw_group(group, context)) }
                @if view.is_cut { p.note { "There are more. They appear here when these are settled." } }
                p.note { (zone_note(context)) }
            }
        }
    };
    components::page(context, &frame, &body)
}

fn nothing(context: &Context) -> Markup {
    let to_calls = html! { a.btn href=(url::section(context, Section::Calls)) { "Look at the calls" } };
    let sentence = "Every call that was sent has an answer. An attempt appears here when the provider has not told for a day \
                    whether the phone rang.";
    empty("circle-check", "Nothing waits for you", sentence, &to_calls)
}

fn draw_group(group: &AttentionGroup, context: &Context) -> Markup {
    let slug = &group.organization.slug;
    html! {
        @if context.organization().is_none() { h2.group { (organization_link(&group.organization)) } }
        @if !group.held.is_empty() { (held(group, slug, context)) }
        @if !group.incidents.is_empty() { (incidents(group, slug, context)) }
    }
}

fn held(group: &AttentionGroup, slug: &str, context: &Context) -> Markup {
    let listed = Listed {
        id: format!("held-{slug}"),
        title: format!("{} without an answer", count(group.held.len() as u64, "attempt")),
        label: "Attempts without an answer",
        last_column: "What is known",
        rows: group.held.iter().map(|row| (&row.attempt, what_is_known(row, context))).collect(),
        action: url::settle(slug, "count"),
        buttons: html! {
            button.btn { (icon("phone-missed")) "Count as called" }
            button.btn formaction=(url::settle(slug, "look")) { (icon("rotate-cw")) "Look again" }
            p.note {
                "Counted as called: the phone is taken to have rung unanswered, and the next try follows the campaign's plan. \
                 Look again: the provider is asked once more; nobody is called before it has answered."
            }
        },
    };
    draw_listed(&listed, slug, context)
}

/// Attempts of one kind, and what a person may do with those that are chosen.
struct Listed<'a> {
    /// Unique on the page.
    id: String,
    title: String,
    /// What the rows are.
    label: &'static str,
    last_column: &'static str,
    /// Each with its last cell.
    rows: Vec<(&'a OddAttempt, Markup)>,
    /// Where the first button posts to.
    action: String,
    buttons: Markup,
}

fn draw_listed(listed: &Listed<'_>, slug: &str, context: &Context) -> Markup {
    let may = context.can(Right::SteerCampaigns);
    let head = html! {
        @if may { th scope="col" { span.vh { "Choose" } } }
        (column("Lead", None))
        (column("Campaign", Some("wide")))
        (column("Sent", None))
        (column(listed.last_column, None))
    };
    let rows = html! { @for (attempt, last_cell) in &listed.rows {
        tr id={ "attempt-" (attempt.id) } {
            @if may { td { (choice(attempt)) } }
            (who(attempt, slug))
            td.wide { (campaign_link(slug, &attempt.campaign_id, &attempt.campaign)) }
            td.num.soft { (sent(attempt, context)) }
            td { (last_cell) }
        }
    } };
    let rows = table(listed.label, &head, &rows);
    let body = html! {
        @if may { form method="post" action=(listed.action) { (rows) div.bar.pad { (listed.buttons) } } } @else { (rows) }
    };
    card_with(&listed.id, &listed.title, &html! {}, &body)
}

fn what_is_known(row: &HeldAttempt, context: &Context) -> Markup {
    html! {
        @if row.has_call { "The call exists, and its end was never told" }
        @else { @match &row.attempt.because { Some(because) => (because), None => "No answer came" } }
        @if let Some(at) = row.looked_at {
            " " small.muted { "(the provider was asked, last " (ago(at, context)) ", and did not show it " (count(row.looks.into(), "time")) ")" }
        }
    }
}

fn choice(attempt: &OddAttempt) -> Markup {
    html! {
        label.check {
            input type="checkbox" name="attempts" value=(attempt.id) checked;
            span.vh { "Choose " (attempt.lead) " " (format::phone(&attempt.phone)) }
        }
    }
}

fn who(attempt: &OddAttempt, slug: &str) -> Markup {
    html! {
        th scope="row" {
            span.two {
                a.link href=(url::lead(slug, &attempt.lead_id)) { (attempt.lead) }
                small.num { (format::phone(&attempt.phone)) }
            }
        }
    }
}

fn sent(attempt: &OddAttempt, context: &Context) -> Markup {
    html! { @match attempt.sent_at { Some(at) => (ago(at, context)), None => span.muted { "–" } } }
}

fn incidents(group: &AttentionGroup, slug: &str, context: &Context) -> Markup {
    let listed = Listed {
        id: format!("incidents-{slug}"),
        title: format!("{} that should not have been", count(group.incidents.len() as u64, "call")),
        label: "Calls that should not have been",
        last_column: "What happened",
        rows: group.incidents.iter().map(|row| (&row.attempt, what_happened(row.kind))).collect(),
        action: url::settle(slug, "acknowledge"),
        buttons: html! {
            button.btn { (icon("check")) "I have seen these" }
            p.note { "They stay in the leads' histories. The calls are counted already." }
        },
    };
    draw_listed(&listed, slug, context)
}

fn what_happened(kind: IncidentKind) -> Markup {
    html! {
        @match kind {
            IncidentKind::Late => {
                (badge(Tone::Warn, "clock", "Came to light late"))
                " The attempt was closed without a call, and then there was one."
            }
            IncidentKind::Second => {
                (badge(Tone::Bad, "triangle-alert", "Second call"))
                " The provider has two calls of one attempt: somebody may have been called twice."
            }
        }
    }
}
