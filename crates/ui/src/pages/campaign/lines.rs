//! The lines of a campaign, one cell each, and the conversations on them.

use crate::components::{avatar, card_with, column, icon, number_column, table};
use crate::context::Context;
use crate::format;
use crate::url;
use crate::view::{Campaign, Lines, Talk};
use maud::{Markup, html};

/// Cells in one row; they are as wide as the room allows.
const CELLS_IN_ROW: u32 = 24;

/// With more lines than this, cells would be too narrow to be seen; the legend then stands alone.
const CELLS_MAX: u32 = 72;

pub(super) fn card(campaign: &Campaign, slug: &str, context: &Context) -> Markup {
    let lines = campaign.on_the_line.lines;
    let used = lines.talking + lines.ringing + lines.settling;
    let end = html! { span.num { (used) " of " (lines.max) " lines" } };
    let body = html! {
        div.body { (trunk(lines)) }
        @if campaign.on_the_line.talks.is_empty() {
            p.note.pad {
                @if campaign.is_ahead() { "Once it calls, who is rung and who is talking stands here, line by line." }
                @else { "Nobody is on the line." }
            }
        } @else {
            (talks(&campaign.on_the_line.talks, slug, context))
        }
    };
    card_with("lines", "On the line", &end, &body)
}

/// One cell per line: talking, ringing, settling, free; the legend says how many of each.
pub(in crate::pages) fn trunk(lines: Lines) -> Markup {
    let free = lines.max.saturating_sub(lines.talking + lines.ringing + lines.settling);
    let cells = [("talk", lines.talking), ("ring", lines.ringing), ("wrap", lines.settling), ("idle", free)];
    html! {
        @if lines.max <= CELLS_MAX {
            ul.trunk aria-hidden="true" style={ "--cells:" (lines.max.clamp(1, CELLS_IN_ROW)) } {
                @for (state, count) in cells { @for _ in 0..count.min(CELLS_MAX) { li data-s=(state) {} } }
            }
        }
        ul.legend {
            li { span.sw.f-accent {} "Talking" b { (lines.talking) } }
            li { span.sw.f-warn {} "Ringing" b { (lines.ringing) } }
            li { span.sw.f-mute {} "Settling" b { (lines.settling) } }
            li { span.sw.f-free {} "Free" b { (free) } }
        }
    }
}

fn talks(talks: &[Talk], slug: &str, context: &Context) -> Markup {
    let has_words = talks.iter().any(|talk| talk.last_said.is_some());
    let head = html! {
        (column("Lead", None))
        (column(if has_words { "Last said" } else { "Now" }, Some("wide")))
        (number_column("Time"))
        th scope="col" { span.vh { "Open" } }
    };
    table("Conversations", &head, &html! { @for talk in talks { (row(talk, slug, context)) } })
}

fn row(talk: &Talk, slug: &str, context: &Context) -> Markup {
    let since = talk.since.to_zoned(context.zone.clone()).time();
    html! {
        tr id={ "talk-" (talk.call_id) } {
            th scope="row" {
                div.who { (avatar(&talk.lead)) span.two { (talk.lead) small.num { (format::phone(&talk.phone)) } } }
            }
            td.wide.said {
                @match &talk.last_said {
                    Some(said) => { span.muted { (said.by) ": " } (said.text) },
                    None if talk.is_answered => span.muted { "Talking" },
                    None => span.muted { "Ringing" },
                }
            }
            td.r data-since=(talk.since.as_millisecond()) { (format::time_of_day_with_seconds(since)) }
            td.r {
                a.btn.quiet.sm.icon href=(url::call(slug, &talk.call_id)) aria-label={ "Open the call with " (talk.lead) } {
                    (icon("arrow-up-right"))
                }
            }
        }
    }
}
