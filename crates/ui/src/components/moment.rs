//! Instants: in words, with the exact time in the tooltip.

use crate::context::Context;
use crate::format;
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};

/// `14 s ago`, up to a day.
pub(crate) fn ago(at: Timestamp, context: &Context) -> Markup {
    element(at, &format::ago(at, context.now, &context.zone), &context.zone)
}

/// `10:42 AM`, `tomorrow 9:40 AM`, `Tue 1 Dec, 2:00 PM`.
pub(crate) fn moment(at: Timestamp, context: &Context) -> Markup {
    element(at, &format::when(at, context.now, &context.zone), &context.zone)
}

/// `10:42:07`, for things that happen every few seconds.
pub(crate) fn clock_time(at: Timestamp, context: &Context) -> Markup {
    let time = at.to_zoned(context.zone.clone()).time();
    element(at, &format::time_of_day_with_seconds(time), &context.zone)
}

/// Names the zone of all times of a table.
pub(crate) fn zone_note(context: &Context) -> Markup {
    let name = format::zone_name(&context.zone);
    let short = format::abbreviation(context.now, &context.zone);
    html! { span { "Times in " (name) @if short != name { " (" (short) ")" } } }
}

fn element(at: Timestamp, text: &str, zone: &TimeZone) -> Markup {
    html! { time datetime=(at) title=(format::exact(at, zone)) { (text) } }
}
