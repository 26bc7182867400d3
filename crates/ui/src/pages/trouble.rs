//! 403, 404 and 500.

use crate::context::{Context, Visitor};
use crate::view::Trouble;
use maud::{Markup, html};

/// `request_id` is what support will ask for.
pub fn page(trouble: Trouble, request_id: &str, context: &Context) -> Markup {
    let _ = (trouble, request_id, context);
    html! {}
}

/// The same for somebody who is not signed in.
pub fn visitor_page(trouble: Trouble, request_id: &str, visitor: &Visitor) -> Markup {
    let _ = (trouble, request_id, visitor);
    html! {}
}
