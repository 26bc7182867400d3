//! The books of a world: counters and lines must be what the attempts say, and the rings of the provider's journal must be
//! among the attempts that count.

use super::book_queries::{COUNTERS, LINES, LOST, MONEY_AND_PROMISES};
use super::world::World;
use jiff::SignedDuration;
use std::collections::{HashMap, HashSet};

/// A ring begins this much after its send at the latest: a test's clock goes in steps.
const RINGS_WITHIN: SignedDuration = SignedDuration::from_mins(2);
const RING_GAP: SignedDuration = SignedDuration::from_mins(60);

/// Attempts that count as rings, with their lead and day.
const COUNTED: &str = "
    select id || ' ' || organization_id || '/' || phone || ' ' || lead_day
    from attempts
    where lead_day is not null and not never_dialed";

impl World {
    /// Panics unless counters, lines, enrollments and the provider's journal agree with the attempts.
    pub(crate) async fn check_books(&self) {
        self.check_counters().await;
        self.check_rings().await;
    }

    /// The same without the journal.
    pub(crate) async fn check_counters(&self) {
        for query in [COUNTERS, LINES, LOST, MONEY_AND_PROMISES] {
            assert_eq!(self.sql(query).await, [""; 0], "the books are wrong");
        }
    }

    /// At most one ring an attempt, each counted, never two of one phone within the gap, and two a day at most.
    async fn check_rings(&self) {
        let counted = self.sql(COUNTED).await;
        let counted: HashMap<&str, (&str, &str)> = counted.iter().filter_map(|row| attempt_of(row)).collect();
        let mut rung = HashSet::new();
        let mut last = HashMap::new();
        let mut by_day: HashMap<(&str, &str), u32> = HashMap::new();
        let rings = self.provider.rings();
        for ring in &rings {
            let name = ring.name.as_deref().unwrap_or_default();
            let Some((phone, day)) = counted.get(name).copied() else { panic!("{name} rang and is not counted") };
            assert!(rung.insert(name), "attempt {name} rang twice");
            let earlier = last.insert(phone, ring.at);
            let gap = earlier.map(|earlier| ring.at.duration_since(earlier));
            assert!(gap.is_none_or(|gap| gap + RINGS_WITHIN >= RING_GAP), "{phone} rang again after {gap:?}");
            let today = by_day.entry((phone, day)).or_default();
            *today += 1;
            assert!(*today <= 2, "{phone} rang {today} times on {day}");
        }
    }
}

fn attempt_of(row: &str) -> Option<(&str, (&str, &str))> {
    let mut words = row.split(' ');
    Some((words.next()?, (words.next()?, words.next()?)))
}
