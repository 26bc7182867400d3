//! The list of leads.

use crate::context::Context;
use crate::view::{LeadRow, Leads, OperatorLeadRow};
use maud::{Markup, html};

pub fn agency(view: &Leads<OperatorLeadRow>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &Leads<LeadRow>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
