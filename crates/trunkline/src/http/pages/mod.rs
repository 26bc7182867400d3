//! The handlers of pages: read from the store, fill a view model, draw.

pub mod call;
pub mod calls;
pub mod lead;
pub mod lead_import;
pub mod leads;
pub mod sign_in;
pub mod theme;
