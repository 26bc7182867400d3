//! Calls a minute: started and answered, with the limit as a dashed line.

use super::curve::path;
use super::scale::Scale;
use crate::context::Context;
use crate::format;
use crate::view::Pace;
use maud::{Markup, html};

/// Every how many minutes the time is written below.
const TICK_MINUTES: i8 = 10;

struct Series {
    name: &'static str,
    tone: &'static str,
    values: Vec<u32>,
}

/// The chart with its crosshair, which the script moves, and the same numbers as a table.
pub(crate) fn pace_chart(pace: &Pace, context: &Context) -> Markup {
    let series = [
        Series { name: "Started", tone: "accent", values: pace.minutes.iter().map(|minute| minute.started).collect() },
        Series { name: "Answered", tone: "good", values: pace.minutes.iter().map(|minute| minute.answered).collect() },
    ];
    let times: Vec<_> = pace.minutes.iter().map(|minute| minute.at.to_zoned(context.zone.clone()).time()).collect();
    let top = series.iter().flat_map(|one| one.values.iter().copied()).chain(pace.limit).max().unwrap_or(0);
    let scale = Scale::reaching(top);
    let labels: Vec<String> = times.iter().map(|time| format::time_of_day(*time)).collect();
    let ticks = times.iter().enumerate().filter(|(_, time)| time.minute() % TICK_MINUTES == 0);
    html! {
        div.chart.tc.tall data-chart=(data(&labels, &series, scale)) tabindex="0" role="img" aria-label=(sentence(pace)) {
            div.ty {
                @for line in 0..=scale.steps {
                    span style={ "bottom:" (percent(scale.percent(line * scale.step))) } { (line * scale.step) }
                }
            }
            div.plot {
                @for line in 0..=scale.steps { i.g style={ "bottom:" (percent(scale.percent(line * scale.step))) } {} }
                svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" {
                    @for one in &series {
                        @let line = path(&one.values, scale.max());
                        @if !line.is_empty() { path class={ "a-" (one.tone) } d={ (line) "L1000,100L0,100Z" } {} }
                        path class={ "ln s-" (one.tone) } d=(line) {}
                    }
                }
                @if let Some(limit) = pace.limit {
                    i.lim style={ "bottom:" (percent(scale.percent(limit))) } { span { "Limit " (limit) } }
                }
                i.cross {}
                @for one in &series { i.pt class={ "f-" (one.tone) } {} }
            }
            div.tx {
                @for (index, time) in ticks {
                    span style={ "left:" (percent(share(index, labels.len()))) } { (format::time_of_day(*time)) }
                }
            }
            div.tip aria-hidden="true" {}
        }
        (as_table(pace, &labels))
    }
}

fn sentence(pace: &Pace) -> String {
    let (minutes, count) = (&pace.minutes, pace.minutes.len());
    let Some(last) = minutes.last() else {
        return "Calls a minute. No full minute has passed yet.".to_owned();
    };
    let limit = pace.limit.map(|limit| format!(" The limits let {limit} through.")).unwrap_or_default();
    let (started, answered) = (last.started, last.answered);
    format!(
        "Calls a minute over the last {count} minutes. In the last one {started} were started and {answered} answered.{limit}"
    )
}

fn as_table(pace: &Pace, labels: &[String]) -> Markup {
    html! {
        details.as-table {
            summary { "Show as table" }
            div.tbl-wrap role="group" aria-label="Calls a minute" tabindex="0" {
                table.tbl {
                    thead { tr { th scope="col" { "Minute" } th.r scope="col" { "Started" } th.r scope="col" { "Answered" } } }
                    tbody { @for (minute, label) in pace.minutes.iter().zip(labels).rev() {
                        tr { th scope="row" { (label) } td.r { (minute.started) } td.r { (minute.answered) } }
                    } }
                }
            }
        }
    }
}

/// What the script needs for the crosshair: labels, and each series with its tone and values.
fn data(labels: &[String], series: &[Series], scale: Scale) -> String {
    let series: Vec<_> = series
        .iter()
        .map(|one| serde_json::json!({ "name": one.name, "tone": one.tone, "values": one.values }))
        .collect();
    serde_json::json!({ "max": scale.max(), "labels": labels, "series": series }).to_string()
}

fn share(index: usize, count: usize) -> f64 {
    let whole = u32::try_from(count.saturating_sub(1).max(1)).unwrap_or(u32::MAX);
    f64::from(u32::try_from(index).unwrap_or(u32::MAX)) / f64::from(whole) * 100.0
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::PaceMinute;

    #[test]
    fn the_chart_is_told_in_a_sentence() {
        let at = "2026-11-24T16:42:00Z".parse().unwrap();
        let pace = Pace { minutes: vec![PaceMinute { at, started: 19, answered: 8 }], limit: Some(21) };

        assert_eq!(
            sentence(&pace),
            "Calls a minute over the last 1 minutes. In the last one 19 were started and 8 answered. \
             The limits let 21 through."
        );
    }

    #[test]
    fn places_go_from_edge_to_edge() {
        assert_eq!(percent(share(0, 41)), "0.00%");
        assert_eq!(percent(share(40, 41)), "100.00%");
        assert_eq!(percent(share(0, 1)), "0.00%");
    }
}
