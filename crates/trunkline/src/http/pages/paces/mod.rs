//! How fast a number, a line pool or a provider account may be used, for the agency: a form each, alike.

pub(crate) mod account;
mod form;
pub(crate) mod number;
pub(crate) mod pool;
