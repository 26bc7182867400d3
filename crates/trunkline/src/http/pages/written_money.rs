//! Amounts of dollars as they are written in forms.

use crate::domain::money::Money;
use ui::view::FieldError;

const CAME_CHARS_MAX: usize = 20;
const CENTS_MAX: u64 = 100_000_000;

/// As it is written in a field; empty: no amount.
pub(super) fn drawn(money: Option<Money>) -> String {
    money.map(|money| money.to_string().trim_start_matches('$').to_owned()).unwrap_or_default()
}

/// The amount of a field, `None` if it is empty, or what is needed and what came instead.
pub(super) fn read(field: (&str, &str), text: &str, max: Money) -> Result<Option<Money>, FieldError> {
    let (name, label) = field;
    let text = text.trim().trim_start_matches('$').trim_start();
    if text.is_empty() {
        return Ok(None);
    }
    let money = cents(text).map(Money::cents).filter(|money| *money <= max);
    money.map(Some).ok_or_else(|| {
        let came: String = text.chars().take(CAME_CHARS_MAX).collect();
        let most = ui::format::thousands(max.0.unsigned_abs() / 1_000_000);
        let message = format!("{label}: dollars from 0 to {most} such as 49.90 are needed, “{came}” came.");
        FieldError { field: name.to_owned(), message }
    })
}

/// Digits, with commas between thousands or not, and two of cents at most.
fn cents(text: &str) -> Option<i64> {
    let (dollars, cents) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let dollars = dollars.replace(',', "");
    if dollars.is_empty() || !is_digits(&dollars) || !is_digits(cents) || cents.len() > 2 {
        return None;
    }
    let written = format!("{dollars}{cents:0<2}").parse::<u64>().ok().filter(|cents| *cents <= CENTS_MAX)?;
    i64::try_from(written).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        let most = Money::cents(100_000_000);
        let read = |text: &str| read(("budget", "Budget"), text, most);

        for cents in [0, 5, 4990, 100_000_000] {
            assert_eq!(read(&drawn(Some(Money::cents(cents)))).unwrap(), Some(Money::cents(cents)));
        }
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read(" $1,250.5 ").unwrap(), Some(Money::cents(125_050)));
    }

    #[test]
    fn what_is_no_amount_is_told_with_what_came() {
        for text in ["ten", "-5", "1.234", "1000001", ".", "99999999999999999999"] {
            let error = read(("budget", "Budget"), text, Money::cents(100_000_000)).unwrap_err();
            let message = format!("Budget: dollars from 0 to 1,000,000 such as 49.90 are needed, “{text}” came.");
            assert_eq!(error.message, message);
        }
    }
}
