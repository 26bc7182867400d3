//! What was said, turn by turn.

use super::{avatar, badge, icon};
use crate::format::{minutes_and_seconds, seconds_of};
use crate::view::{Tone, Transcript, Turn};
use maud::{Markup, html};

/// An answer that took longer than this is marked, in milliseconds.
pub(crate) const SLOW_MS: u32 = 1000;

pub(crate) fn transcript(transcript: &Transcript, agent: &str, lead: &str) -> Markup {
    match transcript {
        Transcript::Pending => {
            html! { p.note.pad { "The transcript arrives within a minute after the call." } }
        }
        Transcript::Nothing => html! { p.note.pad { "Nothing was said." } },
        Transcript::Turns(turns) => html! {
            ol.turns data-turns { @for (index, item) in turns.iter().enumerate() {
                (turn(item, next_at(&turns[index + 1..]), (agent, lead)))
            } }
        },
    }
}

/// When the next turn begins: until then this one is the current one.
fn next_at(rest: &[Turn]) -> Option<u32> {
    rest.iter().find_map(|turn| match turn {
        Turn::Agent { at, .. } | Turn::Lead { at, .. } => *at,
        Turn::Tool { .. } => None,
    })
}

fn turn(turn: &Turn, until: Option<u32>, (agent, lead): (&str, &str)) -> Markup {
    match turn {
        Turn::Agent { at, text, response_ms } => html! {
            li.turn data-from=[*at] data-until=[until] {
                (seek(*at)) (avatar(agent))
                div {
                    span.speaker {
                        (agent)
                        @if let Some(ms) = response_ms.filter(|ms| *ms > SLOW_MS) {
                            (badge(Tone::Warn, "timer", &format!("{} to answer", seconds_of(ms))))
                        }
                    }
                    p { (text) }
                }
            }
        },
        Turn::Lead { at, text } => html! {
            li.turn data-from=[*at] data-until=[until] {
                (seek(*at)) (avatar(lead)) div { span.speaker { (lead) } p { (text) } }
            }
        },
        Turn::Tool { at, name, result, took_ms } => html! {
            li.turn.tool {
                (seek(*at))
                div {
                    (icon("wrench")) code { (name) } span.muted aria-hidden="true" { "→" } span.trunc { (result) }
                    @if let Some(ms) = took_ms { span.muted.num.nowrap { (ms) " ms" } }
                }
            }
        },
    }
}

fn seek(at: Option<u32>) -> Markup {
    html! {
        span.at {
            @if let Some(at) = at {
                @let text = minutes_and_seconds(at);
                button type="button" data-seek=(at) aria-label={ (text) ", play from here" } { (text) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_text_not_markup() {
        let turns = vec![Turn::Lead { at: Some(3), text: "<script>alert(1)</script>".into() }];

        let markup = transcript(&Transcript::Turns(turns), "Ava", "Maya").into_string();

        assert!(markup.contains("&lt;script&gt;") && !markup.contains("<script>"));
    }

    #[test]
    fn only_a_slow_answer_is_marked() {
        let slow = |response_ms| Turn::Agent { at: None, text: "Yes.".into(), response_ms };
        let draw = |turn| transcript(&Transcript::Turns(vec![turn]), "Ava", "Maya").into_string();

        assert!(draw(slow(Some(1180))).contains("1.2 s to answer"));
        assert!(!draw(slow(Some(990))).contains("to answer"));
    }
}
