//! Chance that can be had again: every draw follows from the seed and the name of what is drawn.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// A stream of draws that belongs to one thing, such as one call or one webhook.
pub(crate) struct Chance(StdRng);

impl Chance {
    /// The stream of the thing named by `parts`. The same seed and parts give the same draws.
    pub(crate) fn of(seed: u64, parts: &[&[u8]]) -> Self {
        // FNV-1a: the standard hasher may change with the compiler, and a seed must outlive it.
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ seed;
        for part in parts {
            for byte in part.iter().chain(&[0xff]) {
                hash ^= u64::from(*byte);
                hash = hash.wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self(StdRng::seed_from_u64(hash))
    }

    /// True with the given probability (0 to 1).
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.0.random::<f64>() < probability
    }

    /// A number from `low` up to `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// One of the choices; panics when there is none.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.0.random_range(0..choices.len())]
    }

    /// One of the choices, each as likely as its weight says.
    pub(crate) fn weigh<T: Copy>(&mut self, choices: &[(T, f64)]) -> T {
        let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut rest = self.between(0.0, total);
        for (choice, weight) in choices {
            if rest < *weight {
                return *choice;
            }
            rest -= weight;
        }
        choices.last().expect("a weighed list has choices").0
    }

    /// Sixteen random bytes.
    pub(crate) fn bytes(&mut self) -> [u8; 16] {
        self.0.random()
    }

    /// A version 7 id, as Vapi gives its calls since 2025.
    pub(crate) fn call_id(&mut self, millisecond: i64) -> Uuid {
        let bytes = self.bytes();
        let entropy: [u8; 10] = bytes[..10].try_into().expect("ten of sixteen bytes");
        let millisecond = u64::try_from(millisecond).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millisecond, &entropy).into_uuid()
    }

    /// A version 4 id, as Vapi gives everything that is not a call.
    pub(crate) fn resource_id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }
}
