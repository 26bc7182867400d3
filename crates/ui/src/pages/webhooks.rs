//! What the provider sent, above all what belongs to nobody and what could not be applied.

use crate::components::{
    self, Frame, Place, Stat, ago, column, empty, event_badge, organization_link, pager, select, stats, table, tabs,
    zone_note,
};
use crate::context::Context;
use crate::format::thousands;
use crate::url::with_query;
use crate::view::{Choice, EventCounts, EventRow, EventState, WebhookTab, Webhooks};
use crate::words::count;
use maud::{Markup, html};

const ADDRESS: &str = "/webhooks";
const REPLAY: &str = "/webhooks/replay";

pub fn page(view: &Webhooks, context: &Context) -> Markup {
    let frame = Frame { title: "Webhooks", place: Place::Webhooks, above: &[], is_live: false, is_split: false };
    let links: Vec<_> =
        WebhookTab::ALL.into_iter().map(|tab| (tab_address(tab), tab_label(tab), tab == view.tab)).collect();
    let body = html! {
        div.head {
            div {
                h1 { "Webhooks" }
                div.meta {
                    span { "The provider sends to " code.breaks { (view.address) } }
                    @if let Some(at) = view.last_received_at { span { "Last received " (ago(at, context)) } }
                }
            }
            @if view.counts.set_aside > 0 {
                div.end {
                    form.bar method="post" action=(REPLAY) {
                        (select("hours", Some("Which of those that were set aside"), &spans(view.counts.set_aside), ""))
                        button.btn { "Apply again" }
                    }
                }
            }
        }
        (stats("numbers", &numbers(view.counts)))
        (tabs("Webhooks by state", &links))
        section.card aria-label="List of webhooks" {
            @if view.rows.is_empty() {
                (nothing(view))
            } @else {
                (table("Webhooks", &head(), &html! { @for row in &view.rows { (draw_row(row, context)) } }))
                footer { (zone_note(context)) (pager(&view.pager, &tab_address(view.tab))) }
            }
        }
    };
    components::page(context, &frame, &body)
}

/// Which of those that were set aside may be chosen, by the hours since they came.
fn spans(set_aside: u64) -> [Choice; 4] {
    let all = format!("All {}", count(set_aside, "webhook"));
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    [
        choice("", &all),
        choice("1", "Of the last hour"),
        choice("24", "Of the last 24 hours"),
        choice("168", "Of the last 7 days"),
    ]
}

fn numbers(counts: EventCounts) -> Vec<Stat> {
    let day = || html! { "in 24 hours" };
    vec![
        Stat::new("Kept", thousands(counts.kept)).below(day()),
        Stat::new("Applied", thousands(counts.applied)).below(day()),
        Stat::new("Waiting", thousands(counts.waiting)).below(html! { "to be applied" }),
        Stat::new("Unattributed", thousands(counts.unattributed)).below(html! { "belong to nobody we know" }),
        Stat::new("Set aside", thousands(counts.set_aside)).below(html! { "could not be applied" }),
        Stat::new("Refused", thousands(counts.refused)).below(html! { "wrong secret, in 24 hours" }),
    ]
}

fn tab_address(tab: WebhookTab) -> String {
    match tab {
        WebhookTab::NeedsYou => ADDRESS.to_owned(),
        tab => with_query(ADDRESS, &[("state", tab.name())]),
    }
}

fn tab_label(tab: WebhookTab) -> &'static str {
    match tab {
        WebhookTab::NeedsYou => "Needs you",
        WebhookTab::Unattributed => "Unattributed",
        WebhookTab::SetAside => "Set aside",
        WebhookTab::All => "All",
    }
}

fn nothing(view: &Webhooks) -> Markup {
    if view.last_received_at.is_none() {
        let sentence = format!("The provider has sent nothing yet. Give it this address: {}", view.address);
        return empty("webhook", "No webhooks yet", &sentence, &html! {});
    }
    let all = html! { a.btn href=(tab_address(WebhookTab::All)) { "All webhooks" } };
    empty("circle-check", "Nothing here", "Every webhook found its organization and was applied.", &all)
}

fn head() -> Markup {
    html! {
        (column("Received", None))
        (column("Type", None))
        (column("State", None))
        (column("Organization", None))
        (column("Account", Some("wide")))
        (column("Why", None))
    }
}

fn draw_row(row: &EventRow, context: &Context) -> Markup {
    html! {
        tr id={ "event-" (row.id) } {
            td.num.soft { (ago(row.received_at, context)) }
            th scope="row" { span.two { code { (row.kind) } small.mono { (row.id) } } }
            td { (event_badge(row.state)) }
            td { @match &row.organization { Some(organization) => (organization_link(organization)), None => span.muted { "–" } } }
            td.wide.soft { (row.provider_account) }
            td.reason {
                @match &row.reason { Some(reason) => (reason), None => span.muted { "–" } }
                @if row.state == EventState::SetAside {
                    form method="post" action=(REPLAY) {
                        input type="hidden" name="event" value=(row.id);
                        button.btn.sm { "Apply again" span.vh { " " (row.kind) " of " (row.id) } }
                    }
                }
            }
        }
    }
}
