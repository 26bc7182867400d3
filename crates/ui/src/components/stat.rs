//! A strip of numbers.

use maud::{Markup, html};

/// One number of a strip.
pub(crate) struct Stat {
    pub label: &'static str,
    pub value: String,
    /// Beside the number: `of 4,120`; may be empty.
    pub unit: String,
    /// Below the number; may be empty.
    pub below: Markup,
}

impl Stat {
    pub(crate) fn new(label: &'static str, value: impl Into<String>) -> Stat {
        Stat { label, value: value.into(), unit: String::new(), below: html! {} }
    }

    pub(crate) fn unit(self, unit: impl Into<String>) -> Stat {
        Stat { unit: unit.into(), ..self }
    }

    pub(crate) fn below(self, below: Markup) -> Stat {
        Stat { below, ..self }
    }
}

/// The strip, replaceable by its id.
pub(crate) fn stats(id: &str, stats: &[Stat]) -> Markup {
    html! {
        dl.stats.card id=(id) data-count=(stats.len()) {
            @for stat in stats {
                div.stat {
                    dt { (stat.label) }
                    dd {
                        span data-num { (stat.value) }
                        @if !stat.unit.is_empty() { " " small { (stat.unit) } }
                    }
                    dd.sub { (stat.below) }
                }
            }
        }
    }
}
