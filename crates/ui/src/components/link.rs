//! Links that stand on many pages.

use super::organization_mark;
use crate::url;
use crate::view::OrganizationName;
use maud::{Markup, html};

pub(crate) fn organization_link(organization: &OrganizationName) -> Markup {
    html! {
        a.org-link href=(url::organization(&organization.slug)) {
            (organization_mark(&organization.name)) (organization.name)
        }
    }
}

/// The same where a row leads elsewhere: plain words.
pub(crate) fn organization_name(organization: &OrganizationName) -> Markup {
    html! { span.org-link { (organization_mark(&organization.name)) (organization.name) } }
}

pub(crate) fn campaign_link(slug: &str, id: &str, name: &str) -> Markup {
    html! { a.link href=(url::campaign(slug, id)) { (name) } }
}

/// Views of one list, each with an address: address, label and whether it is this one.
pub(crate) fn tabs(label: &str, tabs: &[(String, &str, bool)]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for (href, text, is_current) in tabs {
                a href=(href) aria-current=[is_current.then_some("page")] { (text) }
            }
        }
    }
}
