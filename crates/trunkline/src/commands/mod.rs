//! The subcommands of people, one module each. They are given what they work with; `main.rs` reads the settings.

pub mod import;
