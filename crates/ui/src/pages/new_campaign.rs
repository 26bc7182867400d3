//! The form of a new campaign.

use crate::context::Context;
use crate::view::NewCampaign;
use maud::{Markup, html};

pub fn page(view: &NewCampaign, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
