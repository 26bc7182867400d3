//! vapi-sim
