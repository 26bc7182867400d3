//! What Trunkline decides, computed from facts: no `.await`, no clock, no SQL, no provider words.

pub mod call_evidence;
pub mod calling_hours;
pub mod conversation;
pub mod dispatch_policy;
pub mod ids;
pub mod inbound_policy;
pub mod lead_file;
pub mod local_day;
pub mod outcome;
pub mod pace;
pub mod passages;
pub mod phone_number;
pub mod phone_time_zones;
pub mod preflight;
pub mod protocol;
pub mod public_address;
pub mod retry_policy;
pub mod role;
pub mod status;
pub mod text_enum;
pub mod time_zone;
pub mod tool;
pub mod why;
