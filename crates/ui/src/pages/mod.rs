//! Pages. Each takes its view model and the context; `agency` and `client` are two functions where their types differ.

pub mod call;
pub mod calls;
pub mod campaign;
pub mod campaigns;
pub mod import;
pub mod lead;
pub mod leads;
pub mod new_campaign;
pub mod organization;
pub mod organizations;
pub mod overview;
pub mod search;
pub mod sign_in;
pub mod trouble;
pub mod webhooks;
