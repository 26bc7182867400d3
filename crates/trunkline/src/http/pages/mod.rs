//! The handlers of pages: read from the store, fill a view model, draw.

pub(super) mod accounts;
pub(super) mod agents;
pub(super) mod attention;
pub(super) mod call;
pub(super) mod calls;
pub(super) mod campaign;
pub(super) mod campaigns;
pub(super) mod dialing;
pub(super) mod lead;
pub(super) mod lead_import;
pub(super) mod leads;
pub(super) mod limits;
pub(super) mod new_campaign;
pub(super) mod numbers;
pub(super) mod organizations;
pub(super) mod overview;
pub(super) mod preflight;
pub(super) mod search;
pub(super) mod sign_in;
pub(super) mod theme;
pub(super) mod webhooks;
pub(super) mod why;
mod written_hours;
mod written_number;
