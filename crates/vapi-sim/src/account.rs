//! Who uses the simulator: Vapi orgs with their keys, and the subscriptions that own the lines.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::call_index::CallIndex;
use crate::faults::CreateFault;
use crate::shelf::Shelf;

/// One Vapi org with its keys. Several may share a subscription, and with it the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Private key: the bearer token of the REST API.
    pub key: String,
    /// Public key: for browsers only, refused by the REST API.
    pub public_key: String,
    /// Id of the org.
    pub org_id: String,
    /// Name of the subscription whose lines its calls take.
    pub subscription: String,
}

/// An account with all it owns.
pub(crate) struct Org {
    pub(crate) account: Account,
    /// Server of last resort for messages.
    pub(crate) server: Option<Value>,
    pub(crate) assistants: Shelf,
    pub(crate) phone_numbers: Shelf,
    pub(crate) tools: Shelf,
    pub(crate) credentials: Shelf,
    pub(crate) calls: CallIndex,
    /// Each create-call meets the next of these, round and round.
    pub(crate) lasting_faults: VecDeque<CreateFault>,
    window: RequestWindow,
}

impl Org {
    pub(crate) fn new(account: Account) -> Self {
        Self {
            account,
            server: None,
            assistants: Shelf::default(),
            phone_numbers: Shelf::default(),
            tools: Shelf::default(),
            credentials: Shelf::default(),
            calls: CallIndex::default(),
            lasting_faults: VecDeque::new(),
            window: RequestWindow::default(),
        }
    }

    /// What the next create-call meets while the account is sick.
    pub(crate) fn next_lasting_fault(&mut self) -> Option<CreateFault> {
        self.lasting_faults.rotate_left(usize::from(!self.lasting_faults.is_empty()));
        self.lasting_faults.back().cloned()
    }

    /// Counts one request; false when the UTC minute has had its `max`.
    pub(crate) fn admit_request(&mut self, now: Timestamp, max: Option<u32>) -> bool {
        let minute = now.as_second().div_euclid(60);
        if self.window.minute != minute {
            self.window = RequestWindow { minute, requests: 0 };
        }
        self.window.requests += 1;
        max.is_none_or(|max| self.window.requests <= max)
    }
}

/// Requests of the current UTC minute: the window tumbles, it does not slide.
#[derive(Default)]
struct RequestWindow {
    minute: i64,
    requests: u32,
}

/// The lines shared by the orgs of one subscription.
pub(crate) struct Subscription {
    pub(crate) lines_max: u32,
    pub(crate) lines_in_use: u32,
    /// The most lines that were in use at one time.
    pub(crate) lines_in_use_max: u32,
    /// Calls that wait for a line, first come first served.
    pub(crate) waiting: VecDeque<Uuid>,
    pub(crate) is_frozen: bool,
}

impl Subscription {
    pub(crate) fn new(lines_max: u32) -> Self {
        Self { lines_max, lines_in_use: 0, lines_in_use_max: 0, waiting: VecDeque::new(), is_frozen: false }
    }

    pub(crate) fn has_free_line(&self) -> bool {
        self.lines_in_use < self.lines_max
    }

    pub(crate) fn take_line(&mut self) {
        self.lines_in_use += 1;
        self.lines_in_use_max = self.lines_in_use_max.max(self.lines_in_use);
    }

    pub(crate) fn give_line_back(&mut self) {
        self.lines_in_use = self.lines_in_use.saturating_sub(1);
    }

    /// The call that may begin now.
    pub(crate) fn next_waiting(&mut self) -> Option<Uuid> {
        self.has_free_line().then(|| self.waiting.pop_front()).flatten()
    }
}
