//! The calls of one org in the two orders they are listed by: creation and last change.

use std::collections::{BTreeSet, VecDeque};

use jiff::Timestamp;
use uuid::Uuid;

/// Where a listing begins and ends; both bounds are inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

/// Ids only; the calls themselves are the world's.
#[derive(Default)]
pub(crate) struct CallIndex {
    /// Oldest first.
    created: VecDeque<(Timestamp, Uuid)>,
    updated: BTreeSet<(Timestamp, Uuid)>,
}

impl CallIndex {
    pub(crate) fn add(&mut self, created_at: Timestamp, id: Uuid) {
        // At the end, but for a call that is restored from before.
        let place = self.created.partition_point(|(at, _)| *at <= created_at);
        self.created.insert(place, (created_at, id));
        self.updated.insert((created_at, id));
    }

    pub(crate) fn change(&mut self, id: Uuid, before: Timestamp, after: Timestamp) {
        self.updated.remove(&(before, id));
        self.updated.insert((after, id));
    }

    /// Takes a call out of both orders. Forgetting the oldest is quick, others are searched by time.
    pub(crate) fn remove(&mut self, id: Uuid, created_at: Timestamp, updated_at: Timestamp) {
        self.updated.remove(&(updated_at, id));
        let from = self.created.partition_point(|(at, _)| *at < created_at);
        let found = self.created.iter().skip(from).position(|(_, other)| *other == id);
        if let Some(offset) = found {
            self.created.remove(from + offset);
        }
    }

    /// Calls created in `span`, newest first.
    pub(crate) fn created_in(&self, span: Span) -> impl Iterator<Item = Uuid> {
        let from = self.created.partition_point(|(at, _)| *at < span.from);
        let to = self.created.partition_point(|(at, _)| *at <= span.to).max(from);
        self.created.range(from..to).rev().map(|(_, id)| *id)
    }

    /// Calls last changed in `span`, in no useful order.
    pub(crate) fn updated_in(&self, span: Span) -> impl Iterator<Item = Uuid> {
        let low = (span.from, Uuid::nil());
        let high = (span.to.max(span.from), Uuid::max());
        self.updated.range(low..=high).map(|(_, id)| *id)
    }
}
