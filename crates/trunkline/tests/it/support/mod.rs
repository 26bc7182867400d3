//! The world that an integration test lives in: a database of its own, the program's real routes on a real port, the
//! simulated provider, and a clock that only the test moves.
//!
//! Nothing happens by itself: [`World::dial`] lets the dialer do what is due, [`World::provider`] lets the provider do what
//! is due (its webhooks arrive over HTTP), [`World::apply`] applies what was kept.

mod accounts;
mod book_queries;
mod books;
mod builders;
mod by_hand;
mod database;
mod people;
pub(crate) mod source;
mod world;

pub(crate) use accounts::Second;
pub(crate) use builders::{Campaign, Client, hours, phones};
pub(crate) use database::TestDatabase;
pub(crate) use people::{Answer, Person};
pub(crate) use world::World;
