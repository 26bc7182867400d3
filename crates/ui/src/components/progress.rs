//! Bars: a campaign's leads by where they are, and how much of a limit is used.

use super::fill_class;
use crate::format::thousands;
use crate::view::{Progress, Tone};
use maud::{Markup, html};

/// One part of a segmented bar.
pub(crate) struct Part {
    pub class: &'static str,
    pub label: &'static str,
    pub count: u64,
}

/// The parts of a campaign's progress that are not empty; what is still open is always told.
pub(crate) fn progress_parts(progress: &Progress) -> Vec<Part> {
    let settled = [
        (fill_class(Tone::Good), "Goal met", progress.goals_met),
        (fill_class(Tone::Accent), "Answered", progress.answered),
        (fill_class(Tone::Plum), "Voicemail", progress.voicemail),
        (fill_class(Tone::Mute), "No answer", progress.no_answer),
        (fill_class(Tone::Bad), "Failed", progress.failed),
        ("f-dark", "Excluded", progress.excluded),
        (fill_class(Tone::Warn), "On the line", progress.on_the_line),
    ];
    let open = [("f-hatch", "To retry", progress.to_retry), ("f-rest", "Not called yet", progress.not_called)];
    settled
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .chain(open)
        .map(|(class, label, count)| Part { class, label, count })
        .collect()
}

/// A bar of parts side by side. `sentence` says the same for those who do not see it.
pub(crate) fn segments(parts: &[Part], sentence: &str) -> Markup {
    html! {
        div.seg role="img" aria-label=(sentence) {
            @for part in parts.iter().filter(|part| part.count > 0) {
                span class=(part.class) style={ "flex-grow:" (part.count) } {}
            }
            @if parts.iter().all(|part| part.count == 0) { span.f-rest style="flex-grow:1" {} }
        }
    }
}

/// The bar with a legend that prints each number.
pub(crate) fn progress_bar(progress: &Progress) -> Markup {
    let parts = progress_parts(progress);
    html! {
        (segments(&parts, &sentence(progress)))
        ul.legend {
            @for part in &parts {
                li { span class={ "sw " (part.class) } aria-hidden="true" {} (part.label) b { (thousands(part.count)) } }
            }
        }
    }
}

/// What the bar says: `2,227 of 4,120 leads have a result`.
pub(super) fn sentence(progress: &Progress) -> String {
    format!("{} of {} leads have a result", thousands(progress.settled()), thousands(progress.leads))
}

/// How much of `max` is used. The label names what is measured.
pub(crate) fn meter(label: &str, used: u64, max: u64, tone: Option<Tone>) -> Markup {
    let permille = if max == 0 { 1000 } else { (u128::from(used) * 1000 / u128::from(max)).min(1000) };
    let percent = format!("{}.{}", permille / 10, permille % 10);
    html! {
        div.meter role="meter" aria-label=(label) aria-valuemin="0" aria-valuemax="100" aria-valuenow=(permille / 10)
            aria-valuetext={ (thousands(used)) " of " (thousands(max)) } {
            span class=[tone.map(fill_class)] style={ "width:" (percent) "%" } {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_its_numbers_in_words() {
        let progress = Progress { leads: 4120, answered: 2227, not_called: 1893, ..Progress::default() };

        let markup = progress_bar(&progress).into_string();

        assert!(markup.contains("2,227 of 4,120 leads have a result"));
        assert!(markup.contains("Answered<b>2,227</b>") && !markup.contains("Voicemail"));
    }

    #[test]
    fn a_meter_has_its_role_and_never_overflows() {
        let markup = meter("Lines in use", 30, 18, None).into_string();

        assert!(markup.contains(r#"role="meter""#) && markup.contains("width:100.0%"));
        assert!(markup.contains(r#"aria-valuetext="30 of 18""#));
    }
}
