//! Amounts in US dollars.

use rust_decimal::{Decimal, RoundingStrategy};

/// Two decimals: `$1,318.42`.
pub fn dollars(amount: Decimal) -> String {
    written(amount, 2)
}

/// Three decimals, for the parts of one call: `$0.085`.
pub fn dollars_exactly(amount: Decimal) -> String {
    written(amount, 3)
}

fn written(amount: Decimal, decimals: u32) -> String {
    let rounded = amount.abs().round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{rounded:.*}", decimals as usize);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), super::thousands);
    let sign = if amount.is_sign_negative() && !rounded.is_zero() { "−" } else { "" };
    format!("{sign}${whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(amount: &str, expected: &str) {
        assert_eq!(dollars(amount.parse().unwrap()), expected);
    }

    #[test]
    fn dollars_have_two_decimals_and_commas() {
        check("0", "$0.00");
        check("0.005", "$0.01");
        check("1318.4", "$1,318.40");
        check("-2.5", "−$2.50");
        check("-0.001", "$0.00");
    }

    #[test]
    fn parts_of_a_cost_have_three() {
        assert_eq!(dollars_exactly("0.0849".parse().unwrap()), "$0.085");
    }
}
