//! The few questions across organizations. Each is a function of schema `across`, returns ids or totals, and is known by
//! name to the catalog test.
