//! What an organization may do at most, for the agency: the form, and the switch of the whole organization.

use super::rules::settings_tabs;
use crate::components::{
    self, Frame, PauseDialog, Place, badge, block, card, error_summary, icon, last_change, number_field, off_story,
    pause_button, resume_form, week_fields,
};
use crate::context::Context;
use crate::url;
use crate::view::{OrganizationLimitsForm, Tone};
use crate::words::count;
use maud::{Markup, html};

pub fn page(view: &OrganizationLimitsForm, context: &Context) -> Markup {
    let organization = &view.organization;
    let address = url::organization(&organization.slug);
    let frame = Frame {
        title: "Limits",
        place: Place::Organizations,
        above: &[("/organizations".to_owned(), "Organizations"), (address.clone(), &organization.name)],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head { h1 { "Limits of " (organization.name) } }
        (settings_tabs(&organization.slug, "limits"))
        div.cols {
            form.form method="post" {
                (error_summary(&view.errors))
                (block("how-much", "How much", &how_much(view)))
                (block("each-lead", "Each lead", &each_lead(view)))
                (block("hours", "When", &week_fields(&view.draft.hours, &view.errors, "A campaign can only narrow it.")))
                div.bar {
                    button.btn.primary.tall { "Save the limits" }
                    a.btn.quiet href=(address) { "Cancel" }
                }
            }
            div.stack { (last_change(view.last_change.as_ref(), context)) (switch(view, context)) (now(view)) }
        }
    };
    components::page(context, &frame, &body)
}

fn how_much(view: &OrganizationLimitsForm) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    html! {
        div.pair {
            (number_field("calls_per_day_max", "Calls a day", "By the organization's own day.", &draft.calls_per_day_max, errors))
            (number_field("lines_max", "Lines", "Calls at once.", &draft.lines_max, errors))
        }
        (number_field("weight", "Share of turns", "1 to 100: one of weight 2 gets twice the turns of one of weight 1 where lines are short.",
            &draft.weight, errors))
    }
}

fn each_lead(view: &OrganizationLimitsForm) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    html! {
        div.pair {
            (number_field("calls_per_lead_and_day_max", "Calls a lead and day", "Over all campaigns, by the phone.",
                &draft.calls_per_lead_and_day_max, errors))
            (number_field("ring_gap_minutes_min", "Minutes between two rings", "Of one phone, over all campaigns.",
                &draft.ring_gap_minutes_min, errors))
        }
    }
}

/// A limit that is lowered under what is used already cuts no call off.
fn now(view: &OrganizationLimitsForm) -> Markup {
    let rules = [
        format!(
            "{} so far today, {} in use now.",
            count(view.calls_today.into(), "call"),
            count(view.lines_in_use.into(), "line")
        ),
        "A limit counts from the next call that is chosen, on every node.".to_owned(),
        "One that is lowered under what is in use cuts no call off: nothing new begins until there is room.".to_owned(),
    ];
    let body = html! { ul.rules { @for rule in rules { li { (icon("info")) span { (rule) } } } } };
    card("what-happens", "What happens", &body)
}

fn switch(view: &OrganizationLimitsForm, context: &Context) -> Markup {
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let body = html! {
        @if let Some(off) = &view.off {
            p { (badge(Tone::Bad, "pause", "Suspended")) " " (off_story(off, context)) }
            (resume_form(&url::steer_organization(slug, "restore"), "Let it call again", ""))
        } @else {
            p { "Its campaigns dial as they are set." }
            (pause_button(&PauseDialog {
                id: "suspend", action: &url::steer_organization(slug, "suspend"), verb: "Suspend", what: name,
                sentence: "Nobody is called for it any more. Calls in progress go on, and every lead keeps its place.",
                more: html! {}, back: None,
            }, "btn danger", "pause"))
        }
    };
    card("switch", "Dialing", &body)
}
