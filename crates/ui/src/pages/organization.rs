//! One organization, for the agency.

use crate::context::Context;
use crate::view::OrganizationDetail;
use maud::{Markup, html};

pub fn page(view: &OrganizationDetail, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
