//! The recording of a call: waveform if it was computed, controls, or a sentence why there is nothing to hear.

use super::icon;
use crate::charts::waveform;
use crate::format::minutes_and_seconds;
use crate::url;
use crate::view::{Peaks, Recording, Turn};
use maud::{Markup, html};

/// Whose voices, and where the audio is.
pub(crate) struct Voices<'a> {
    pub slug: &'a str,
    pub call_id: &'a str,
    pub agent: &'a str,
    pub lead: &'a str,
}

pub(crate) fn player(recording: &Recording, voices: &Voices<'_>, turns: &[Turn]) -> Markup {
    match recording {
        Recording::Ready { seconds, peaks } => ready(*seconds, peaks.as_ref(), voices, turns),
        Recording::Pending => nothing("The recording arrives within a minute after the call."),
        Recording::NotAnswered => nothing("No recording: nobody picked up."),
        Recording::NotRecorded => nothing("No recording: this agent does not record its calls."),
        Recording::Gone => nothing("The recording is gone: it was kept for as long as agreed, then removed."),
    }
}

fn nothing(sentence: &str) -> Markup {
    html! { p.note { (sentence) } }
}

fn ready(seconds: u32, peaks: Option<&Peaks>, voices: &Voices<'_>, turns: &[Turn]) -> Markup {
    let audio = url::recording(voices.slug, voices.call_id);
    let length = minutes_and_seconds(seconds);
    html! {
        div.player data-player data-seconds=(seconds) {
            audio preload="none" controls src=(audio) { "This browser does not play audio." }
            div.wave role="slider" tabindex="0" aria-label="Seek in the recording" aria-valuemin="0"
                aria-valuemax=(seconds) aria-valuenow="0" aria-valuetext={ "0:00 of " (length) } style="--p:0%" {
                @if let Some(peaks) = peaks {
                    (waveform(&peaks.agent, &peaks.lead))
                    span.lane.up { (voices.agent) }
                    span.lane.down { (voices.lead) }
                } @else {
                    span.rail { span {} }
                }
                span.playhead {}
                @for (at, name) in tools(turns) {
                    span.marker style={ "left:" (hundredths(at, seconds)) "%" } title=(name) { (icon("wrench")) }
                }
            }
            div.ctrls {
                button.play type="button" data-play aria-pressed="false" aria-label="Play" {
                    (icon("play")) (icon("pause"))
                }
                button.btn.quiet.icon type="button" data-skip="-5" aria-label="Back 5 seconds" { (icon("rotate-ccw")) }
                button.btn.quiet.icon type="button" data-skip="5" aria-label="Forward 5 seconds" { (icon("rotate-cw")) }
                span.t { span data-now { "0:00" } " / " (length) }
                button.btn.quiet.sm.push type="button" data-rate { "1×" span.vh { " playback speed" } }
                a.btn.quiet.icon href=(audio) download aria-label="Download the recording" { (icon("download")) }
            }
        }
    }
}

fn tools(turns: &[Turn]) -> impl Iterator<Item = (u32, &str)> {
    turns.iter().filter_map(|turn| match turn {
        Turn::Tool { at: Some(at), name, .. } => Some((*at, name.as_str())),
        Turn::Tool { at: None, .. } | Turn::Agent { .. } | Turn::Lead { .. } => None,
    })
}

/// How far `at` is on the way to `end`, in percent.
fn hundredths(at: u32, end: u32) -> String {
    let parts = u64::from(at.min(end)) * 1000 / u64::from(end.max(1));
    format!("{}.{}", parts / 10, parts % 10)
}
