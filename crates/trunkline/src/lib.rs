//! Trunkline: the control plane with which an agency runs AI voice agents for many client organizations.
//!
//! A library so that the integration tests run what the binary runs; nothing of it is meant for others. The rooms and
//! the arrows between them are in ARCHITECTURE.md.

// First, so that its macro is known to the others.
#[macro_use]
pub mod failpoint;

pub mod app;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod dialer;
pub mod domain;
pub mod explain;
pub mod http;
pub mod intake;
pub mod internal;
pub mod lead_imports;
pub mod postgres;
pub mod provision;
pub mod runtime;
pub mod server;
pub mod settlement;
pub mod store;
pub mod tls;
pub mod vault;
