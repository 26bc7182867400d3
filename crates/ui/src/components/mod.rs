//! What pages are put together from. A component is a function: values in, markup out.

mod avatar;
mod badge;
mod card;
mod empty;
mod field;
mod icon;
mod last_change;
mod link;
mod moment;
mod navigation;
mod pager;
mod palette;
mod player;
mod progress;
mod shell;
mod stat;
mod switch;
mod table;
mod transcript;
mod why;

pub(crate) use avatar::{avatar, organization_mark, person};
pub(crate) use badge::{badge, call_badge, campaign_badge, dot, event_badge, lead_badge, outcome_label, outcome_tone};
pub(crate) use card::{card, card_with, key_values};
pub(crate) use empty::empty;
pub(crate) use field::{
    block, checks, count_input, error_summary, field_error, holidays_field, input, number_field, select, text_field,
    week_fields,
};
pub(crate) use icon::icon;
pub(crate) use last_change::last_change;
pub(crate) use link::{campaign_link, organization_link, organization_name, tabs};
pub(crate) use moment::{ago, clock_time, moment, zone_note};
pub(crate) use navigation::{Place, logo};
pub(crate) use pager::{pager, total};
pub(crate) use palette::{group_name, hits, palette};
pub(crate) use player::{Voices, player};
pub(crate) use progress::{Part, meter, progress_bar, progress_parts, segments};
pub(crate) use shell::{Frame, document, page};
pub(crate) use stat::{Stat, stats};
pub(crate) use switch::{PauseDialog, off_story, pause_button, resume_form};
pub(crate) use table::{column, number_column, table};
pub(crate) use transcript::{SLOW_MS, transcript};
pub(crate) use why::{facts, why, why_alone};

use crate::view::Tone;

/// The class that gives text, dots and badges a tone.
pub(crate) fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Mute => "mute",
        Tone::Accent => "accent",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
        Tone::Plum => "plum",
    }
}

/// The class that fills an area with a tone.
pub(crate) fn fill_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Mute => "f-mute",
        Tone::Accent => "f-accent",
        Tone::Good => "f-good",
        Tone::Warn => "f-warn",
        Tone::Bad => "f-bad",
        Tone::Plum => "f-plum",
    }
}
