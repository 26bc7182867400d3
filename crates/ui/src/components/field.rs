//! Form fields, each with its label and its error beside it.

use super::icon;
use crate::context::Context;
use crate::view::{Choice, FieldError};
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

/// One number that is set in its place: the form posts to `action`. `field` is its name and what it is, in words.
pub(crate) fn count_input(action: &str, field: (&str, &str), value: u32, context: &Context) -> Markup {
    let (name, label) = field;
    html! {
        form.set method="post" action=(action) {
            input type="hidden" name="back" value=(context.path);
            label {
                span.vh { (label) }
                input.input type="number" name=(name) value=(value) min="0" max="1000000" required;
            }
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
