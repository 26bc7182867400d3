//! How fast a number, a line pool or a provider account may be used: the form of each.

use crate::components::{self, Frame, Place, block, card, error_summary, icon, input, last_change, text_field};
use crate::context::Context;
use crate::url::{self, Section};
use crate::view::{PaceField, PaceForm, PaceInput, PaceOf};
use maud::{Markup, html};

pub fn page(view: &PaceForm, context: &Context) -> Markup {
    let (list, list_name, place) = match &view.of {
        PaceOf::Number { slug, .. } => {
            (url::section_of(slug, Section::Numbers), "Numbers", Place::Of(Section::Numbers))
        }
        PaceOf::Pool | PaceOf::Account => ("/accounts".to_owned(), "Accounts", Place::Accounts),
    };
    let title = match &view.of {
        PaceOf::Number { .. } => format!("Limits of {}", view.name),
        PaceOf::Pool => format!("Lines of pool {}", view.name),
        PaceOf::Account => format!("Pace of {}", view.name),
    };
    let frame = Frame { title: &title, place, above: &[(list.clone(), list_name)], is_live: false, is_split: false };
    let body = html! {
        div.head {
            div {
                h1 { (title) }
                @if let PaceOf::Number { organization, .. } = &view.of {
                    div.meta { span { (icon("building-2")) (organization) } }
                }
            }
        }
        div.cols {
            form.form method="post" {
                (error_summary(&view.errors))
                (block("how-fast", "How fast", &html! { @for field in &view.fields { (draw_field(field, view)) } }))
                div.bar {
                    button.btn.primary.tall { "Save" }
                    a.btn.quiet href=(list) { "Back to the list" }
                }
            }
            div.stack {
                (last_change(view.last_change.as_ref(), context))
                (what_happens(&view.of))
            }
        }
    };
    components::page(context, &frame, &body)
}

fn draw_field(field: &PaceField, view: &PaceForm) -> Markup {
    let kind = match field.input {
        PaceInput::Number => "number",
        PaceInput::Date => "date",
    };
    let control = input(kind, field.name, &field.value, &view.errors);
    text_field(field.name, field.label, &field.hint, &control, &view.errors)
}

fn what_happens(of: &PaceOf) -> Markup {
    let own: &[&str] = match of {
        PaceOf::Number { .. } => &[
            "A number at its limit calls no more; its campaigns go on with their other numbers, and no lead is lost.",
            "Carriers flag a new number that calls much at once. A warm-up raises its calls day by day.",
        ],
        PaceOf::Pool => &[
            "Fewer lines cut no call off: nothing new begins until there is room.",
            "Lines that are kept for incoming calls are free when a caller comes, whatever campaigns wait.",
        ],
        PaceOf::Account => &[
            "Leads wait for a request that is free, or are called through another account.",
            "A slow start keeps the first minutes after a rest from being refused.",
        ],
    };
    let rules = ["It counts from the next call that is chosen, on every node."].iter().chain(own);
    let body = html! { ul.rules { @for rule in rules { li { (icon("info")) span { (rule) } } } } };
    card("what-happens", "What happens", &body)
}
