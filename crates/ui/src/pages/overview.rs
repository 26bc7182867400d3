//! The first page.

use crate::context::Context;
use crate::view::{AgencyOverview, ClientOverview};
use maud::{Markup, html};

pub fn agency(view: &AgencyOverview, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &ClientOverview, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
