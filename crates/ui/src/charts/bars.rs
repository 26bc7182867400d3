//! Bars: calls over time, results, response times, and a week at a glance.

use crate::components::fill_class;
use crate::context::Context;
use crate::format::{self, thousands};
use crate::view::{HourVolume, Tone};
use crate::words::count;
use maud::{Markup, html};

/// Calls over time, stacked by how they ended, with the times of both ends.
pub(crate) fn volume(hours: &[HourVolume], context: &Context) -> Markup {
    let sums = hours.iter().map(|hour| u64::from(hour.answered) + u64::from(hour.not_reached) + u64::from(hour.failed));
    let (most, all) = (sums.clone().max().unwrap_or(0), sums.sum::<u64>());
    let failed: u64 = hours.iter().map(|hour| u64::from(hour.failed)).sum();
    let begins = |hour: &HourVolume| format::when(hour.at, context.now, &context.zone);
    html! {
        div.sb role="img" aria-label={ (count(all, "call")) ", " (thousands(failed)) " of them failed." } {
            @for hour in hours {
                span.col title={ (begins(hour)) ": " (hour.answered) " answered, " (hour.not_reached) " not reached, "
                    (hour.failed) " failed" } {
                    @for (tone, part) in [
                        (Tone::Bad, hour.failed), (Tone::Mute, hour.not_reached), (Tone::Accent, hour.answered),
                    ] {
                        @if part > 0 { i class=(fill_class(tone)) style={ "height:" (share(part.into(), most)) "%" } {} }
                    }
                }
            }
        }
        div.sb-x {
            @if let Some(first) = hours.first() { span { (begins(first)) } }
            @if let Some(middle) = hours.get(hours.len() / 2).filter(|_| hours.len() > 2) { span { (begins(middle)) } }
            span { "Now" }
        }
    }
}

/// Rows of label, bar, number and share of the whole; sorted by the caller, by meaning.
pub(crate) fn bars(rows: &[(Tone, String, u64)]) -> Markup {
    let most = rows.iter().map(|(_, _, number)| *number).max().unwrap_or(0);
    let all: u64 = rows.iter().map(|(_, _, number)| *number).sum();
    html! {
        ul.hbar {
            @for (tone, label, number) in rows {
                li {
                    span.trunc { (label) }
                    span.track { span class=(fill_class(*tone)) style={ "width:" (share(*number, most)) "%" } {} }
                    span.r.b { (thousands(*number)) }
                    span.r.p { (format::percent(*number, all)) }
                }
            }
        }
    }
}

/// One column for each answer of an agent; those above `slow` stand out. The number is below each.
pub(crate) fn columns(milliseconds: &[u32], slow: u32) -> Markup {
    let most = milliseconds.iter().copied().max().unwrap_or(0).max(slow);
    html! {
        div.lat {
            @for ms in milliseconds {
                @let tone = if *ms > slow { Tone::Warn } else { Tone::Accent };
                span {
                    i class=(fill_class(tone)) style={ "--part:" (share((*ms).into(), most.into())) } {}
                    small.num { (format::tenths((u64::from(*ms) + 50) / 100)) }
                }
            }
        }
    }
}

/// Calls a day as small columns, today last; the number is said beside it by the caller.
pub(crate) fn sparkline(days: &[u32]) -> Markup {
    let most = days.iter().copied().max().unwrap_or(0);
    html! {
        @if !days.is_empty() {
            span.spark role="img" aria-label=(week(days)) {
                @for calls in days { i style={ "height:" (share((*calls).into(), most.into())) "%" } {} }
            }
        }
    }
}

fn week(days: &[u32]) -> String {
    let numbers: Vec<String> = days.iter().map(u32::to_string).collect();
    format!("Calls a day, oldest first: {}", numbers.join(", "))
}

/// `part` of `most` in percent, with one decimal.
fn share(part: u64, most: u64) -> String {
    let permille = u128::from(part) * 1000 / u128::from(most.max(1));
    format!("{}.{}", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_whole_and_shares_are_of_the_sum() {
        let rows = [(Tone::Accent, "Answered".to_owned(), 30), (Tone::Mute, "No answer".to_owned(), 10)];

        let markup = bars(&rows).into_string();

        assert!(markup.contains("width:100.0%") && markup.contains("width:33.3%"));
        assert!(markup.contains("75.0%") && markup.contains("25.0%"));
    }

    #[test]
    fn nothing_is_drawn_without_height() {
        assert_eq!(share(0, 0), "0.0");
        assert!(sparkline(&[]).0.is_empty());
        assert!(sparkline(&[0, 3]).0.contains("oldest first: 0, 3"));
    }
}
