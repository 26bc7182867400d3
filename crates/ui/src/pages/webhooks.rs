//! What the provider sent.

use crate::context::Context;
use crate::view::Webhooks;
use maud::{Markup, html};

pub fn page(view: &Webhooks, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
