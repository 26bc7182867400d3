//! Calling hours, in each zone where leads are.

use crate::components::{card_with, moment};
use crate::context::Context;
use crate::format;
use crate::view::{Campaign, ZoneHours};
use jiff::civil::Time;
use maud::{Markup, html};

/// The hours that the rail shows; nobody is called outside of them.
const RAIL_HOURS: (f64, f64) = (6.0, 22.0);

pub(super) fn card(campaign: &Campaign, context: &Context) -> Markup {
    let body = html! {
        @if campaign.zones.is_empty() {
            p.note.pad { "No leads are left to be called." }
        } @else {
            ul.zones { @for zone in &campaign.zones { (row(zone, context)) } }
        }
    };
    card_with("zones", "Calling hours", &html! { "the lead’s time" }, &body)
}

fn row(zone: &ZoneHours, context: &Context) -> Markup {
    let now = context.now.to_zoned(zone.zone.clone()).time();
    let is_open = zone.opens_at.is_none() && zone.today.is_some();
    html! {
        li {
            span { b { (format::zone_name(&zone.zone)) } small.num { (format::time_of_day(now)) } }
            span class={ "rail" @if !is_open { " shut" } } role="img" aria-label=(sentence(zone, is_open)) {
                @if let Some((opens, closes)) = zone.today {
                    i style={ "left:" (place(opens)) "%;right:" (100 - place(closes)) "%" } {}
                }
                u style={ "left:" (place(now)) "%" } {}
            }
            span.end {
                b.num { (format::thousands(zone.leads_left)) }
                small {
                    @match zone.opens_at {
                        None => "to call",
                        Some(at) => { "from " (moment(at, context)) },
                    }
                }
            }
        }
    }
}

fn sentence(zone: &ZoneHours, is_open: bool) -> String {
    let hours = zone.today.map_or_else(
        || "closed today".to_owned(),
        |(opens, closes)| format!("{} to {}", format::time_of_day(opens), format::time_of_day(closes)),
    );
    format!("{}: {hours}", if is_open { "Open" } else { "Closed" })
}

/// Where a time stands on the rail, in percent.
#[expect(clippy::cast_possible_truncation, reason = "the value is between 0 and 100")]
fn place(time: Time) -> i32 {
    let hours = f64::from(time.hour()) + f64::from(time.minute()) / 60.0;
    let (from, to) = RAIL_HOURS;
    ((hours - from) / (to - from) * 100.0).clamp(0.0, 100.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn the_rail_goes_from_six_to_ten() {
        assert_eq!(place(time(6, 0, 0, 0)), 0);
        assert_eq!(place(time(14, 0, 0, 0)), 50);
        assert_eq!(place(time(23, 0, 0, 0)), 100);
        assert_eq!(place(Time::midnight()), 0);
    }
}
