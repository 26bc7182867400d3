//! The subcommands that are more than a call of one room.

pub mod add;
pub mod answer;
pub mod bench;
pub mod doctor;
pub mod import;
pub mod migrate;
pub mod provision;
pub mod quarantine;
pub mod reach;
pub mod serve;
pub mod simulate;
pub mod switch;
mod webhook_secret;
pub mod why;
