//! Form fields, each with its label and its error beside it.

use super::icon;
use crate::context::Context;
use crate::view::{Choice, FieldError, HOLIDAYS, WEEK, WeekDraft};
use crate::words::count;
use maud::{Markup, html};

/// A one-line field. `control` is an `input` whose id is `name`; `hint` may be empty.
pub(crate) fn text_field(name: &str, label: &str, hint: &str, control: &Markup, errors: &[FieldError]) -> Markup {
    html! {
        div.form-row {
            label for=(name) { (label) }
            (control)
            @if !hint.is_empty() { p.note id={ (name) "-hint" } { (hint) } }
            (field_error(name, errors))
        }
    }
}

/// What is wrong with the field of this name, if anything.
pub(crate) fn field_error(name: &str, errors: &[FieldError]) -> Markup {
    html! {
        @for error in errors.iter().filter(|error| error.field == name) {
            p.error id={ (name) "-error" } { (icon("circle-alert")) (error.message) }
        }
    }
}

/// Says at the top of a form how many fields are wrong, with links to them.
pub(crate) fn error_summary(errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.alert.bad role="alert" tabindex="-1" {
                (icon("circle-alert"))
                div {
                    b { (count(errors.len() as u64, "thing")) " to put right. Nothing was saved." }
                    ul { @for error in errors { li { a href={ "#" (error.field) } { (error.message) } } } }
                }
            }
        }
    }
}

/// A select with its arrow. The empty choice, if it is to be had, is one of `choices`.
pub(crate) fn select(name: &str, label: Option<&str>, choices: &[Choice], chosen: &str) -> Markup {
    html! {
        span.select {
            select name=(name) id=(name) aria-label=[label] {
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
            }
            (icon("chevron-down"))
        }
    }
}

/// A titled part of a form.
pub(crate) fn block(id: &str, title: &str, body: &Markup) -> Markup {
    html! { fieldset.card.block id=(id) { legend { (title) } div.body { (body) } } }
}

/// An input with its error tied to it.
pub(crate) fn input(kind: &str, name: &str, value: &str, errors: &[FieldError]) -> Markup {
    let is_wrong = errors.iter().any(|error| error.field == name);
    html! {
        input.input id=(name) type=(kind) name=(name) value=(value)
            aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then(|| format!("{name}-error"))];
    }
}

pub(crate) fn number_field(name: &str, label: &str, hint: &str, value: &str, errors: &[FieldError]) -> Markup {
    text_field(name, label, hint, &input("number", name, value, errors), errors)
}

/// What may be chosen of several things; the field repeats. `label` is the id of the element that names them.
pub(crate) fn checks(name: &str, label: &str, choices: &[Choice], chosen: &[String]) -> Markup {
    html! {
        div.checks id=(name) role="group" aria-labelledby=(label) {
            @for choice in choices {
                label.check {
                    input type="checkbox" name=(name) value=(choice.value) checked[chosen.contains(&choice.value)];
                    span.num { (choice.label) }
                }
            }
        }
    }
}

/// Calling hours, a line for each day, and the holidays and dates that are closed. `rule` is said besides.
pub(crate) fn week_fields(hours: &WeekDraft, errors: &[FieldError], rule: &str) -> Markup {
    html! {
        p.note {
            "In each lead's own zone, such as 09:00-12:00, 13:00-20:00. A day without hours is closed. " (rule)
        }
        @for ((name, label), value) in WEEK.iter().zip(&hours.days) {
            (text_field(name, label, "", &input("text", name, value, errors), errors))
        }
        (holidays_field(hours.holidays.as_deref().unwrap_or_default(), errors))
        div.form-row {
            label for="closed" { "Closed on" }
            textarea.input #closed name="closed" rows="3" aria-describedby="closed-hint" { (hours.closed) }
            p.note #closed-hint { "Dates such as 2026-12-25, one a line." }
            (field_error("closed", errors))
        }
    }
}

/// The calendar whose holidays are closed.
pub(crate) fn holidays_field(chosen: &str, errors: &[FieldError]) -> Markup {
    let calendars = HOLIDAYS.map(|(value, label)| Choice { value: value.to_owned(), label: label.to_owned() });
    html! {
        div.form-row {
            label for="holidays" { "Closed on holidays" }
            (select("holidays", None, &calendars, chosen))
            p.note { "One that falls on a weekend is kept on the weekday beside it too." }
            (field_error("holidays", errors))
        }
    }
}

/// One number that is set in its place: the form posts to `action`. `field` is its name, what it is in words, and its unit.
pub(crate) fn count_input(action: &str, field: (&str, &str, &str), value: u32, context: &Context) -> Markup {
    let (name, label, unit) = field;
    html! {
        form.set method="post" action=(action) {
            input type="hidden" name="back" value=(context.path);
            label {
                span.vh { (label) }
                input.input type="number" name=(name) value=(value) min="0" max="1000000" required;
            }
            span.soft aria-hidden="true" { (unit) }
            button.btn.sm.quiet { "Set" span.vh { " " (label) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_at_its_field_only() {
        let errors = [FieldError { field: "name".into(), message: "Name is empty.".into() }];

        assert!(field_error("name", &errors).0.contains("Name is empty."));
        assert!(field_error("agent", &errors).0.is_empty());
    }

    #[test]
    fn the_chosen_option_is_selected_and_labels_are_escaped() {
        let choices = [Choice { value: "a".into(), label: "A & B".into() }];

        let markup = select("agent", None, &choices, "a").into_string();

        assert!(markup.contains(r#"<option value="a" selected>A &amp; B</option>"#));
    }
}
