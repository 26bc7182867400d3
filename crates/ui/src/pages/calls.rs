//! The list of calls.

use crate::context::Context;
use crate::view::{CallDetail, CallRow, Calls, OperatorCallDetail, OperatorCallRow};
use maud::{Markup, html};

pub fn agency(view: &Calls<OperatorCallRow, OperatorCallDetail>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &Calls<CallRow, CallDetail>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
