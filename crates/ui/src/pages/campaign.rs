//! One campaign, live.

use crate::context::Context;
use crate::stream::Fragment;
use crate::view::{ClientCampaign, OperatorCampaign};
use maud::{Markup, html};

pub fn agency(view: &OperatorCampaign, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

pub fn client(view: &ClientCampaign, context: &Context) -> Markup {
    let _ = (view, context);
    html! {}
}

/// The pieces of the page that change, for the stream.
pub fn agency_fragments(view: &OperatorCampaign, context: &Context) -> Vec<Fragment> {
    let _ = (view, context);
    Vec::new()
}

/// The pieces of the page that change, for the stream.
pub fn client_fragments(view: &ClientCampaign, context: &Context) -> Vec<Fragment> {
    let _ = (view, context);
    Vec::new()
}
