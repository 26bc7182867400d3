//! Cards: a titled box.

use maud::{Markup, html};

/// A card whose body has the usual padding. `id` names the card and makes it replaceable.
pub(crate) fn card(id: &str, title: &str, body: &Markup) -> Markup {
    card_with(id, title, &html! {}, &html! { div.body { (body) } })
}

/// A card with something at the end of its head, and a body that brings its own padding.
pub(crate) fn card_with(id: &str, title: &str, end: &Markup, content: &Markup) -> Markup {
    html! {
        section.card id=(id) aria-labelledby={ (id) "-title" } {
            header { h2 id={ (id) "-title" } { (title) } @if !end.0.is_empty() { div.end { (end) } } }
            (content)
        }
    }
}

/// Names and values, one a row.
pub(crate) fn key_values(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl.kv { @for (name, value) in pairs { dt { (name) } dd { (value) } } } }
}
