//! How values are written: numbers, money, time, phones.

mod money;
mod number;
mod phone;
mod time;

pub use money::{dollars, dollars_exactly};
pub use number::{percent, tenths, thousands};
pub use phone::phone;
pub(crate) use time::abbreviation;
pub use time::{
    ago, date, day, duration, exact, minutes_and_seconds, seconds_of, time_of_day, time_of_day_with_seconds, when,
    zone_name,
};
