//! The numbers that a campaign may call from, as its forms offer and read them.

use crate::domain::ids::PhoneNumberId;
use crate::store::phone_numbers::PhoneNumber;
use ui::view::{Choice, FieldError};

/// "+1 312 555 0199 (Main line)".
pub(super) fn drawn(number: &PhoneNumber) -> Choice {
    let phone = ui::format::phone(&number.number);
    let label = if number.label.is_empty() { phone } else { format!("{phone} ({})", number.label) };
    Choice { value: number.id.to_string(), label }
}

/// The chosen ones in the order of their ids; what was not offered is not chosen.
pub(super) fn read(chosen: &[String], offered: &[PhoneNumber]) -> Result<Vec<PhoneNumberId>, FieldError> {
    let is_chosen = |number: &&PhoneNumber| chosen.contains(&number.id.to_string());
    let mut numbers: Vec<_> = offered.iter().filter(is_chosen).map(|number| number.id).collect();
    numbers.sort_unstable();
    if numbers.is_empty() {
        let message = "Choose at least one phone number to call from.".to_owned();
        return Err(FieldError { field: "numbers".to_owned(), message });
    }
    Ok(numbers)
}
