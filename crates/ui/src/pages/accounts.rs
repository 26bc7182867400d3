//! Provider accounts and the pools of lines that they share, for the agency.

use crate::components::{
    self, Frame, PauseDialog, Place, badge, card_with, column, empty, icon, meter, moment, number_column, off_story,
    pause_button, resume_form, table,
};
use crate::context::Context;
use crate::url;
use crate::view::{AccountRow, Accounts, PoolRow, Tone};
use crate::words::count;
use maud::{Markup, html};

pub fn page(view: &Accounts, context: &Context) -> Markup {
    let frame = Frame { title: "Accounts", place: Place::Accounts, above: &[], is_live: false, is_split: false };
    let body = html! {
        div.head {
            h1 { "Accounts" }
            div.end { @if context.dialing_paused.is_none() { (stop_all()) } }
        }
        @if view.accounts.is_empty() {
            section.card { (nothing()) }
        } @else {
            div.stack {
                (accounts(view, context))
                (pools(view, context))
            }
        }
    };
    components::page(context, &frame, &body)
}

fn stop_all() -> Markup {
    pause_button(
        &PauseDialog {
            id: "pause-dialing",
            action: "/dialing/pause",
            verb: "Stop all dialing",
            what: "",
            sentence: "Within two seconds no phone of any organization rings any more. Calls in progress go on, and every \
                       lead keeps its place.",
            more: html! {},
            back: Some("/accounts"),
        },
        "btn danger",
        "square",
    )
}

fn nothing() -> Markup {
    let sentence =
        "An account at the provider is what calls are placed with. It is made when Trunkline starts with a key.";
    empty("server", "No accounts yet", sentence, &html! {})
}

fn accounts(view: &Accounts, context: &Context) -> Markup {
    let head = html! {
        (column("Account", None))
        (column("State", None))
        (column("Requests this minute", None))
        (number_column("Unanswered in a row"))
        (number_column("Calls now"))
        (column("Switch", None))
    };
    let rows = html! { @for row in &view.accounts { (account(row, context)) } };
    card_with("accounts", "Provider accounts", &html! { (view.accounts.len()) }, &table("Accounts", &head, &rows))
}

fn account(row: &AccountRow, context: &Context) -> Markup {
    html! {
        tr id={ "account-" (row.id) } {
            th scope="row" { span.two { (row.name) small { "Key …" (row.key_ending) ", pool " (row.pool) } } }
            td { (account_state(row, context)) }
            td.bar-cell {
                span.flex {
                    (meter(&format!("Requests of {} this minute", row.name), row.requests_this_minute.into(),
                        row.requests_per_minute_max.into(), None))
                    span.num.soft { (row.requests_this_minute) " of " (row.requests_per_minute_max) }
                }
            }
            td.r { (row.unknowns_in_a_row) }
            td.r { (row.calls_now) }
            td { (account_switches(row)) }
        }
    }
}

fn account_state(row: &AccountRow, context: &Context) -> Markup {
    let Some(off) = &row.off else { return badge(Tone::Good, "circle-check", "Dials") };
    html! {
        span.two {
            (badge(if off.by.is_some() { Tone::Warn } else { Tone::Bad }, "pause", "Paused"))
            small {
                (off_story(off, context))
                @if row.calls_now > 0 { ". " (count(row.calls_now.into(), "call")) " finishing" }
            }
        }
    }
}

fn account_switches(row: &AccountRow) -> Markup {
    let id = format!("pause-{}", row.id);
    html! {
        div.switches {
            @if row.off.is_some() { (resume_form(&url::steer_account(&row.id, "resume"), "Resume", &row.name)) } @else {
                (pause_button(&PauseDialog {
                    id: &id, action: &url::steer_account(&row.id, "pause"), verb: "Pause", what: &row.name,
                    sentence: "No new call is placed with it. Calls in progress go on; leads wait or are called through another account.",
                    more: html! {}, back: None,
                }, "btn sm", "pause"))
            }
            a.btn.sm.quiet href=(url::steer_account(&row.id, "limits")) { (icon("pencil")) "Pace" span.vh { " of " (row.name) } }
        }
    }
}

fn pools(view: &Accounts, context: &Context) -> Markup {
    let head = html! { (column("Pool", None)) (column("Lines", None)) (column("State", None)) (number_column("Kept for incoming")) (column("Change", None)) };
    let rows = html! { @for row in &view.pools { (pool(row, context)) } };
    card_with("pools", "Line pools", &html! { (view.pools.len()) }, &table("Line pools", &head, &rows))
}

fn pool(row: &PoolRow, context: &Context) -> Markup {
    html! {
        tr id={ "pool-" (row.id) } {
            th scope="row" { (row.name) }
            td.bar-cell {
                span.flex {
                    (meter(&format!("Lines of pool {}", row.name), row.lines_in_use.into(), row.lines_max.into(), None))
                    span.num.soft { (row.lines_in_use) " of " (row.lines_max) }
                }
            }
            td {
                @if let Some(until) = row.cooling_until {
                    span.two {
                        (badge(Tone::Warn, "clock", "No free line"))
                        small { "The provider said so; it is asked again " (moment(until, context)) }
                    }
                } @else if row.lines_in_use >= row.lines_max {
                    (badge(Tone::Warn, "circle-alert", "Full"))
                } @else {
                    (badge(Tone::Good, "circle-check", "Free lines"))
                }
            }
            td.r { (row.inbound_reserve) }
            td { a.btn.sm href=(url::pool_limits(&row.id)) { (icon("pencil")) "Lines" span.vh { " of pool " (row.name) } } }
        }
    }
}
