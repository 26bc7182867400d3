//! A make-believe Vapi over real HTTP, with its bad days.
//!
//! It depends on nothing else of Trunkline, so it cannot agree with Trunkline's mistakes. The demo calls it
//! instead of api.vapi.ai, the tests make it fail on purpose, and the benchmark loads it. What it imitates is
//! public: the `OpenAPI` document of Vapi, its documentation, both SDKs, and what people have seen in the field.
//!
//! ```text
//!   REST (rest/)  ──►  World  ◄──  Agenda: what is due when
//!                        │ messages
//!                        ▼
//!                     Courier  ──►  your server, with its answer back into the world
//! ```
//!
//! Time comes only from the clock in [`SimulatorConfig`]. With `auto_run` the simulator moves by itself;
//! without it, [`Simulator::settle`] moves it to the clock's present, in an order that follows from the seed.
//!
//! To try a client or an SDK by hand, [`run_standalone`] serves one furnished account and prints its private key:
//! three assistants (booking, quotes, intake) and two numbers, one imported from Twilio and one bought at Vapi.
//! Unscripted phones answer, ring out or are busy as the seed says: about 38 of 100 calls reach a person.
//!
//! Routes of the simulator's own, without a key: `GET /sim/journal`, `GET` and `PUT /sim/knobs`,
//! `POST /sim/inbound`, `GET /sim/recordings/{id}.wav`, `DELETE /sim/faults`.

#![warn(missing_docs)]

mod account;
mod agenda;
mod announce;
mod bill;
mod call;
mod call_index;
mod call_view;
mod chance;
mod config;
mod conversation;
mod courier;
mod create;
mod delivery;
mod dialogue;
mod faults;
mod inbound;
mod journal;
mod knobs;
mod life;
mod message;
mod moment;
mod outcome;
mod recording;
mod refusal;
mod rest;
mod restore;
mod server;
mod shared;
mod shelf;
mod signature;
mod simulator;
mod standalone;
mod strict;
mod target;
mod world;

pub use account::Account;
pub use config::{CALLS_MAX, Clock, JOURNAL_ENTRIES_MAX, LINES_MAX_DEFAULT, SimulatorConfig};
pub use conversation::Scene;
pub use faults::{CreateFault, ListFault};
pub use journal::{Created, Ended, Entry, Fate, Request, Ring, Totals, Webhook};
pub use knobs::{Knobs, OverLimit};
pub use outcome::Outcome;
pub use restore::RestoredCall;
pub use simulator::Simulator;
pub use standalone::{STANDALONE_ORG_ID, StandaloneOptions, run_standalone, start_standalone};
