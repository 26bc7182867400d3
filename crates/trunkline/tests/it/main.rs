//! The integration tests: one binary, so that the program is linked once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agency_pages;
mod answers;
mod attention;
mod call_pages;
mod campaign_pages;
mod catalog;
mod claims;
mod clock_changes;
mod controls;
mod decisions;
mod dialing_settings;
mod dispatch;
mod documents;
mod exactly_once;
mod fairness;
mod incidents;
mod intake;
mod isolation;
mod lead_import;
mod lead_pages;
mod limits;
mod list_plans;
mod outages;
mod postgres_drills;
mod provisioning;
mod refusals;
mod restore;
mod rule_pages;
mod sign_in;
mod statements;
mod strangers;
mod support;
mod switches;
mod tidy;
mod unanswered_numbers;
mod unknown_calls;
mod why;
