//! Switching off and on: the question before, the way back, and how it came about.

use super::{icon, moment};
use crate::context::Context;
use crate::view::SwitchedOff;
use maud::{Markup, html};

/// "Since 10:42 AM by Sam Okoro, until 2:00 PM: restored from a backup".
pub(crate) fn off_story(off: &SwitchedOff, context: &Context) -> Markup {
    html! {
        @if let Some(since) = off.since { "Since " (moment(since, context)) }
        @if let Some(by) = &off.by { " by " (by) }
        @if let Some(until) = off.until {
            @if off.since.is_some() || off.by.is_some() { ", until " } @else { "Until " }
            (moment(until, context))
        }
        @if let Some(because) = &off.because {
            @if off.since.is_some() || off.by.is_some() || off.until.is_some() { ": " }
            (because)
        }
    }
}

/// The question before something is switched off. It opens without script, and its reason may be left empty.
pub(crate) struct PauseDialog<'a> {
    /// Unique on the page.
    pub id: &'a str,
    pub action: &'a str,
    /// What the button says, and what it is about: "Pause", "Ava".
    pub verb: &'a str,
    pub what: &'a str,
    /// What happens, in a sentence.
    pub sentence: &'a str,
    /// More fields of the form.
    pub more: Markup,
    /// Where the page is that comes after, if it is not fixed.
    pub back: Option<&'a str>,
}

/// The button, and the dialog that it opens.
pub(crate) fn pause_button(dialog: &PauseDialog<'_>, class: &str, icon_name: &str) -> Markup {
    let PauseDialog { id, action, verb, what, sentence, more, back } = dialog;
    html! {
        button class=(class) type="button" popovertarget=(id) { (icon(icon_name)) (verb) (unseen(what)) }
        div id=(id) popover class="dialog" role="dialog" aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (verb) (seen(what)) }
            p { (sentence) }
            form.form method="post" action=(action) {
                @if let Some(back) = back { input type="hidden" name="back" value=(back); }
                (more)
                div.form-row {
                    label for={ (id) "-because" } { "Why" }
                    input.input id={ (id) "-because" } name="because" maxlength="200" aria-describedby={ (id) "-hint" };
                    p.note id={ (id) "-hint" } { "May be left empty. Whoever looks at it reads this." }
                }
                div.bar {
                    button.btn.danger { (verb) (seen(what)) }
                    button.btn type="button" popovertarget=(id) popovertargetaction="hide" { "Leave it" }
                }
            }
        }
    }
}

/// Takes up again in one click.
pub(crate) fn resume_form(action: &str, verb: &str, what: &str) -> Markup {
    html! {
        form method="post" action=(action) {
            button.btn.sm { (icon("play")) (verb) (unseen(what)) }
        }
    }
}

/// What a button is about: the row it stands in says so to whoever sees it.
fn unseen(what: &str) -> Markup {
    html! { @if !what.is_empty() { span.vh { " " (what) } } }
}

fn seen(what: &str) -> Markup {
    html! { @if !what.is_empty() { " " (what) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Audience, Clock, Context, Theme, User};
    use crate::view::OrganizationName;

    fn context() -> Context {
        let organization = OrganizationName { slug: "acme".into(), name: "Acme".into() };
        Context {
            audience: Audience::Client { organization },
            user: User { name: "Dana".into(), role: "Manager".into() },
            rights: Vec::new(),
            theme: Theme::System,
            path: "/".into(),
            now: "2026-11-24T16:42:20Z".parse().expect("this is a time"),
            zone: jiff::tz::TimeZone::UTC,
            clock: Clock::default(),
            simulated: false,
            notice: None,
            dialing_paused: None,
            attention: 0,
        }
    }

    #[test]
    fn what_is_known_of_a_pause_is_told_and_what_is_not_leaves_no_hole() {
        let all = SwitchedOff {
            since: Some("2026-11-24T16:00:00Z".parse().expect("this is a time")),
            by: Some("Sam".into()),
            because: Some("too many complaints".into()),
            until: None,
        };

        assert!(off_story(&all, &context()).0.ends_with(" by Sam: too many complaints"));
        let reason = SwitchedOff { because: Some("gone".into()), ..SwitchedOff::default() };
        assert_eq!(off_story(&reason, &context()).0, "gone");
    }
}
