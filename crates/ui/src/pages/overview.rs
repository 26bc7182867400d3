//! The first page: what goes on, and what needs a person.

use super::campaign::trunk;
use super::{calls, campaigns, organizations};
use crate::charts::volume;
use crate::components::{self, Frame, Place, Stat, card, card_with, dot, empty, icon, stats, table, why, zone_note};
use crate::context::{Context, Right};
use crate::format::{dollars, percent, thousands};
use crate::url::{self, Section};
use crate::view::{AgencyOverview, ClientOverview, LinePoolUse, Need, Today};
use crate::words::count;
use maud::{Markup, html};
use rust_decimal::Decimal;

pub fn agency(view: &AgencyOverview, context: &Context) -> Markup {
    let organizations = html! {
        (table("Organizations", &organizations::head(), &organizations::rows(&view.organizations)))
        footer {
            (zone_note(context))
            a.link.push href="/organizations" { "All " (count(view.organizations_total, "organization")) }
        }
    };
    let body = html! {
        div.head { h1 { "Overview" } }
        (stats("numbers", &agency_numbers(view)))
        div.cols {
            div.stack {
                (volume_card(&view.today, context))
                (card_with("organizations", "Most active organizations", &html! {}, &organizations))
            }
            div.stack {
                (needs(&view.needs))
                @for pool in &view.pools { (pool_card(pool)) }
            }
        }
    };
    draw(&body, context)
}

pub fn client(view: &ClientOverview, context: &Context) -> Markup {
    let slug = context.organization().map_or("", |organization| &organization.slug);
    let body = html! {
        div.head { h1 { "Overview" } div.end { (client_actions(slug, context)) } }
        (stats("numbers", &client_numbers(view)))
        (why(&view.why))
        div.cols {
            div.stack {
                (volume_card(&view.today, context))
                (running(view, slug, context))
                (latest(view, slug, context))
            }
            div.stack { (card("lines", "On the line", &trunk(view.lines))) }
        }
    };
    draw(&body, context)
}

fn draw(body: &Markup, context: &Context) -> Markup {
    let frame =
        Frame { title: "Overview", place: Place::Of(Section::Overview), above: &[], is_live: true, is_split: false };
    let body = html! {
        div.stack #overview hx-get=(context.path) hx-trigger="every 5s" hx-select="#overview" hx-swap="outerMorph" {
            (body)
        }
    };
    components::page(context, &frame, &body)
}

fn agency_numbers(view: &AgencyOverview) -> Vec<Stat> {
    let used: u32 = view.pools.iter().map(|pool| pool.lines.talking + pool.lines.ringing + pool.lines.settling).sum();
    let max: u32 = view.pools.iter().map(|pool| pool.lines.max).sum();
    let mut numbers =
        vec![Stat::new("Lines in use", thousands(used.into())).unit(format!("of {}", thousands(max.into())))];
    numbers.extend(day_numbers(&view.today));
    numbers.push(Stat::new("Spend today", dollars(view.spend_today)).below(against_spend(view)));
    numbers.push(Stat::new("Campaigns running", thousands(view.campaigns_running)));
    numbers
}

fn client_numbers(view: &ClientOverview) -> Vec<Stat> {
    let mut numbers = day_numbers(&view.today);
    numbers
        .push(Stat::new("Leads to call", thousands(view.leads_to_call)).unit(format!("of {}", thousands(view.leads))));
    numbers
}

fn day_numbers(today: &Today) -> Vec<Stat> {
    vec![
        Stat::new("Calls today", thousands(today.calls))
            .below(against(today.calls, today.last_week.map(|week| week.calls))),
        Stat::new("Picked up", percent(today.answered, today.calls))
            .below(html! { (count(today.answered, "conversation")) }),
        Stat::new("Goal met", thousands(today.goals_met))
            .below(html! { (percent(today.goals_met, today.answered)) " of pick-ups" }),
    ]
}

/// The difference to the same hours of last week, in words and not only by colour.
fn against(now: u64, before: Option<u64>) -> Markup {
    let Some(before) = before.filter(|before| *before > 0) else {
        return html! {};
    };
    let (sign, class) = if now >= before { ("+", "up") } else { ("−", "down") };
    html! { span class=(class) { (sign) (percent(now.abs_diff(before), before)) } " on last week" }
}

fn against_spend(view: &AgencyOverview) -> Markup {
    let Some(before) = view.spend_last_week.filter(|before| *before > Decimal::ZERO) else {
        return html! {};
    };
    html! { (dollars(before)) " by now last week" }
}

fn volume_card(today: &Today, context: &Context) -> Markup {
    let legend = html! {
        span.flex { span.sw.f-accent {} "Answered" }
        span.flex { span.sw.f-mute {} "Not reached" }
        span.flex { span.sw.f-bad {} "Failed" }
    };
    let body = html! {
        @if today.by_hour.is_empty() {
            p.note.pad { "Calls of today appear here." }
        } @else {
            div.body { (volume(&today.by_hour, context)) }
        }
    };
    card_with("volume", "Calls today", &legend, &body)
}

fn needs(needs: &[Need]) -> Markup {
    let body = html! {
        @if needs.is_empty() {
            p.note.pad { "Nothing waits for you." }
        } @else {
            ul.needs { @for need in needs {
                li {
                    (dot(need.tone))
                    div { b { (need.title) } p.note { (need.detail) } a.link href=(need.href) { (need.action) } }
                }
            } }
        }
    };
    card_with("needs", "Needs you", &html! { @if !needs.is_empty() { (needs.len()) } }, &body)
}

fn pool_card(pool: &LinePoolUse) -> Markup {
    let end = html! { span.num { (pool.lines.max) " lines" } };
    let body = html! { div.body { (trunk(pool.lines)) p.note { "Shared by " (pool.accounts.join(", ")) } } };
    let title = format!("Pool {}", pool.name);
    card_with(&format!("pool-{}", slug_of(&pool.name)), &title, &end, &body)
}

/// A pool's name as part of an id.
fn slug_of(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect()
}

fn running(view: &ClientOverview, slug: &str, context: &Context) -> Markup {
    let body = html! {
        @if view.campaigns.is_empty() {
            (empty("megaphone", "No campaign is running", "A campaign calls a list of leads with one agent.", &html! {}))
        } @else {
            (table("Running campaigns", &campaigns::head(false), &campaigns::rows(&view.campaigns, slug)))
        }
    };
    let all = html! { a.link href=(url::section(context, Section::Campaigns)) { "All campaigns" } };
    card_with("campaigns", "Running campaigns", &all, &body)
}

fn latest(view: &ClientOverview, slug: &str, context: &Context) -> Markup {
    let body = html! {
        @if view.latest_calls.is_empty() {
            p.note.pad { "Calls appear here seconds after they begin." }
        } @else {
            (calls::short_table(&view.latest_calls, slug, context))
        }
    };
    let all = html! { a.link href=(url::section(context, Section::Calls)) { "All calls" } };
    card_with("latest", "Latest calls", &all, &body)
}

fn client_actions(slug: &str, context: &Context) -> Markup {
    html! {
        @if context.can(Right::ImportLeads) { a.btn href=(url::import(slug)) { (icon("upload")) "Import leads" } }
        @if context.can(Right::CreateCampaigns) {
            a.btn.primary href=(url::new_campaign(slug)) { (icon("plus")) "New campaign" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_to_last_week_has_a_sign() {
        assert!(against(110, Some(100)).0.contains("+10.0%"));
        assert!(against(90, Some(100)).0.contains("−10.0%"));
        assert!(against(90, Some(0)).0.is_empty() && against(90, None).0.is_empty());
    }
}
