//! Pieces of a page on their way through a stream: only those that changed since the last message.

use maud::{Markup, html};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A piece of a page that can be replaced by itself. The markup's root carries the id.
pub struct Fragment {
    pub id: &'static str,
    pub markup: Markup,
}

/// What one stream has sent so far. A new connection starts with an empty one and so gets everything.
#[derive(Debug, Default)]
pub struct Sent {
    hashes: HashMap<&'static str, u64>,
}

impl Sent {
    /// The data of the next message, or nothing if every fragment is as it was sent last.
    ///
    /// It goes out as an unnamed event: htmx turns named ones into DOM events and does not swap them.
    pub fn changed(&mut self, fragments: Vec<Fragment>) -> Option<String> {
        let mut message = String::new();
        for Fragment { id, markup } in fragments {
            let mut hasher = DefaultHasher::new();
            markup.0.hash(&mut hasher);
            let hash = hasher.finish();
            if self.hashes.insert(id, hash) != Some(hash) {
                message.push_str(&partial(id, &markup).0);
            }
        }
        (!message.is_empty()).then_some(message)
    }
}

fn partial(id: &str, markup: &Markup) -> Markup {
    html! { hx-partial hx-target={ "#" (id) } hx-swap="outerMorph" { (markup) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(number: u32) -> Vec<Fragment> {
        vec![
            Fragment { id: "same", markup: html! { p #same { "as it was" } } },
            Fragment { id: "count", markup: html! { p #count { (number) } } },
        ]
    }

    #[test]
    fn the_first_message_has_everything() {
        let message = Sent::default().changed(fragments(1)).unwrap();

        assert!(message.contains("#same") && message.contains("#count"));
    }

    #[test]
    fn later_messages_have_only_what_changed() {
        let mut sent = Sent::default();
        sent.changed(fragments(1));

        assert_eq!(sent.changed(fragments(1)), None);
        assert_eq!(
            sent.changed(fragments(2)).unwrap(),
            r##"<hx-partial hx-target="#count" hx-swap="outerMorph"><p id="count">2</p></hx-partial>"##
        );
    }
}
