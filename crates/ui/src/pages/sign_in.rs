//! Signing in.

use crate::context::Visitor;
use crate::view::SignIn;
use maud::{Markup, html};

pub fn page(view: &SignIn, visitor: &Visitor) -> Markup {
    let _ = (view, visitor);
    html! {}
}
