//! What a search found: inside the command palette, and as a page for those without the script.

use crate::components::{self, Frame, Place, card_with, empty, group_name, hits, icon};
use crate::context::Context;
use crate::view::{SearchGroup, SearchResults};
use maud::{Markup, html};

/// The answer to the palette: a request with the header `HX-Request`.
pub fn fragment(view: &SearchResults) -> Markup {
    html! {
        (hits(&view.groups))
        @if view.groups.is_empty() && !view.q.is_empty() { p.note.pad role="status" { "Nothing found for “" (view.q) "”." } }
    }
}

pub fn page(view: &SearchResults, context: &Context) -> Markup {
    let frame = Frame { title: "Search", place: Place::None, above: &[], is_live: false, is_split: false };
    let body = html! {
        div.head { h1 { "Search" } }
        form.bar role="search" action="/search" method="get" {
            label.field.search {
                (icon("search"))
                span.vh { "Search" }
                input type="search" name="q" value=(view.q) placeholder="Name or phone" maxlength="100" autofocus;
            }
            button.btn.primary { "Search" }
        }
        @if view.groups.is_empty() && !view.q.is_empty() {
            section.card aria-label="Results" { (empty("search", "Nothing found", "Look for a name, or for a part of a phone number.", &html! {})) }
        }
        @for group in &view.groups { (draw_group(group)) }
    };
    components::page(context, &frame, &body)
}

fn draw_group(group: &SearchGroup) -> Markup {
    let list = html! {
        ul.found { @for hit in &group.hits {
            li { a.b href=(hit.href) { (hit.title) } " " span.muted { (hit.detail) } }
        } }
    };
    let name = group_name(group.kind);
    card_with(&name.to_lowercase(), name, &html! {}, &list)
}
