//! The bar at the left: scope, search, pages, and who one is.

use super::{avatar, icon, organization_mark};
use crate::context::{Audience, Context, Scope, Theme};
use crate::format::thousands;
use crate::url::{self, Section};
use crate::view::OrganizationName;
use crate::words::count;
use maud::{Markup, html};

/// Which entry of the bar a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Of(Section),
    Agents,
    Organizations,
    Accounts,
    Webhooks,
    /// In no entry: search, errors.
    None,
}

pub(crate) fn navigation(context: &Context, place: Place) -> Markup {
    html! {
        nav.nav #nav aria-label="Main" tabindex="-1" {
            (scope(context))
            a.find href="/search" data-palette { (icon("search")) "Search or jump to" kbd aria-hidden="true" { "⌘K" } }
            ul {
                (entry(context, place, Section::Overview, "house", "Overview"))
                (entry(context, place, Section::Campaigns, "megaphone", "Campaigns"))
                (entry(context, place, Section::Calls, "phone", "Calls"))
                (entry(context, place, Section::Leads, "users", "Leads"))
                (entry(context, place, Section::Numbers, "hash", "Numbers"))
                @if let Some(organization) = context.organization() {
                    (link(&url::agents(&organization.slug), "bot", "Agents", place == Place::Agents))
                }
                (attention(context, place))
            }
            @if context.is_agency() {
                h2 { "Agency" }
                ul {
                    (link("/organizations", "building-2", "Organizations", place == Place::Organizations))
                    (link("/accounts", "server", "Accounts", place == Place::Accounts))
                    (link("/webhooks", "webhook", "Webhooks", place == Place::Webhooks))
                }
            }
            div.nav-foot { (me(context)) }
            (menus(context))
        }
    }
}

fn entry(context: &Context, place: Place, section: Section, icon_name: &str, label: &str) -> Markup {
    link(&url::section(context, section), icon_name, label, place == Place::Of(section))
}

fn link(href: &str, icon_name: &str, label: &str, is_current: bool) -> Markup {
    html! { li { a.nav-a href=(href) aria-current=[is_current.then_some("page")] { (icon(icon_name)) (label) } } }
}

/// With the count of what waits, which is part of the link's name.
fn attention(context: &Context, place: Place) -> Markup {
    let is_current = place == Place::Of(Section::Attention);
    html! {
        li {
            a.nav-a href=(url::section(context, Section::Attention)) aria-current=[is_current.then_some("page")] {
                (icon("shield-alert")) "Needs a person"
                @if context.attention > 0 {
                    span.n.warn { (thousands(context.attention)) span.vh { " waiting" } }
                }
            }
        }
    }
}

fn scope(context: &Context) -> Markup {
    match &context.audience {
        Audience::Client { organization } => html! {
            div.org { (organization_mark(&organization.name)) span.grow { b { (organization.name) } } }
        },
        Audience::Agency { agency, scope, organizations_total, .. } => html! {
            button.org type="button" popovertarget="scopes" aria-haspopup="true" {
                @match scope {
                    Scope::All => {
                        span.mark aria-hidden="true" { (logo()) }
                        span.grow {
                            b { "All organizations" }
                            small { (agency) " · " (count(*organizations_total, "client")) }
                        }
                    }
                    Scope::One(organization) => {
                        (organization_mark(&organization.name))
                        span.grow { b { (organization.name) } small { (agency) } }
                    }
                }
                (icon("chevrons-up-down"))
            }
        },
    }
}

fn me(context: &Context) -> Markup {
    html! {
        button.org type="button" popovertarget="me" aria-haspopup="true" {
            (avatar(&context.user.name))
            span.grow { b { (context.user.name) } small { (context.user.role) } }
            (icon("chevrons-up-down"))
        }
    }
}

fn menus(context: &Context) -> Markup {
    html! {
        @if let Audience::Agency { scope, organizations, organizations_total, .. } = &context.audience {
            (scope_menu(context, scope, organizations, *organizations_total))
        }
        div #me popover class="menu" aria-label="You" role="group" {
            form method="post" action="/theme" {
                input type="hidden" name="back" value=(context.path);
                @for (theme, icon_name, label) in
                    [(Theme::Light, "sun", "Light"), (Theme::Dark, "moon", "Dark"), (Theme::System, "monitor", "As the system")]
                {
                    button name="theme" value=(theme.name()) aria-pressed=(context.theme == theme) {
                        (icon(icon_name)) (label)
                        @if context.theme == theme { span.end { (icon("check")) } }
                    }
                }
            }
            hr;
            form method="post" action="/signout" { button { (icon("log-out")) "Sign out" } }
        }
    }
}

/// The switcher keeps the page one is on where the other scope has it too.
fn scope_menu(context: &Context, scope: &Scope, organizations: &[OrganizationName], total: u64) -> Markup {
    let section = section_of_path(&context.path);
    let all = url::section_of_all(section);
    let current = |slug: &str| matches!(scope, Scope::One(one) if one.slug == slug).then_some("true");
    html! {
        div #scopes popover class="menu" aria-label="Organizations" role="group" {
            a href=(all) aria-current=[(*scope == Scope::All).then_some("true")] {
                span.mark aria-hidden="true" { (logo()) } "All organizations"
            }
            hr;
            @for organization in organizations {
                a href=(url::section_of(&organization.slug, section)) aria-current=[current(&organization.slug)] {
                    (organization_mark(&organization.name)) span.trunc { (organization.name) }
                }
            }
            hr;
            a href="/organizations" { (icon("building-2")) "All " (count(total, "organization")) }
        }
    }
}

/// The section that a path shows, in any scope.
fn section_of_path(path: &str) -> Section {
    let path = path.split('?').next().unwrap_or(path);
    let within = match path.strip_prefix("/o/") {
        Some(rest) => rest.split_once('/').map_or("", |(_, page)| page),
        None => path.trim_start_matches('/'),
    };
    match within.split('/').next() {
        Some("campaigns") => Section::Campaigns,
        Some("calls") => Section::Calls,
        Some("leads") => Section::Leads,
        Some("numbers") => Section::Numbers,
        Some("attention") => Section::Attention,
        _ => Section::Overview,
    }
}

pub(crate) fn logo() -> Markup {
    html! {
        svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2.1" stroke-linecap="round" {
            path d="M3 5h14M3 10h4.2c1.6 0 2.3.7 2.8 2.1l.6 1.8c.4 1.2 1 1.6 2.2 1.6H17M12.2 10H17" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_of_a_path_is_the_same_in_any_scope() {
        assert_eq!(section_of_path("/o/northwind/calls?when=1h"), Section::Calls);
        assert_eq!(section_of_path("/calls"), Section::Calls);
        assert_eq!(section_of_path("/o/northwind/campaigns/17"), Section::Campaigns);
        assert_eq!(section_of_path("/o/northwind"), Section::Overview);
        assert_eq!(section_of_path("/webhooks"), Section::Overview);
    }
}
