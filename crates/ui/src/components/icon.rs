//! Icons, from the one sprite.

use crate::asset_url;
use maud::{Markup, html};

/// An icon beside words; it is silent. Its name is one of `web/icons.txt`.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg.i aria-hidden="true" { use href={ (asset_url("icons.svg")) "#" (name) } {} } }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_icon_that_is_drawn_is_in_the_sprite() {
        let known: Vec<&str> = include_str!("../../web/icons.txt").split_whitespace().collect();
        let sources = concat!(
            include_str!("badge.rs"),
            include_str!("why.rs"),
            include_str!("navigation.rs"),
            include_str!("pager.rs"),
            include_str!("palette.rs"),
            include_str!("player.rs"),
            include_str!("shell.rs"),
            include_str!("transcript.rs"),
        );

        for call in sources.split("icon(\"").skip(1) {
            let name = call.split('"').next().unwrap();
            assert!(known.contains(&name), "{name} is not in icons.txt");
        }
    }
}
