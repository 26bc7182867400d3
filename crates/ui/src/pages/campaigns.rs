//! The list of campaigns.

use crate::context::Context;
use crate::view::{CampaignRow, Campaigns, OperatorCampaignRow};
use maud::{Markup, html};

pub fn agency(view: &Campaigns<OperatorCampaignRow>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &Campaigns<CampaignRow>, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}
