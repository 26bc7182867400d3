//! Importing leads.

use crate::context::Context;
use crate::view::{ImportForm, ImportResult};
use maud::{Markup, html};

pub fn form(view: &ImportForm, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn result(view: &ImportResult, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
