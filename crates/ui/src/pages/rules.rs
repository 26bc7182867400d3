//! An organization's rules of dialing, for the agency: each lead, who may be called, money, and how numbers are used.

use crate::components::{
    self, Frame, Place, block, card, checks, error_summary, field_error, icon, input, last_change, number_field, tabs,
    text_field,
};
use crate::context::Context;
use crate::url;
use crate::view::{OrganizationName, RulesForm};
use maud::{Markup, html};

pub fn page(view: &RulesForm, context: &Context) -> Markup {
    let OrganizationName { slug, name } = &view.organization;
    let address = url::organization(slug);
    let frame = Frame {
        title: "Rules",
        place: Place::Organizations,
        above: &[("/organizations".to_owned(), "Organizations"), (address.clone(), name)],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head { h1 { "Rules of " (name) } }
        (settings_tabs(slug, "rules"))
        div.cols {
            form.form method="post" {
                (error_summary(&view.errors))
                (block("each-lead", "Each lead", &caps(view)))
                (block("who", "Who may be called", &who(view)))
                (block("money", "Money", &money(view)))
                (block("numbers", "How its numbers call", &numbers(view)))
                div.bar {
                    button.btn.primary.tall { "Save the rules" }
                    a.btn.quiet href=(address) { "Cancel" }
                }
            }
            div.stack { (last_change(view.last_change.as_ref(), context)) (what_happens()) }
        }
    };
    components::page(context, &frame, &body)
}

/// The two pages on which the agency sets what an organization may do.
pub(super) fn settings_tabs(slug: &str, current: &str) -> Markup {
    tabs(
        "Settings of the organization",
        &[
            (url::limits(slug), "Limits and hours", current == "limits"),
            (url::rules(slug), "Rules of dialing", current == "rules"),
        ],
    )
}

fn caps(view: &RulesForm) -> Markup {
    html! {
        p.note {
            "Of one phone over all campaigns, today included. A row that is left empty limits nothing; the calls of one day are "
            "among the limits."
        }
        @for (place, cap) in view.draft.caps.iter().enumerate() {
            @let (rings, days) = (format!("rings_{place}"), format!("days_{place}"));
            div.form-row {
                div.inline-fields role="group" aria-label={ "Limit " (place + 1) } {
                    label for=(rings) { "At most" }
                    (input("number", &rings, &cap.rings, &view.errors))
                    label for=(days) { "calls in" }
                    (input("number", &days, &cap.days, &view.errors))
                    span aria-hidden="true" { "days" }
                }
                (field_error(&rings, &view.errors))
                (field_error(&days, &view.errors))
            }
        }
    }
}

fn who(view: &RulesForm) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    html! {
        (text_field("countries", "Countries", "Two letters each, such as US, CA. Left empty: all. Jamaica and others that share +1 are countries of their own.",
            &input("text", "countries", &draft.countries, errors), errors))
        div.form-row {
            p.label #kinds-label { "Kinds of number" }
            (checks("phone_kinds", "kinds-label", &view.kinds, &draft.phone_kinds))
            p.note { "Premium rate, shared cost, satellite and other numbers that nobody answers at an ordinary price are never called." }
            (field_error("phone_kinds", errors))
        }
    }
}

fn money(view: &RulesForm) -> Markup {
    let hint = "In dollars, by the organization's own day. Left empty: no limit. What a call is expected to cost is reserved before \
                it begins, so the budget is never exceeded by calls that are under way.";
    let control = input("text", "budget_per_day_max", &view.draft.budget_per_day_max, &view.errors);
    text_field("budget_per_day_max", "Budget a day", hint, &control, &view.errors)
}

fn numbers(view: &RulesForm) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    html! {
        (number_field("number_gap_seconds_min", "Seconds between two calls", "From one number; up to half as much again by chance, so that none calls like clockwork. 0: none.",
            &draft.number_gap_seconds_min, errors))
        div.form-row {
            label for="warm_up" { "Warm-up of a new number" }
            textarea.input.num #warm_up name="warm_up" rows="6" aria-describedby="warm_up-hint" { (draft.warm_up) }
            p.note #warm_up-hint {
                "The day of the warm-up, and the calls a day from then on, one a line: 3: 20. The last line counts for a week. It is begun for each "
                "number, in the list of numbers."
            }
            (field_error("warm_up", errors))
        }
    }
}

fn what_happens() -> Markup {
    let rules = [
        "Rules count from the next call that is chosen, on every node. Calls in progress go on.",
        "A lead that a rule leaves out for good is not taken back when the rule goes; one that only waited is called.",
        "Before a campaign starts, its page tells how many leads these rules leave out.",
        "Hours, lines and calls a day are among the limits.",
    ];
    let body = html! { ul.rules { @for rule in rules { li { (icon("info")) span { (rule) } } } } };
    card("what-happens", "What happens", &body)
}
