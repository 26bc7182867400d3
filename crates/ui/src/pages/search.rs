//! What the command palette found.

use crate::context::Context;
use crate::view::SearchResults;
use maud::{Markup, html};

pub fn fragment(view: &SearchResults, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn page(view: &SearchResults, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
