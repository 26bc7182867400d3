//! The frame of every page: head, bar at the left, bar at the top.

use super::navigation::{Place, navigation};
use super::{icon, off_story, palette, tone_class};
use crate::asset_url;
use crate::context::{Context, Notice, Theme};
use crate::format::when;
use crate::view::{DialingPaused, Tone};
use maud::{DOCTYPE, Markup, html};

/// What a page tells its frame.
pub(crate) struct Frame<'a> {
    pub title: &'a str,
    pub place: Place,
    /// Addresses and names of the pages above this one.
    pub above: &'a [(String, &'a str)],
    /// True for a page that a stream keeps up to date.
    pub is_live: bool,
    /// True for a page that brings its own padding, to have a panel beside it.
    pub is_split: bool,
}

/// A page for somebody who is signed in.
pub(crate) fn page(context: &Context, frame: &Frame<'_>, body: &Markup) -> Markup {
    let whole = html! {
        a.skip href="#main" { "Skip to content" }
        (gradients())
        div.app {
            (navigation(context, frame.place))
            div.main {
                @if context.simulated { (simulated(context)) }
                @if let Some(paused) = &context.dialing_paused { (dialing_paused(paused, context)) }
                (top(context, frame))
                main #main tabindex="-1" class=[(!frame.is_split).then_some("page")] { (body) }
            }
        }
        (palette(context))
        (keys())
        div.toasts #toasts role="status" { @if let Some(notice) = &context.notice { (toast(notice)) } }
    };
    document(frame.title, context.theme, &whole)
}

/// The page around a page: for somebody who is not signed in, this is all of it.
pub(crate) fn document(title: &str, theme: Theme, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=(theme.name()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=(HTMX_CONFIG);
                title { (title) " · Trunkline" }
                link rel="preload" href=(asset_url("inter.woff2")) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(asset_url("app.css"));
                link rel="icon" type="image/svg+xml" href=(asset_url("favicon.svg"));
                script src=(asset_url("htmx.js")) defer {}
                script src=(asset_url("app.js")) defer type="module" {}
            }
            body { (body) }
        }
    }
}

/// Server errors are not swapped into a page, a details element keeps its state over a morph, and a lost stream comes
/// back within seconds of the server. Nothing here needs `unsafe-eval`: no attribute with script in it is ever drawn.
const HTMX_CONFIG: &str =
    r#"{"noSwap":[204,304,"4xx","5xx"],"morphIgnore":["data-htmx-powered","open"],"sse":{"reconnectMaxDelay":3000}}"#;

fn top(context: &Context, frame: &Frame<'_>) -> Markup {
    html! {
        header.top {
            a.btn.quiet.icon.menu-btn href="#nav" aria-label="Open menu" data-nav { (icon("menu")) }
            nav.crumbs aria-label="Breadcrumb" {
                ol {
                    @for (href, name) in frame.above { li { a href=(href) { (name) } } }
                    li { span aria-current="page" { (frame.title) } }
                }
            }
            div.end {
                @if frame.is_live {
                    span.livechip #livechip data-state="off" role="status" {
                        span.dot.good.pulse aria-hidden="true" {}
                        span data-live-text { "Connecting" }
                    }
                }
                form method="post" action="/theme" data-theme-toggle {
                    input type="hidden" name="back" value=(context.path);
                    @let (theme, icon_name) = other(context.theme);
                    button.btn.quiet.icon name="theme" value=(theme.name()) aria-label="Switch between light and dark" {
                        (icon(icon_name))
                    }
                }
                button.btn.quiet.icon.hide-s type="button" popovertarget="keys" aria-label="Keyboard shortcuts" {
                    (icon("keyboard"))
                }
            }
        }
    }
}

fn other(theme: Theme) -> (Theme, &'static str) {
    match theme {
        Theme::Dark => (Theme::Light, "sun"),
        Theme::Light | Theme::System => (Theme::Dark, "moon"),
    }
}

fn simulated(context: &Context) -> Markup {
    html! {
        aside.banner aria-label="Simulation" {
            (icon("flask-conical"))
            span { b { "Simulated." } span.hide-s { " The phones are made up; no one is called and nothing is billed." } }
            @if let Some(label) = &context.clock.label { span.end { (icon("timer")) (label) } }
        }
    }
}

/// The agency's switch is off: who switched it, since when and why, with the way back.
fn dialing_paused(paused: &DialingPaused, context: &Context) -> Markup {
    html! {
        aside.banner.stop aria-label="Dialing is paused" {
            (icon("pause"))
            @match paused {
                DialingPaused::ForAgency(off) => {
                    span { b { "All dialing is paused. " } span { (off_story(off, context)) } }
                    form.end method="post" action="/dialing/resume" {
                        input type="hidden" name="back" value=(context.path);
                        button.btn.sm { (icon("play")) "Dial again" }
                    }
                }
                DialingPaused::Quarantine { since, because } => span {
                    b { "Nothing is dialed. " }
                    "Since " (when(*since, context.now, &context.zone)) ": " (because) ". "
                    span.hide-s { "It goes on by itself once every call at the provider is known here." }
                },
                DialingPaused::ForClient => span {
                    b { "Dialing is paused by your agency. " } "Your leads keep their places."
                },
            }
        }
    }
}

fn toast(notice: &Notice) -> Markup {
    html! {
        div class={ "toast " (tone_class(notice.tone)) } {
            @if matches!(notice.tone, Tone::Bad | Tone::Warn) { (icon("circle-alert")) } @else { (icon("circle-check")) }
            span { (notice.text) }
            button.btn.quiet.icon.sm type="button" aria-label="Dismiss" data-dismiss { (icon("x")) }
        }
    }
}

/// The keys, for those who ask by `?`. A single letter does nothing while a field has the focus.
fn keys() -> Markup {
    let keys = [
        ("⌘ K", "Search and commands"),
        ("/", "Find in this list"),
        ("J  K", "Next and previous row or call"),
        ("Enter", "Open the row's own page"),
        ("Esc", "Close"),
        ("G then O P C L", "Go to overview, campaigns, calls, leads"),
        ("C", "New campaign"),
        (".", "Pause and resume live updates"),
        ("?", "This list"),
    ];
    html! {
        div #keys popover class="dialog" role="dialog" aria-labelledby="keys-title" {
            h2 #keys-title { "Keyboard" }
            dl.kv { @for (key, what) in keys { dt { kbd { (key) } } dd { (what) } } }
            label.check { input type="checkbox" data-single-keys checked; " Single letters are shortcuts" }
        }
    }
}

fn gradients() -> Markup {
    html! {
        svg.defs width="0" height="0" aria-hidden="true" {
            defs {
                @for name in ["accent", "good"] {
                    linearGradient id={ "g-" (name) } class={ "g-" (name) } x1="0" y1="0" x2="0" y2="1" {
                        stop offset="0" stop-opacity=".22" {}
                        stop offset="1" stop-opacity=".02" {}
                    }
                }
            }
        }
    }
}
