//! Tables that scroll sideways by themselves, never the page.

use maud::{Markup, html};

/// A table with its head. `label` says what the rows are.
pub(crate) fn table(label: &str, head: &Markup, rows: &Markup) -> Markup {
    html! {
        div.tbl-wrap role="group" aria-label=(label) tabindex="0" {
            table.tbl { thead { tr { (head) } } tbody { (rows) } }
        }
    }
}

/// A column's head. `class` may be `wide`: the column goes first when room is short.
pub(crate) fn column(name: &str, class: Option<&str>) -> Markup {
    html! { th scope="col" class=[class] { (name) } }
}

pub(crate) fn number_column(name: &str) -> Markup {
    html! { th.r scope="col" { (name) } }
}
