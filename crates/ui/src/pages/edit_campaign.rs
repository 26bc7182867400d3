//! What may be changed of a campaign, while it runs too; for the agency, its money besides.

use crate::components::{
    self, Frame, Place, block, card, checks, error_summary, field_error, icon, input, last_change, number_field,
    select, text_field, week_fields,
};
use crate::context::Context;
use crate::url::{self, Section};
use crate::view::{ANY_DAYPART, Choice, EditCampaign, FieldError, MoneyDraft, OTHER_DAYPART, OperatorEditCampaign};
use maud::{Markup, html};

pub fn agency(view: &OperatorEditCampaign, context: &Context) -> Markup {
    let money = money(&view.money, &view.edit.errors);
    page(&view.edit, &block("money", "Money", &money), context)
}

pub fn client(view: &EditCampaign, context: &Context) -> Markup {
    page(view, &html! {}, context)
}

fn page(view: &EditCampaign, money: &Markup, context: &Context) -> Markup {
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
                (money)
                (block("when", "When", &week_fields(&view.draft.hours, &view.errors, "Your organization's hours hold besides.")))
                div.bar {
                    button.btn.primary.tall { "Save the changes" }
                    a.btn.quiet href=(address) { "Cancel" }
                }
            }
            div.stack { (last_change(view.last_change.as_ref(), context)) (rules()) }
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
        "A campaign that waits for its turn rises by itself: none starves behind others of a better priority.",
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

fn choices(choices: &[(&str, &str)]) -> Vec<Choice> {
    choices.iter().map(|(value, label)| Choice { value: (*value).into(), label: (*label).into() }).collect()
}

fn numbers(view: &EditCampaign) -> Markup {
    let choices = choices(&[
        ("rotating", "The one that has called least today"),
        ("sticky", "The one that the lead was called from last"),
        ("local", "One of the lead's area code, else of its time zone"),
    ]);
    let control = select("number_choice", None, &choices, &view.draft.number_choice);
    let hint = "One that rests or is at its limit is passed over, and the next best calls.";
    html! {
        p.vh #numbers-label { "Phone numbers" }
        (checks("numbers", "numbers-label", &view.numbers, &view.draft.numbers))
        (field_error("numbers", &view.errors))
        (text_field("number_choice", "Which of them calls a lead", hint, &control, &view.errors))
    }
}

fn tries(view: &EditCampaign) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    let choices = choices(&[
        (ANY_DAYPART, "Whenever the next try is due"),
        (OTHER_DAYPART, "In another part of the day than the last try"),
    ]);
    let control = select("daypart", None, &choices, &draft.daypart);
    html! {
        (number_field("calls_per_lead_and_day_max", "Calls a lead and day", "The organization's limit holds besides.",
            &draft.calls_per_lead_and_day_max, errors))
        div.pair {
            (number_field("attempts_max", "Attempts for each lead", "", &draft.attempts_max, errors))
            (number_field("retry_after_minutes", "Minutes between attempts", "Left empty, the delays stay as they are planned.",
                &draft.retry_after_minutes, errors))
        }
        (text_field("daypart", "When a lead is tried again", "Morning, afternoon and evening are the lead's own.", &control, errors))
    }
}

fn money(draft: &MoneyDraft, errors: &[FieldError]) -> Markup {
    let field = |name: &str, label: &str, hint: &str, value: &str| {
        text_field(name, label, hint, &input("text", name, value, errors), errors)
    };
    html! {
        div.pair {
            (field("budget_per_day_max", "Budget a day", "In dollars. Left empty: no limit but the organization's.", &draft.budget_per_day_max))
            (field("price_per_call", "Price of a call", "In dollars, what is reserved before a call. Left empty: the mean of the last ones.",
                &draft.price_per_call))
        }
    }
}
