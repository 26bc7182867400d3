//! Badges: a word with an icon. The colour only repeats the word.

use super::{icon, tone_class};
use crate::view::{CallState, CampaignState, EventState, Goal, LeadState, Outcome, Tone};
use maud::{Markup, html};

pub(crate) fn badge(tone: Tone, icon_name: &str, label: &str) -> Markup {
    html! { span class={ "badge " (tone_class(tone)) } { (icon(icon_name)) (label) } }
}

/// A badge for what goes on at this moment.
fn moving_badge(tone: Tone, label: &str) -> Markup {
    html! { span class={ "badge " (tone_class(tone)) } { span class={ "dot pulse " (tone_class(tone)) } {} (label) } }
}

pub(crate) fn dot(tone: Tone) -> Markup {
    html! { span class={ "dot " (tone_class(tone)) } aria-hidden="true" {} }
}

/// How a call stands or ended. A goal that was met says more than that somebody answered.
pub(crate) fn call_badge(state: CallState, goal: Goal) -> Markup {
    match (state, goal) {
        (CallState::Queued, _) => badge(Tone::Mute, "clock", "Queued"),
        (CallState::Ringing, _) => moving_badge(Tone::Warn, "Ringing"),
        (CallState::Talking, _) => moving_badge(Tone::Accent, "On the line"),
        (CallState::Ended(Outcome::Answered), Goal::Met) => badge(Tone::Good, "circle-check", "Goal met"),
        (CallState::Ended(outcome), _) => badge(outcome_tone(outcome), outcome_icon(outcome), outcome_label(outcome)),
    }
}

pub(crate) fn outcome_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "Answered",
        Outcome::Voicemail => "Voicemail",
        Outcome::NoAnswer => "No answer",
        Outcome::Busy => "Busy",
        Outcome::Refused => "Refused",
        Outcome::Failed => "Failed",
    }
}

pub(crate) fn outcome_tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Answered => Tone::Accent,
        Outcome::Voicemail => Tone::Plum,
        Outcome::NoAnswer => Tone::Mute,
        Outcome::Busy => Tone::Warn,
        Outcome::Refused | Outcome::Failed => Tone::Bad,
    }
}

fn outcome_icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "message-square",
        Outcome::Voicemail => "voicemail",
        Outcome::NoAnswer => "phone-missed",
        Outcome::Busy => "phone-off",
        Outcome::Refused => "ban",
        Outcome::Failed => "triangle-alert",
    }
}

pub(crate) fn campaign_badge(state: &CampaignState) -> Markup {
    match state {
        CampaignState::Draft => badge(Tone::Mute, "pencil", "Draft"),
        CampaignState::Scheduled { .. } => badge(Tone::Accent, "calendar-clock", "Scheduled"),
        CampaignState::Running => moving_badge(Tone::Good, "Running"),
        CampaignState::Paused { .. } => badge(Tone::Warn, "pause", "Paused"),
        CampaignState::Finishing => moving_badge(Tone::Accent, "Finishing"),
        CampaignState::Done { .. } => badge(Tone::Mute, "circle-check", "Done"),
        CampaignState::Stopped { .. } => badge(Tone::Bad, "square", "Stopped"),
    }
}

pub(crate) fn lead_badge(state: LeadState) -> Markup {
    match state {
        LeadState::Idle => badge(Tone::Mute, "circle-dot", "In no campaign"),
        LeadState::ToCall => badge(Tone::Accent, "clock", "To be called"),
        LeadState::OnTheLine => moving_badge(Tone::Accent, "On the line"),
        LeadState::Reached => badge(Tone::Good, "circle-check", "Reached"),
        LeadState::Exhausted => badge(Tone::Mute, "phone-missed", "Not reached"),
        LeadState::DoNotCall => badge(Tone::Bad, "ban", "Do not call"),
    }
}

pub(crate) fn event_badge(state: EventState) -> Markup {
    match state {
        EventState::Waiting => badge(Tone::Mute, "clock", "Waiting"),
        EventState::Applied => badge(Tone::Good, "circle-check", "Applied"),
        EventState::Unattributed => badge(Tone::Warn, "circle-alert", "Unattributed"),
        EventState::SetAside => badge(Tone::Bad, "triangle-alert", "Set aside"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_has_its_meaning_in_words() {
        for outcome in Outcome::ALL {
            let markup = call_badge(CallState::Ended(outcome), Goal::Unknown).into_string();
            assert!(markup.contains(outcome_label(outcome)));
        }
    }

    #[test]
    fn a_goal_is_said_only_of_calls_that_were_answered() {
        assert!(call_badge(CallState::Ended(Outcome::Answered), Goal::Met).0.contains("Goal met"));
        assert!(call_badge(CallState::Ended(Outcome::Voicemail), Goal::Met).0.contains("Voicemail"));
    }
}
