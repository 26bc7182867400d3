//! What is due when: a heap of events, earliest first, in the order they were added when due together.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::delivery::Delivery;

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Event {
    /// A scheduled call's time has come.
    Begin(Uuid),
    /// The far end begins to ring, or the carrier tries it.
    Ring(Uuid),
    /// Somebody or something picks up.
    PickUp(Uuid),
    /// The item with this index of the conversation takes place.
    Turn(Uuid, usize),
    /// The assistant hands the person over.
    Forward(Uuid),
    /// The call ends.
    End(Uuid),
    /// The analysis is done and the report goes out.
    Report(Uuid),
    /// An inbound call asks our server for an assistant.
    AskAssistant(Uuid),
    /// A webhook that had to wait: a duplicate, a delayed one or a repetition.
    Deliver(Box<Delivery>),
}

struct Due {
    at: Timestamp,
    sequence: u64,
    event: Event,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.sequence).cmp(&(other.at, other.sequence))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}

/// All that is still to happen.
#[derive(Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<Due>>,
    sequence: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Timestamp, event: Event) {
        self.sequence += 1;
        self.heap.push(Reverse(Due { at, sequence: self.sequence, event }));
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse(due)| due.at)
    }

    /// Takes the earliest event if it is due by `now`, with the instant it was due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        if self.next_due()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse(due)| (due.at, due.event))
    }
}
