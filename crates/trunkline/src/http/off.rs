//! What the store knows of something that is switched off, as pages draw it.

use crate::store::number_list::Off;
use ui::view::SwitchedOff;

pub(super) fn drawn(off: Off) -> SwitchedOff {
    let Off { since, by, because, until } = off;
    SwitchedOff { since, by, because, until }
}
