//! The command palette: what one can do, where one can go, and what a search finds.

use super::icon;
use crate::context::{Context, Right};
use crate::url::{self, Section};
use crate::view::{SearchGroup, SearchKind};
use maud::{Markup, html};

/// The dialog, closed. Its search is answered by the server into `#palette-found`.
pub(crate) fn palette(context: &Context) -> Markup {
    html! {
        dialog.palette #palette aria-label="Search and commands" {
            form method="get" action="/search" {
                (icon("search"))
                input type="text" name="q" placeholder="Search by name or phone, or type a command" role="combobox"
                    aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-label="Search"
                    autocomplete="off" spellcheck="false" maxlength="100"
                    hx-get="/search" hx-trigger="input changed delay:120ms" hx-target="#palette-found"
                    hx-include="this" hx-swap="innerHTML";
            }
            div.options #palette-list role="listbox" aria-label="Results" {
                div #palette-found {}
                (commands(context))
            }
            footer aria-hidden="true" {
                span { kbd { "↑" } kbd { "↓" } "move" }
                span { kbd { "↵" } "open" }
                span { kbd { "esc" } "close" }
            }
        }
    }
}

/// What a search found, as options of the palette's list.
pub(crate) fn hits(groups: &[SearchGroup]) -> Markup {
    html! {
        @for group in groups {
            div role="group" aria-label=(group_name(group.kind)) {
                h3 aria-hidden="true" { (group_name(group.kind)) }
                @for hit in &group.hits {
                    (option(group_icon(group.kind), &hit.title, &hit.detail, &hit.href, &[]))
                }
            }
        }
    }
}

pub(crate) fn group_name(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Organizations => "Organizations",
        SearchKind::Campaigns => "Campaigns",
        SearchKind::Leads => "Leads",
        SearchKind::Calls => "Calls",
    }
}

fn group_icon(kind: SearchKind) -> &'static str {
    match kind {
        SearchKind::Organizations => "building-2",
        SearchKind::Campaigns => "megaphone",
        SearchKind::Leads => "user-round",
        SearchKind::Calls => "phone",
    }
}

fn commands(context: &Context) -> Markup {
    let organization = context.organization();
    let may_create = organization.filter(|_| context.can(Right::CreateCampaigns));
    let may_import = organization.filter(|_| context.can(Right::ImportLeads));
    let go = |section| url::section(context, section);
    html! {
        @if may_create.is_some() || may_import.is_some() {
            div role="group" aria-label="Actions" data-commands {
                h3 aria-hidden="true" { "Actions" }
                @if let Some(one) = may_create { (option("plus", "New campaign", "", &url::new_campaign(&one.slug), &["C"])) }
                @if let Some(one) = may_import { (option("upload", "Import leads", "", &url::import(&one.slug), &["I"])) }
            }
        }
        div role="group" aria-label="Go to" data-commands {
            h3 aria-hidden="true" { "Go to" }
            (option("house", "Overview", "", &go(Section::Overview), &["G", "O"]))
            (option("megaphone", "Campaigns", "", &go(Section::Campaigns), &["G", "P"]))
            (option("phone", "Calls", "", &go(Section::Calls), &["G", "C"]))
            (option("users", "Leads", "", &go(Section::Leads), &["G", "L"]))
            (option("hash", "Numbers", "", &go(Section::Numbers), &["G", "N"]))
            (option("shield-alert", "Needs a person", "", &go(Section::Attention), &["G", "T"]))
            @if context.is_agency() {
                (option("building-2", "Organizations", "", "/organizations", &["G", "R"]))
                (option("server", "Accounts", "", "/accounts", &["G", "A"]))
                (option("webhook", "Webhooks", "", "/webhooks", &["G", "W"]))
            }
        }
    }
}

/// `keys` are the keys that lead there without the palette; the script reads them here.
fn option(icon_name: &str, title: &str, detail: &str, href: &str, keys: &[&str]) -> Markup {
    let shortcut = (!keys.is_empty()).then(|| keys.join(" ").to_lowercase());
    html! {
        div.option role="option" aria-selected="false" data-href=(href) data-shortcut=[shortcut] {
            (icon(icon_name))
            span.trunc { (title) }
            @if !detail.is_empty() { small.trunc { (detail) } }
            @if !keys.is_empty() { span.end aria-hidden="true" { @for key in keys { kbd { (key) } } } }
        }
    }
}
