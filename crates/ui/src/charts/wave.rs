//! The waveform of a recording: the agent above the axis, the lead below.

use maud::{Markup, html};
use std::fmt::Write;

/// Room for one value, in the drawing's own units.
const STEP: usize = 4;

/// The same drawing twice: dim as a whole, and lit up to the playhead by a clip that the style sheet makes.
pub(crate) fn waveform(agent: &[u8], lead: &[u8]) -> Markup {
    let (above, below) = (bars(agent, |height| (48.5 - height, height)), bars(lead, |height| (51.5, height)));
    let view_box = format!("0 0 {} 100", agent.len().max(lead.len()) * STEP);
    html! {
        @for class in ["dim", "lit"] {
            svg class=(class) viewBox=(view_box) preserveAspectRatio="none" aria-hidden="true" {
                path.ag d=(above) {}
                path.cu d=(below) {}
            }
        }
    }
}

fn bars(peaks: &[u8], place: impl Fn(f64) -> (f64, f64)) -> String {
    let mut path = String::with_capacity(peaks.len() * 24);
    for (index, peak) in peaks.iter().enumerate() {
        let (top, height) = place((f64::from(*peak) / 255.0 * 46.0).max(0.7));
        write!(path, "M{},{top:.1}h2.7v{height:.1}h-2.7z", index * STEP + 1)
            .expect("a string takes all that is written to it");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_grows_away_from_the_axis() {
        let markup = waveform(&[255, 0], &[255, 0]).into_string();

        assert!(markup.contains("M1,2.5h2.7v46.0h-2.7zM5,47.8h2.7v0.7h-2.7z"), "{markup}");
        assert!(markup.contains("M1,51.5h2.7v46.0h-2.7z"));
    }
}
