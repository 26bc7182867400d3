//! An object of the provider together with the text it was read from.

use std::ops::Deref;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The facts this crate reads from an object, and the whole object as Vapi sent it.
///
/// Vapi's objects have many more fields than are typed here and gain new ones without notice; `raw` has them all.
#[derive(Debug, Clone)]
pub struct Fetched<T> {
    /// The typed part; also reached directly, by dereferencing.
    pub facts: T,
    /// The object as received.
    pub raw: Box<RawValue>,
}

impl<T> Deref for Fetched<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.facts
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Fetched<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let facts = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        Ok(Self { facts, raw })
    }
}
