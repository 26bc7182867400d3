//! The integration tests: one binary, so that the program is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod dispatch;
mod postgres_drills;
mod support;
