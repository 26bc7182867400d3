//! What Trunkline decides, computed from facts: no `.await`, no clock, no SQL, no provider words.

mod text_enum;

pub(crate) mod calling_hours;
pub(crate) mod outcome;
pub(crate) mod status;
