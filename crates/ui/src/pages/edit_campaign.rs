//! What may be changed of a campaign, while it runs too.

use crate::components::{self, Frame, Place, block, card, error_summary, field_error, icon, number_field, week_fields};
use crate::context::Context;
use crate::url::{self, Section};
use crate::view::EditCampaign;
use maud::{Markup, html};

pub fn page(view: &EditCampaign, context: &Context) -> Markup {
    let slug = context.organization().map(|organization| organization.slug.as_str()).unwrap_or_default();
    let address = url::campaign(slug, &view.id);
    let frame = Frame {
        title: "Edit",
        place: Place::Of(Section::Campaigns),
        above: &[(url::section(context, Section::Campaigns), "Campaigns"), (address.clone(), &view.name)],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head { h1 { "Edit " (view.name) } }
        div.cols {
            form.form method="post" {
                (error_summary(&view.errors))
                (block("how-much", "How much", &how_much(view)))
                (block("numbers-block", "From which numbers", &numbers(view)))
                (block("tries", "How often", &tries(view)))
                (block("when", "When", &week_fields(&view.draft.hours, &view.errors, "Your organization's hours hold besides.")))
                div.bar {
                    button.btn.primary.tall { "Save the changes" }
                    a.btn.quiet href=(address) { "Cancel" }
                }
            }
            (rules())
        }
    };
    components::page(context, &frame, &body)
}

fn rules() -> Markup {
    let rules = [
        "Changes count from the next call that is chosen.",
        "Calls in progress go on as they began.",
        "Fewer lines cut no call off: nothing new begins until there is room.",
        "Tries that are planned already keep their time, unless they wait for hours that have changed.",
    ];
    let body = html! { ul.rules { @for rule in rules { li { (icon("info")) span { (rule) } } } } };
    card("what-happens", "What happens", &body)
}

fn how_much(view: &EditCampaign) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    let most = format!("{} at most for this organization.", view.lines_max);
    html! {
        div.pair {
            (number_field("lines_max", "Lines", &most, &draft.lines_max, errors))
            (number_field("priority", "Priority", "1 goes first, 100 is usual.", &draft.priority, errors))
        }
    }
}

fn numbers(view: &EditCampaign) -> Markup {
    html! {
        div.checks #numbers {
            @for number in &view.numbers {
                label.check {
                    input type="checkbox" name="numbers" value=(number.value)
                        checked[view.draft.numbers.contains(&number.value)];
                    span.num { (number.label) }
                }
            }
        }
        (field_error("numbers", &view.errors))
    }
}

fn tries(view: &EditCampaign) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    html! {
        (number_field("calls_per_lead_and_day_max", "Calls a lead and day", "The organization's limit holds besides.",
            &draft.calls_per_lead_and_day_max, errors))
        div.pair {
            (number_field("attempts_max", "Attempts for each lead", "", &draft.attempts_max, errors))
            (number_field("retry_after_minutes", "Minutes between attempts", "Left empty, the delays stay as they are planned.",
                &draft.retry_after_minutes, errors))
        }
    }
}
