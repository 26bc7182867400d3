//! Why something is or is not called: the sentence, and how it was decided.

use super::icon;
use crate::view::{FactGroup, Why, WhyStanding};
use maud::{Markup, html};

/// The sentence in a box, the facts behind it to be opened, and the way to its page.
pub(crate) fn why(view: &Why) -> Markup {
    let more = html! {
        @if !view.facts.is_empty() {
            details.how {
                summary { "How was this decided?" }
                @for group in &view.facts { (facts(group)) }
            }
        }
        p.more { a href=(view.page) { "Ask for another time" } }
    };
    told(view, &more)
}

/// The sentence in a box, and no more.
pub(crate) fn why_alone(view: &Why) -> Markup {
    told(view, &html! {})
}

fn told(view: &Why, more: &Markup) -> Markup {
    let (tone, icon_name, title) = match view.standing {
        WhyStanding::UnderWay => ("accent", "phone-call", "Under way"),
        WhyStanding::Due => ("good", "circle-check", "Nothing stands against it"),
        WhyStanding::Waits => ("warn", "clock", "Not now"),
        WhyStanding::Blocked => ("warn", "circle-alert", "Somebody has to change something"),
        WhyStanding::Never => ("", "ban", "Not any more"),
    };
    html! {
        div class={ "alert " (tone) } #why {
            (icon(icon_name))
            div {
                b { (title) }
                p { (view.sentence) }
                (more)
            }
        }
    }
}

/// What was decided about one thing.
pub(crate) fn facts(group: &FactGroup) -> Markup {
    html! {
        table.facts {
            caption { (group.title) }
            tbody {
                @for (name, value) in &group.rows { tr { th scope="row" { (name) } td { (value) } } }
                @if group.rows.is_empty() { tr { td { "None" } } }
            }
        }
    }
}
