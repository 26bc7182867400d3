//! 403, 404 and 500: what happened, what is safe, where to go.

use crate::components::{self, Frame, Place, document, empty};
use crate::context::{Context, Visitor};
use crate::url::{self, Section};
use crate::view::Trouble;
use maud::{Markup, html};

/// `request_id` is what support will ask for.
pub fn page(trouble: Trouble, request_id: &str, context: &Context) -> Markup {
    let (title, _, _) = words(trouble);
    let frame = Frame { title, place: Place::None, above: &[], is_live: false, is_split: false };
    let home = url::section(context, Section::Overview);
    components::page(context, &frame, &draw(trouble, request_id, &home, "Go to the overview"))
}

/// The same for somebody who is not signed in.
pub fn visitor_page(trouble: Trouble, request_id: &str, visitor: &Visitor) -> Markup {
    let (title, _, _) = words(trouble);
    let body = html! { main.lone #main { div.lone-card { (draw(trouble, request_id, "/signin", "Sign in")) } } };
    document(title, visitor.theme, &body)
}

fn draw(trouble: Trouble, request_id: &str, href: &str, action: &str) -> Markup {
    let (title, icon_name, sentence) = words(trouble);
    html! {
        h1.vh { (title) }
        section.card aria-label="What happened" {
            (empty(icon_name, title, sentence, &html! { a.btn.primary href=(href) { (action) } }))
            footer { span { "Request " code { (request_id) } } }
        }
    }
}

fn words(trouble: Trouble) -> (&'static str, &'static str, &'static str) {
    match trouble {
        Trouble::NotFound => {
            ("Nothing is here", "search", "The address is wrong, or what was here is not yours to see.")
        }
        Trouble::Forbidden => {
            ("Not allowed", "lock", "Your role does not include this. Nothing was changed. Ask an owner for the right.")
        }
        Trouble::Internal => (
            "Something went wrong here",
            "triangle-alert",
            "The fault is ours. Nothing was half done: what was not finished was undone. It is worth trying again.",
        ),
    }
}
