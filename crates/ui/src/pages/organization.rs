//! One organization as the agency sees it: its day, its campaigns, and what it is made of.

use super::campaign::{limit_row, operator_label};
use super::campaigns;
use crate::charts::sparkline;
use crate::components::{
    self, Frame, Place, Stat, ago, badge, card_with, column, icon, number_column, stats, table, why,
};
use crate::context::{Context, Right};
use crate::format::{self, dollars, percent, thousands};
use crate::url::{self, Section};
use crate::view::{AgentRow, NumberRow, OrganizationDetail, Tone, UserRow};
use crate::words::count;
use maud::{Markup, html};

pub fn page(view: &OrganizationDetail, context: &Context) -> Markup {
    let organization = &view.row.organization;
    let frame = Frame {
        title: &organization.name,
        place: Place::Of(Section::Overview),
        above: &[("/organizations".to_owned(), "Organizations")],
        is_live: true,
        is_split: false,
    };
    let body = html! {
        div.stack #organization hx-get=(context.path) hx-trigger="every 5s" hx-select="#organization" hx-swap="outerMorph" {
            (head(view, context))
            (stats("numbers", &numbers(view)))
            (why(&view.why))
            div.cols {
                div.stack {
                    (campaign_card(view, context))
                    (agents(&view.agents))
                    (phone_numbers(&view.numbers, &view.row.organization.slug))
                }
                div.stack {
                    (limits(view))
                    (users(&view.users, context))
                }
            }
        }
    };
    components::page(context, &frame, &body)
}

fn head(view: &OrganizationDetail, context: &Context) -> Markup {
    let slug = &view.row.organization.slug;
    let since = view.since.to_zoned(context.zone.clone());
    html! {
        div.head {
            div {
                h1 { (view.row.organization.name) }
                div.meta {
                    span { (icon("globe")) (view.zone) }
                    span { (icon("users")) (count(view.leads, "lead")) }
                    span { (icon("clock")) "Since " (format::day(&since)) " " (since.year()) }
                }
            }
            div.end {
                a.btn href=(url::limits(slug)) { (icon("settings")) "Limits" }
                @if context.can(Right::ImportLeads) { a.btn href=(url::import(slug)) { (icon("upload")) "Import leads" } }
                @if context.can(Right::CreateCampaigns) {
                    a.btn.primary href=(url::new_campaign(slug)) { (icon("plus")) "New campaign" }
                }
            }
        }
    }
}

fn numbers(view: &OrganizationDetail) -> Vec<Stat> {
    let row = &view.row;
    vec![
        Stat::new("Lines in use", row.lines_in_use.to_string()).unit(format!("of {}", row.lines_max)),
        Stat::new("Campaigns running", row.campaigns_running.to_string()),
        Stat::new("Calls today", thousands(row.calls_today)).below(sparkline(&row.calls_by_day)),
        Stat::new("Picked up", percent(row.answered_today, row.calls_today))
            .below(html! { (count(row.answered_today, "conversation")) }),
        Stat::new("Spend today", dollars(row.spend_today)),
    ]
}

fn campaign_card(view: &OrganizationDetail, context: &Context) -> Markup {
    let all = html! { a.link href=(url::section(context, Section::Campaigns)) { "All campaigns" } };
    let rows = campaigns::rows(&view.campaigns, &view.row.organization.slug);
    let body = html! {
        @if view.campaigns.is_empty() {
            p.note.pad { "No campaigns yet." }
        } @else {
            (table("Campaigns", &campaigns::head(false), &rows))
        }
    };
    card_with("campaigns", "Campaigns", &all, &body)
}

fn agents(agents: &[AgentRow]) -> Markup {
    let head = html! {
        (column("Agent", None))
        (column("Deployed to", None))
        (number_column("Lines"))
        (number_column("Calls today"))
        (number_column("Picked up"))
    };
    let rows = html! { @for agent in agents {
        tr {
            th scope="row" { span.flex { (icon("bot")) (agent.name) } }
            td.soft {
                @if agent.accounts.is_empty() { (badge(Tone::Warn, "circle-alert", "Nowhere")) } @else { (agent.accounts.join(", ")) }
            }
            td.r { @match agent.lines_max { Some(max) => { "up to " (max) }, None => span.muted { "–" } } }
            td.r { (thousands(agent.calls_today)) }
            td.r { (percent(agent.answered_today, agent.calls_today)) }
        }
    } };
    card_with("agents", "Agents", &html! { (agents.len()) }, &table("Agents", &head, &rows))
}

fn phone_numbers(numbers: &[NumberRow], slug: &str) -> Markup {
    let head = html! {
        (column("Phone number", None))
        (column("Account", None))
        (column("State", None))
        (number_column("Calls today"))
    };
    let rows = html! { @for number in numbers {
        tr {
            th.num scope="row" { (format::phone(&number.phone)) }
            td.soft { (number.account) }
            td { (number_state(number)) " " a.link href=(url::why_number(slug, &number.phone)) aria-label={ "Why " (format::phone(&number.phone)) " calls or not" } { "Why?" } }
            td.r { (number.calls_today) span.muted { " of " (number.calls_a_day_max) } }
        }
    } };
    card_with("phone-numbers", "Phone numbers", &html! { (numbers.len()) }, &table("Phone numbers", &head, &rows))
}

fn number_state(number: &NumberRow) -> Markup {
    if !number.in_use {
        badge(Tone::Mute, "pause", "Out of use")
    } else if number.calls_today >= number.calls_a_day_max {
        badge(Tone::Warn, "clock", "Rests until tomorrow")
    } else {
        badge(Tone::Good, "circle-check", "In use")
    }
}

fn limits(view: &OrganizationDetail) -> Markup {
    let list = html! {
        ul.limits { @for limit in &view.limits { li { (limit_row(&operator_label(&limit.kind), limit, None)) } } }
    };
    card_with("limits", "Limits", &html! {}, &list)
}

fn users(users: &[UserRow], context: &Context) -> Markup {
    let head = html! { (column("User", None)) (column("Role", None)) (column("Last seen", None)) };
    let rows = html! { @for user in users {
        tr {
            th scope="row" { span.two { (user.name) small { (user.email) } } }
            td.soft { (user.role) }
            td.soft { @match user.last_seen_at { Some(at) => (ago(at, context)), None => span.muted { "Never" } } }
        }
    } };
    card_with("users", "Users", &html! { (users.len()) }, &table("Users", &head, &rows))
}
