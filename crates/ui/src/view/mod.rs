//! View models: what a page shows, as plain values. Ids are text, times are instants, money is decimal.
//!
//! Where the agency sees more than a client there are two types: the plain one is for both, and one that begins with
//! `Operator` wraps it and adds organization, cost and provider account.

mod attention;
mod call;
mod call_detail;
mod campaign;
mod control;
mod draft;
mod edit_campaign;
mod import;
mod lead;
mod limits;
mod list;
mod live;
mod organization;
mod outcome;
mod overview;
mod pace;
mod preflight;
mod rules;
mod search;
mod sign_in;
mod webhook;
mod why;

pub use attention::*;
pub use call::*;
pub use call_detail::*;
pub use campaign::*;
pub use control::*;
pub use draft::*;
pub use edit_campaign::*;
pub use import::*;
pub use lead::*;
pub use limits::*;
pub use list::*;
pub use live::*;
pub use organization::*;
pub use outcome::*;
pub use overview::*;
pub use pace::*;
pub use preflight::*;
pub use rules::*;
pub use search::*;
pub use sign_in::*;
pub use webhook::*;
pub use why::*;
