//! Amounts of money, exact: whole millionths of a US dollar, as the provider charges in fractions of a cent.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in millionths of a US dollar; as JSON, that number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    pub const ZERO: Self = Self(0);

    pub const fn cents(cents: i64) -> Self {
        Self(cents * 10_000)
    }

    /// The sum; an amount beyond all bounds stays at the bound.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// For people: `$12.50`, rounded to the cent.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = (self.0.unsigned_abs() + 5_000) / 10_000;
        let sign = if self.0 < 0 { "−" } else { "" };
        write!(f, "{sign}${}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_dollars_and_cents() {
        let shown = |amount: i64| Money(amount).to_string();
        assert_eq!(shown(0), "$0.00");
        assert_eq!(shown(12_500_000), "$12.50");
        assert_eq!(shown(4_999), "$0.00");
        assert_eq!(shown(5_000), "$0.01");
        assert_eq!(shown(-1_230_000), "−$1.23");
        assert_eq!(Money::cents(25), Money(250_000));
        assert_eq!(Money(i64::MAX).plus(Money(1)), Money(i64::MAX));
    }
}
