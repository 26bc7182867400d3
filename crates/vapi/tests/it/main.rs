//! The client against a server that misbehaves on purpose, and the parsers against facts about Vapi when a copy of
//! them lies beside the repository.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asking;
#[cfg(target_os = "linux")]
mod cuts;
mod ended_reasons;
mod facts;
mod openapi;
mod payloads;
mod placing_a_call;
mod provider;
