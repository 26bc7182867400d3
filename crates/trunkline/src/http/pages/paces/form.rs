//! The fields of a form of this kind: drawn from what is set, overwritten by what was posted, read with every error at once.

use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::last_change::{self, Pairs};
use crate::http::pages::written_number;
use crate::http::{App, context};
use crate::store::audit::Change;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use jiff::civil::Date;
use ui::view::{FieldError, PaceField, PaceForm, PaceOf};

/// A field that is empty holds no limit.
pub(super) fn optional(value: Option<i32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What was posted stands in the fields; one that was not posted stays as it is set.
pub(super) fn typed(mut fields: Vec<PaceField>, posted: Pairs) -> Vec<PaceField> {
    for (name, value) in posted {
        if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
            field.value = value;
        }
    }
    fields
}

/// Reads the fields of a form one by one.
pub(super) struct Reading<'a> {
    fields: &'a [PaceField],
    errors: Vec<FieldError>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(fields: &'a [PaceField]) -> Self {
        Self { fields, errors: Vec::new() }
    }

    /// Label and text of a field.
    fn field(&self, name: &str) -> (&'a str, &'a str) {
        let found = self.fields.iter().find(|field| field.name == name);
        found.map_or(("", ""), |field| (field.label, field.value.as_str()))
    }

    pub(super) fn number(&mut self, name: &str, bounds: (u32, u32)) -> i32 {
        let (label, text) = self.field(name);
        self.take(written_number::read((name, label), text, bounds))
    }

    pub(super) fn optional_number(&mut self, name: &str, bounds: (u32, u32)) -> Option<i32> {
        let (label, text) = self.field(name);
        self.take(written_number::read_optional((name, label), text, bounds))
    }

    pub(super) fn optional_date(&mut self, name: &str) -> Option<Date> {
        let (label, text) = self.field(name);
        let wrong = |_| FieldError {
            field: name.to_owned(),
            message: format!("{label}: a date such as 2026-12-25 is needed, “{text}” came."),
        };
        let text = text.trim();
        self.take(if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) })
    }

    fn take<T: Default>(&mut self, read: Result<T, FieldError>) -> T {
        read.map_err(|error| self.errors.push(error)).unwrap_or_default()
    }

    /// The value that was put together, if nothing was wrong.
    pub(super) fn done<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }
}

/// What a page of this kind is drawn from, beside its fields.
pub(super) struct Drawn {
    pub of: PaceOf,
    /// As people call it.
    pub name: String,
    pub change: Option<Change>,
}

/// `fields` draws a value that is set; `before` of the last change is drawn by it, too.
pub(super) async fn draw<T: serde::de::DeserializeOwned + Copy>(
    app: &App,
    caller: &AgencyUser,
    drawn: Drawn,
    (shown, errors): (Vec<PaceField>, Vec<FieldError>),
    (set, fields): (T, impl Fn(T) -> Vec<PaceField>),
) -> Result<Response, PageError> {
    let Drawn { of, name, change } = drawn;
    let pairs =
        |value: T| -> Pairs { fields(value).into_iter().map(|field| (field.name.to_owned(), field.value)).collect() };
    let last_change = last_change::drawn(change, &pairs(set), |before| Some(pairs(*before)));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = PaceForm { of, name, fields: shown, errors, last_change };
    let context = context::of_agency(app, caller).await?;
    Ok((status, Html(ui::pages::pace::page(&view, &context).into_string())).into_response())
}
