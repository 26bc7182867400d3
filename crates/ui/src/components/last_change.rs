//! How a form was changed last, and the way back.

use super::{ago, card, icon};
use crate::context::Context;
use crate::view::LastChange;
use maud::{Markup, html};

/// A card beside the form. What was before is posted to the form's own address, so taking it back is a change as any other, and
/// can be taken back.
pub(crate) fn last_change(change: Option<&LastChange>, context: &Context) -> Markup {
    let Some(LastChange { by, at, before }) = change else { return html! {} };
    let body = html! {
        p {
            "Changed " (ago(*at, context))
            @match by { Some(by) => { " by " (by) }, None => " at a terminal" }
            "."
        }
        form method="post" {
            @for (name, value) in before { input type="hidden" name=(name) value=(value); }
            button.btn { (icon("rotate-ccw")) "Put it back as it was" }
        }
    };
    card("last-change", "Last change", &body)
}
