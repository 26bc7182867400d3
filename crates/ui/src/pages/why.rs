//! Why something is or is not called, on a page of its own.

use crate::components::{self, Frame, Place, card, key_values, moment, why};
use crate::context::Context;
use crate::url::{self, Section};
use crate::view::WhyPage;
use maud::{Markup, html};

pub fn page(view: &WhyPage, context: &Context) -> Markup {
    let frame = Frame {
        title: &view.title,
        place: Place::Of(Section::Overview),
        above: &[(url::section(context, Section::Overview), "Overview")],
        is_live: false,
        is_split: false,
    };
    let campaigns: Vec<(&str, Markup)> =
        view.campaigns.iter().map(|(name, sentence)| (name.as_str(), html! { (sentence) })).collect();
    let body = html! {
        div.head {
            div {
                h1 { (view.title) }
                div.meta { span { "As of " (moment(view.asked_at, context)) } }
            }
        }
        div.stack {
            (why(&view.answer))
            @if campaigns.len() > 1 { (card("campaigns", "In each campaign", &key_values(&campaigns))) }
        }
    };
    components::page(context, &frame, &body)
}
