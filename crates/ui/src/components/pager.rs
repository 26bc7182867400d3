//! Newer and older rows. There are no page numbers: rows arrive while one reads.

use super::icon;
use crate::format::thousands;
use crate::url::with_query;
use crate::view::{Pager, Total};
use maud::{Markup, html};

/// `address` is that of the list with its filters, without a cursor.
pub(crate) fn pager(pager: &Pager, address: &str) -> Markup {
    let newer = html! { (icon("chevron-left")) "Newer" };
    let older = html! { "Older" (icon("chevron-right")) };
    html! {
        nav.pager aria-label="Rows" {
            (step(pager.newer.as_deref().map(|cursor| with_query(address, &[("newer", cursor)])), "prev", &newer))
            (step(pager.older.as_deref().map(|cursor| with_query(address, &[("older", cursor)])), "next", &older))
        }
    }
}

fn step(href: Option<String>, rel: &str, content: &Markup) -> Markup {
    html! {
        @match href {
            Some(href) => a.btn.sm href=(href) rel=(rel) { (content) },
            None => span.btn.sm aria-disabled="true" { (content) },
        }
    }
}

/// `2,226 calls`, `10,000+ calls`.
pub(crate) fn total(total: Total, noun: &str) -> String {
    match total {
        Total::Exactly(number) => crate::words::count(number, noun),
        Total::MoreThan(number) => format!("{}+ {noun}s", thousands(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_neighbours_has_no_links() {
        assert!(!pager(&Pager::default(), "/calls").0.contains("href=\"/calls"));
    }

    #[test]
    fn a_cursor_keeps_the_filters() {
        let markup = pager(&Pager { newer: None, older: Some("17+a".into()) }, "/calls?when=24h");

        assert!(markup.0.contains("/calls?when=24h&amp;older=17%2Ba"));
    }

    #[test]
    fn totals_beyond_the_bound_are_open() {
        assert_eq!(total(Total::Exactly(1), "call"), "1 call");
        assert_eq!(total(Total::MoreThan(10_000), "call"), "10,000+ calls");
    }
}
