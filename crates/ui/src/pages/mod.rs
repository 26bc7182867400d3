//! Pages. Each takes its view model and the context; `agency` and `client` are two functions where their types differ.

pub mod accounts;
pub mod agents;
pub mod attention;
pub mod call;
pub mod calls;
pub mod campaign;
pub mod campaigns;
pub mod edit_campaign;
pub mod import;
pub mod lead;
pub mod leads;
pub mod limits;
pub mod new_campaign;
pub mod numbers;
pub mod organization;
pub mod organizations;
pub mod overview;
pub mod pace;
pub mod preflight;
pub mod rules;
pub mod search;
pub mod sign_in;
pub mod trouble;
pub mod webhooks;
pub mod why;
