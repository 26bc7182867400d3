//! What Trunkline decides, computed from facts: no `.await`, no clock, no SQL, no provider words.

mod text_enum;

pub mod calling_hours;
pub mod ids;
pub mod outcome;
pub mod status;
