//! All SQL, and the only place that begins a transaction. No decisions, no HTTP statuses, no provider types.
//!
//! A tenant's rows are reached through [`TenantTx`], the agency's reading through [`AgencyTx`], and the few questions
//! across organizations through the functions of [`across`].

pub mod account_list;
pub mod across;
pub mod agency_dispatch;
pub mod agent_list;
pub mod agents;
pub mod attempt_sends;
pub mod attempts;
pub mod attention;
pub mod audit;
pub mod cached;
pub mod call_detail;
pub mod call_list;
pub mod calls;
pub mod campaign_list;
pub mod campaign_live;
pub mod campaign_moves;
pub mod campaign_progress;
pub mod campaign_terms;
pub mod campaigns;
pub mod changes;
pub mod claims;
mod columns;
pub mod db;
pub mod decisions;
pub mod dnc;
mod error;
pub mod events;
pub mod inbound_agents;
pub mod installation;
pub mod keyset;
pub mod lead_detail;
pub mod lead_groups;
pub mod lead_imports;
pub mod lead_list;
pub mod leads;
pub mod limits;
pub mod memberships;
pub mod migrations;
pub mod number_list;
pub mod organization_activity;
pub mod organization_turns;
pub mod organizations;
pub mod overview;
pub mod owners;
pub mod phone_number_holds;
pub mod phone_numbers;
pub mod provider_accounts;
mod reach;
pub mod reservations;
pub mod search;
pub mod search_words;
pub mod send_gate;
pub mod sessions;
pub mod settings;
mod statement;
pub mod switches;
mod tx;
pub mod users;
pub mod walls;
pub mod webhook_refusals;
pub mod webhooks;

pub use db::Db;
pub use error::Error;
pub use reach::Reach;
pub use tx::{AgencyTx, PlainTx, TenantTx};

pub type Result<T> = std::result::Result<T, Error>;
