//! The list of organizations.

use crate::context::Context;
use crate::view::Organizations;
use maud::{Markup, html};

pub fn page(view: &Organizations, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
