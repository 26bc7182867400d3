//! The handlers of pages: read from the store, fill a view model, draw.

pub mod call;
pub mod calls;
pub mod campaign;
pub mod campaigns;
pub mod lead;
pub mod lead_import;
pub mod leads;
pub mod new_campaign;
pub mod organizations;
pub mod overview;
pub mod search;
pub mod sign_in;
pub mod theme;
pub mod webhooks;
