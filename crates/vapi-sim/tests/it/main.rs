//! The simulator from outside: over its REST API, with a server of ours for its webhooks and a clock that
//! stands still until a test moves it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod auto_run;
mod calls;
mod faults;
mod inbound;
mod journal;
mod listing;
mod refusals;
mod support;
mod webhooks;
