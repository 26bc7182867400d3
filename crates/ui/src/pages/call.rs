//! One call.

use crate::context::Context;
use crate::view::{CallDetail, OperatorCallDetail};
use maud::{Markup, html};

pub fn agency(view: &OperatorCallDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &CallDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn agency_peek(view: &OperatorCallDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client_peek(view: &CallDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
