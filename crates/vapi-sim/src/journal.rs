//! The ground truth of what happened, independent of any database: what rang, what was asked, what was sent.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A phone was made to ring (or gave a busy tone): the truth against which double dials are counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ring {
    /// When it began to ring.
    pub at: Timestamp,
    /// The number that rang, E.164.
    pub phone: String,
    /// The number it was called from.
    pub from_number: String,
    /// Vapi's id of the call.
    pub call_id: String,
    /// Org of the account that placed it.
    pub account_org: String,
    /// `name` of the create-call, where clients put their attempt marker.
    pub name: Option<String>,
    /// `customer.externalId` of the create-call.
    pub external_id: Option<String>,
    /// `metadata` of the create-call, or that of its overrides.
    pub metadata: Option<Value>,
}

/// A call came into being.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Created {
    /// When.
    pub at: Timestamp,
    /// Vapi's id of the call.
    pub call_id: String,
    /// Org of the account.
    pub account_org: String,
    /// The other party's number.
    pub phone: String,
    /// `name` of the create-call.
    pub name: Option<String>,
    /// True for a call that came in.
    pub is_inbound: bool,
}

/// A call ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// Vapi's id of the call.
    pub call_id: String,
    /// Vapi's `endedReason`.
    pub reason: String,
    /// Seconds of talk; 0 when nobody picked up.
    pub talk_seconds: f64,
}

/// A request reached the REST API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Request {
    /// When it was answered.
    pub at: Timestamp,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Org of the key, once the key was known.
    pub account_org: Option<String>,
    /// Status of the answer; `None` when it was withheld.
    pub status: Option<u16>,
}

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Answered with a 2xx.
    Delivered,
    /// Answered with something else, or not at all.
    Failed,
    /// Never sent.
    Lost,
}

/// A server message was sent, or lost on purpose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Webhook {
    /// When it was sent.
    pub at: Timestamp,
    /// Tells messages apart: the same for every copy and every try of one.
    pub message: u64,
    /// Call it speaks of.
    pub call_id: String,
    /// `message.type`.
    pub kind: String,
    /// `message.status`, where the type has one.
    pub status: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// True for a second copy made by the `duplicate_webhooks` knob.
    pub is_duplicate: bool,
    /// 1 for the first try; more under a `backoffPlan`.
    pub try_number: u32,
    /// Status the server answered with.
    pub http_status: Option<u16>,
    /// Real time until the answer was read.
    pub milliseconds: f64,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A request reached the REST API.
    Request(Request),
    /// A call came into being.
    Created(Created),
    /// A phone rang.
    Ring(Ring),
    /// A call ended.
    Ended(Ended),
    /// A webhook was sent or lost.
    Webhook(Webhook),
}

/// How often things happened, counted from the start and never dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requests received.
    pub requests: u64,
    /// Calls created.
    pub created: u64,
    /// Phones that rang.
    pub rings: u64,
    /// Calls that ended.
    pub ended: u64,
    /// Webhooks answered with a 2xx.
    pub webhooks_delivered: u64,
    /// Webhooks answered otherwise or not at all.
    pub webhooks_failed: u64,
    /// Webhooks never sent.
    pub webhooks_lost: u64,
    /// Entries the journal no longer has.
    pub entries_dropped: u64,
}

/// Entries in the order they happened, the oldest dropped when there are too many.
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    entries_max: usize,
    totals: Totals,
}

impl Journal {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { entries: VecDeque::new(), entries_max, totals: Totals::default() }
    }

    pub(crate) fn add(&mut self, entry: Entry) {
        let counter = match &entry {
            Entry::Request(_) => &mut self.totals.requests,
            Entry::Created(_) => &mut self.totals.created,
            Entry::Ring(_) => &mut self.totals.rings,
            Entry::Ended(_) => &mut self.totals.ended,
            Entry::Webhook(webhook) => match webhook.fate {
                Fate::Delivered => &mut self.totals.webhooks_delivered,
                Fate::Failed => &mut self.totals.webhooks_failed,
                Fate::Lost => &mut self.totals.webhooks_lost,
            },
        };
        *counter += 1;
        self.entries.push_back(entry);
        if self.entries.len() > self.entries_max {
            self.entries.pop_front();
            self.totals.entries_dropped += 1;
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }

    /// The newest `count` entries, oldest first.
    pub(crate) fn newest(&self, count: usize) -> Vec<Entry> {
        self.entries.iter().skip(self.entries.len().saturating_sub(count)).cloned().collect()
    }

    pub(crate) fn rings(&self) -> Vec<Ring> {
        let ring = |entry: &Entry| match entry {
            Entry::Ring(ring) => Some(ring.clone()),
            _ => None,
        };
        self.entries.iter().filter_map(ring).collect()
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }
}
