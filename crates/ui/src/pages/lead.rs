//! One lead.

use crate::context::Context;
use crate::view::LeadDetail;
use maud::{Markup, html};

pub fn page(view: &LeadDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
