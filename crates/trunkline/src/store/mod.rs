//! All SQL, and the only place that begins a transaction. No decisions, no HTTP statuses, no provider types.
//!
//! A tenant's rows are reached through [`TenantTx`], the agency's reading through [`AgencyTx`], and the few questions
//! across organizations through the functions of [`across`].

pub mod across;
pub mod attempts;
pub mod claims;
mod columns;
pub mod db;
mod error;
pub mod leads;
pub mod migrations;
pub mod organization_turns;
pub mod provider_accounts;
pub mod reservations;
mod statement;
mod tx;

pub use db::Db;
pub use error::Error;
pub use tx::{AgencyTx, PlainTx, TenantTx};

pub type Result<T> = std::result::Result<T, Error>;
