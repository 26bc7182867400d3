//! What stands where there is nothing: what would be here, why it is not, one thing to do.

use super::icon;
use maud::{Markup, html};

pub(crate) fn empty(icon_name: &str, title: &str, sentence: &str, action: &Markup) -> Markup {
    html! {
        div.empty {
            (icon(icon_name))
            h2 { (title) }
            p { (sentence) }
            @if !action.0.is_empty() { div.bar { (action) } }
        }
    }
}
