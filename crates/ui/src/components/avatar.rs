//! Initials in a colour that follows the name.

use maud::{Markup, html};

/// The initials of a person, round.
pub(crate) fn avatar(name: &str) -> Markup {
    html! { span.av.round style={ "--h:" (hue(name)) } aria-hidden="true" { (initials(name)) } }
}

/// The initials of an organization, square.
pub(crate) fn organization_mark(name: &str) -> Markup {
    html! { span.av style={ "--h:" (hue(name)) } aria-hidden="true" { (initials(name)) } }
}

/// A person in a table: initials, name as a link, and a line below.
pub(crate) fn person(name: &str, href: &str, below: &str) -> Markup {
    html! {
        div.who {
            (avatar(name))
            span.two { a.cell href=(href) { (name) } small.num { (below) } }
        }
    }
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next().unwrap_or('·');
    [Some(first), words.next_back()].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Maya Lindqvist"), "ML");
        assert_eq!(initials("Ana María de la Cruz"), "AC");
        assert_eq!(initials("émile"), "É");
        assert_eq!(initials("🙂"), "·");
        assert_eq!(initials(""), "·");
    }

    #[test]
    fn a_name_is_escaped() {
        let markup = person("<b>Ann</b>", "/o/a/leads/1", "+1").into_string();

        assert!(markup.contains("&lt;b&gt;Ann&lt;/b&gt;") && !markup.contains("<b>"));
    }
}
