//! The form of a new campaign: who, by whom, from which numbers, when, how much.

use crate::components::{
    self, Frame, Place, block, card, checks, error_summary, field_error, holidays_field, icon, input, number_field,
    select, text_field,
};
use crate::context::Context;
use crate::format::thousands;
use crate::url::{self, Section};
use crate::view::{Choice, NewCampaign, WEEK};
use maud::{Markup, html};

pub fn page(view: &NewCampaign, context: &Context) -> Markup {
    let campaigns = url::section(context, Section::Campaigns);
    let frame = Frame {
        title: "New campaign",
        place: Place::Of(Section::Campaigns),
        above: &[(campaigns.clone(), "Campaigns")],
        is_live: false,
        is_split: false,
    };
    let body = html! {
        div.head { h1 { "New campaign" } }
        div.cols {
            form.form method="post" {
                input type="hidden" name="form_key" value=(view.form_key);
                (error_summary(&view.errors))
                (block("who", "Who is called", &who(view)))
                (block("agent-block", "Which agent calls", &agent(view)))
                (block("numbers-block", "From which numbers", &numbers(view)))
                (block("when", "When", &html! { (begin(view)) (hours(view)) }))
                (block("limits", "How much at once", &limits(view)))
                div.bar {
                    button.btn.primary.tall { "Create the campaign" }
                    button.btn.tall name="start" value="draft" aria-describedby="check-hint" { (icon("list-filter")) "Check it first" }
                    a.btn.quiet href=(campaigns) { "Cancel" }
                }
                p.note #check-hint { "Checked first, it is kept as a draft, and you see who would be called before anybody is." }
            }
            (rules())
        }
    };
    components::page(context, &frame, &body)
}

/// What no campaign can change.
fn rules() -> Markup {
    let rules = [
        "Leads are called inside these hours only, in their own time.",
        "A phone is called twice a day at most, over all campaigns.",
        "A phone on a do-not-call list is never called.",
        "Lines are shared fairly between all campaigns that run.",
    ];
    let body = html! { ul.rules { @for rule in rules { li { (icon("circle-check")) span { (rule) } } } } };
    card("rules", "Always so", &body)
}

fn who(view: &NewCampaign) -> Markup {
    let groups: Vec<_> = view
        .groups
        .iter()
        .map(|group| Choice {
            value: group.value.clone(),
            label: format!("{} ({})", group.label, thousands(group.leads)),
        })
        .collect();
    html! {
        (text_field("name", "Name", "", &input("text", "name", &view.draft.name, &view.errors), &view.errors))
        (text_field("leads", "Leads", "",
            &select("leads", None, &groups, &view.draft.leads), &view.errors))
    }
}

fn agent(view: &NewCampaign) -> Markup {
    text_field("agent", "Agent", "", &select("agent", None, &view.agents, &view.draft.agent), &view.errors)
}

fn numbers(view: &NewCampaign) -> Markup {
    html! {
        p.vh #numbers-label { "Phone numbers" }
        (checks("numbers", "numbers-label", &view.numbers, &view.draft.numbers))
        (field_error("numbers", &view.errors))
    }
}

fn hours(view: &NewCampaign) -> Markup {
    let (draft, errors) = (&view.draft, &view.errors);
    let days = WEEK.map(|(value, label)| Choice { value: value.into(), label: label[..3].into() });
    html! {
        p.vh #days-label { "Days" }
        (checks("days", "days-label", &days, &draft.days))
        (field_error("days", errors))
        div.pair {
            (text_field("opens", "From", "", &input("time", "opens", &draft.opens, errors), errors))
            (text_field("closes", "To", "", &input("time", "closes", &draft.closes, errors), errors))
        }
        (holidays_field(&draft.holidays, errors))
        div.pair {
            (number_field("attempts_max", "Attempts for each lead", "", &draft.attempts_max, errors))
            (number_field("retry_after_minutes", "Minutes between attempts", "", &draft.retry_after_minutes, errors))
        }
    }
}

fn limits(view: &NewCampaign) -> Markup {
    let hint = format!("{} at most for this organization.", view.lines_max);
    number_field("lines_max", "Lines", &hint, &view.draft.lines_max, &view.errors)
}

fn begin(view: &NewCampaign) -> Markup {
    let choices = [
        ("now", "play", "Now", "It dials as soon as it is created."),
        ("later", "calendar-clock", "Later", "At a time that you choose."),
        ("draft", "pencil", "As a draft", "It waits until somebody starts it."),
    ];
    html! {
        div.tpls #start role="radiogroup" aria-label="When it begins" {
            @for (value, icon_name, title, sentence) in choices {
                label.tpl {
                    input type="radio" name="start" value=(value) checked[view.draft.start == value];
                    (icon(icon_name)) b { (title) } small { (sentence) }
                }
            }
        }
        (field_error("start", &view.errors))
        div.if-later {
            (text_field("starts_at", "Time", "In the organization's zone.",
                &input("datetime-local", "starts_at", &view.draft.starts_at, &view.errors), &view.errors))
        }
    }
}
