//! The handlers of pages: read from the store, fill a view model, draw.

pub mod sign_in;
pub mod theme;
