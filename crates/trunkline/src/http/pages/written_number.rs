//! Whole numbers as they are written in forms.

use ui::view::FieldError;

const CAME_CHARS_MAX: usize = 20;

/// The number of a field, or what is needed and what came instead.
pub(super) fn read(field: (&str, &str), text: &str, (min, max): (u32, u32)) -> Result<i32, FieldError> {
    let (name, label) = field;
    match text.trim().parse::<u32>() {
        Ok(number) if (min..=max).contains(&number) => Ok(i32::try_from(number).unwrap_or(i32::MAX)),
        _ => {
            let came: String = text.trim().chars().take(CAME_CHARS_MAX).collect();
            let max = ui::format::thousands(max.into());
            let came = if came.is_empty() { "nothing".to_owned() } else { format!("“{came}”") };
            let message = format!("{label}: a number from {min} to {max} is needed, {came} came.");
            Err(FieldError { field: name.to_owned(), message })
        }
    }
}

/// The same for a field that may be empty.
pub(super) fn read_optional(field: (&str, &str), text: &str, bounds: (u32, u32)) -> Result<Option<i32>, FieldError> {
    if text.trim().is_empty() { Ok(None) } else { read(field, text, bounds).map(Some) }
}
