//! The state of the make-believe Vapi, and the one loop that moves it. No HTTP and no clock in here.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::account::{Account, Org, Subscription};
use crate::agenda::{Agenda, Event};
use crate::call::Call;
use crate::delivery::Delivery;
use crate::faults::{CreateFault, ListFault};
use crate::journal::Journal;
use crate::{Knobs, Outcome, SimulatorConfig};

/// Calls older than this are gone from every read, as on Vapi's pay-as-you-go plan.
pub(crate) const HORIZON: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Everything there is.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) base_url: String,
    pub(crate) knobs: Knobs,
    pub(crate) agenda: Agenda,
    pub(crate) journal: Journal,
    pub(crate) subscriptions: BTreeMap<String, Subscription>,
    /// Org ids by private key.
    pub(crate) keys: HashMap<String, String>,
    pub(crate) orgs: HashMap<String, Org>,
    pub(crate) calls: HashMap<Uuid, Call>,
    /// Ids in the order of creation, for forgetting the oldest.
    pub(crate) ages: VecDeque<Uuid>,
    pub(crate) scripts: HashMap<String, VecDeque<Outcome>>,
    /// How often each phone was called.
    pub(crate) calls_to: HashMap<String, u32>,
    /// Outbound calls of a day (UTC), by phone number id.
    pub(crate) daily_calls: HashMap<String, (Date, u32)>,
    pub(crate) create_faults: VecDeque<CreateFault>,
    pub(crate) list_faults: VecDeque<ListFault>,
    /// Webhooks to be sent now.
    pub(crate) outgoing: Vec<Delivery>,
    /// Deliveries made so far; each has its number.
    pub(crate) deliveries: u64,
    /// Things given an id so far.
    pub(crate) ids_given: u64,
    pub(crate) created_last_at: Timestamp,
    lines_max: u32,
    calls_max: usize,
}

impl World {
    pub(crate) fn new(config: &SimulatorConfig, base_url: String) -> Self {
        Self {
            seed: config.seed,
            base_url,
            knobs: config.knobs.clone(),
            agenda: Agenda::default(),
            journal: Journal::new(config.journal_entries_max),
            subscriptions: BTreeMap::new(),
            keys: HashMap::new(),
            orgs: HashMap::new(),
            calls: HashMap::new(),
            ages: VecDeque::new(),
            scripts: HashMap::new(),
            calls_to: HashMap::new(),
            daily_calls: HashMap::new(),
            create_faults: VecDeque::new(),
            list_faults: VecDeque::new(),
            outgoing: Vec::new(),
            deliveries: 0,
            ids_given: 0,
            created_last_at: Timestamp::MIN,
            lines_max: config.lines_max,
            calls_max: config.calls_max,
        }
    }

    /// Adds an account, and its subscription if nobody has spoken of it yet.
    pub(crate) fn add_account(&mut self, account: Account) {
        let new = || Subscription::new(self.lines_max);
        self.subscriptions.entry(account.subscription.clone()).or_insert_with(new);
        self.keys.insert(account.key.clone(), account.org_id.clone());
        self.orgs.insert(account.org_id.clone(), Org::new(account));
    }

    /// Lets the earliest event that is due by `now` happen. `None` when there is none; else the instant
    /// it was due. What is to be sent because of it is in `outgoing`.
    pub(crate) fn happen_next(&mut self, now: Timestamp) -> Option<Timestamp> {
        let (at, event) = self.agenda.take_due(now)?;
        match event {
            Event::Begin(id) => self.begin_scheduled(id, at),
            Event::Ring(id) => self.ring(id, at),
            Event::PickUp(id) => self.pick_up(id, at),
            Event::Turn(id, index) => self.take_turn(id, index, at),
            Event::Forward(id) => self.forward(id, at),
            Event::End(id) => self.end(id, at),
            Event::Report(id) => self.report(id, at),
            Event::AskAssistant(id) => self.ask_assistant(id, at),
            Event::Deliver(delivery) => self.outgoing.push(*delivery),
        }
        Some(at)
    }

    /// Notes that a call has changed, for listings by `updatedAt`.
    pub(crate) fn touch(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        let before = std::mem::replace(&mut call.updated_at, at);
        if let Some(org) = self.orgs.get_mut(&call.org_id) {
            org.calls.change(id, before, at);
        }
    }

    /// Forgets the oldest calls: beyond the horizon, or too many to keep. One in progress stays.
    pub(crate) fn forget_old_calls(&mut self, now: Timestamp) {
        while let Some(id) = self.ages.front().copied() {
            let Some(call) = self.calls.get(&id) else {
                self.ages.pop_front();
                continue;
            };
            let is_old = call.created_at < now - HORIZON;
            let is_done = call.is_reported || call.is_deleted;
            if !(is_old || self.ages.len() > self.calls_max) || !is_done {
                return;
            }
            self.ages.pop_front();
            self.remove_call(id);
        }
    }

    fn remove_call(&mut self, id: Uuid) {
        let Some(call) = self.calls.remove(&id) else {
            return;
        };
        if let Some(org) = self.orgs.get_mut(&call.org_id) {
            org.calls.remove(id, call.created_at, call.updated_at);
        }
    }
}
