//! What people see: tokens, components, charts, pages and the view models they are drawn from.
//!
//! `trunkline` fills a view model and calls `pages::…(&view_model, &context)`; what comes back is markup. Nothing here
//! knows a database, a rule or a provider. What the agency sees and what a client sees are different types wherever a
//! cost, another organization or a provider account could appear: a client page cannot print what its type lacks.
//!
//! The same function draws a piece of a page and the same piece in the stream ([`stream`]).

pub mod assets;
mod charts;
mod components;
pub mod context;
pub mod format;
pub mod pages;
pub mod stream;
pub mod url;
pub mod view;
pub mod words;

pub use assets::asset_url;
pub use context::{Audience, Clock, Context, Notice, Right, Scope, Theme, User, Visitor};
pub use maud::Markup;
