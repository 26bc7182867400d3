//! The provider as it really behaves: calls that exist whether or not anybody was told, and listings that lag.

use crate::worker::Heard;
use crate::world::{Happens, World};
use jiff::Timestamp;
use rand::Rng;
use trunkline::domain::outcome::{EndedAs, NeverDialed, Outcome};
use trunkline::domain::protocol::{Commit, may_acknowledge, may_dial_on};
use trunkline::domain::status::CallStatus;
use vapi::Listed;

/// A call at the provider: the truth that everything is held against.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: String,
    /// The attempt whose request created it, by its place; `None` for somebody else's call.
    pub(crate) attempt: Option<usize>,
    /// The name that it was created with.
    pub(crate) name: String,
    pub(crate) phone: usize,
    pub(crate) created_at: Timestamp,
    /// From when on listings show it.
    pub(crate) listed_at: Timestamp,
    pub(crate) rang_at: Option<Timestamp>,
    pub(crate) status: CallStatus,
    /// How it will end.
    pub(crate) ends_as: EndedAs,
}

impl Call {
    pub(crate) fn has_ended(&self) -> bool {
        self.status == CallStatus::Ended
    }
}

/// A call as a listing shows it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) call: usize,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_at: Timestamp,
}

impl Listed for Row {
    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> Option<Timestamp> {
        Some(self.created_at)
    }
}

/// Ends of calls: most ring, some never do.
pub(crate) const ENDS: [EndedAs; 7] = [
    EndedAs::Rang(Outcome::Answered),
    EndedAs::Rang(Outcome::NoAnswer),
    EndedAs::Rang(Outcome::NoAnswer),
    EndedAs::Rang(Outcome::Voicemail),
    EndedAs::Rang(Outcome::Busy),
    EndedAs::NeverDialed(NeverDialed::ProviderTrouble),
    EndedAs::Maybe,
];

/// One page of a listing: what was created in the time asked for and is shown by `now`, the newest first.
pub(crate) fn page(calls: &[Call], filter: &vapi::CallFilter, now: Timestamp) -> Vec<Row> {
    let since = filter.created_at_ge.unwrap_or(Timestamp::MIN);
    let until = filter.created_at_le.unwrap_or(Timestamp::MAX);
    let limit = usize::from(filter.limit.unwrap_or(vapi::CALLS_PER_PAGE_MAX));
    let shown = calls.iter().enumerate().filter(|(_, call)| call.listed_at <= now);
    let mut rows: Vec<Row> = shown
        .filter(|(_, call)| call.created_at >= since && call.created_at <= until)
        .map(|(place, call)| Row {
            call: place,
            id: call.id.clone(),
            name: call.name.clone(),
            created_at: call.created_at,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
    rows.truncate(limit);
    rows
}

impl World {
    /// A request reaches the provider.
    pub(crate) fn arrive(&mut self, flow: usize) {
        let attempt = self.flows[flow].attempt;
        let request = self.flows[flow].requests();
        let faults = self.faults.clone();
        let lost = self.goes_wrong(faults.answer_lost);
        let refusals = [
            (faults.refused_lead, Heard::RefusedLead),
            (faults.refused_other, Heard::RefusedOther),
            (faults.rate_limited, Heard::RateLimited),
            (faults.failed_before, Heard::Odd(Some(500))),
        ];
        let refused = refusals.into_iter().find_map(|(chance, heard)| self.goes_wrong(chance).then_some(heard));
        let heard = refused.unwrap_or_else(|| {
            let call = self.create(attempt);
            if self.goes_wrong(faults.failed_after) { Heard::Odd(Some(502)) } else { Heard::Created(call) }
        });
        let is_odd = lost || matches!(heard, Heard::Odd(_));
        self.story.tell(self.now, || format!("attempt {attempt}: request {request} arrives, {heard:?}, lost: {lost}"));
        if is_odd && faults.listing_is_late {
            self.hide_last(attempt);
        }
        if !lost {
            let slow = self.goes_wrong(faults.answer_slow);
            let wait = if slow { self.millis(20_001..40_000) } else { self.millis(50..1_500) };
            self.after(wait, Happens::Heard { flow, request, heard });
        }
    }

    fn create(&mut self, attempt: usize) -> usize {
        let (phone, name) = (self.tables.attempts[attempt].phone, self.tables.attempts[attempt].id.to_string());
        self.add_call(Some(attempt), name, phone)
    }

    /// Somebody else calls the same phone with the same account.
    pub(crate) fn foreign_call(&mut self, phone: usize) {
        self.add_call(None, "by hand".to_owned(), phone);
    }

    fn add_call(&mut self, attempt: Option<usize>, name: String, phone: usize) -> usize {
        let lag = self.millis(0..60_000);
        let call = self.calls.len();
        let ends_as = ENDS[self.rng.random_range(0..ENDS.len())];
        self.calls.push(Call {
            id: format!("call-{call}"),
            attempt,
            name,
            phone,
            created_at: self.now,
            listed_at: self.now + lag,
            rang_at: None,
            status: CallStatus::Queued,
            ends_as,
        });
        let wait = self.millis(500..30_000);
        let next = if ends_as.gives_back_the_try() { CallStatus::Ended } else { CallStatus::Ringing };
        self.after(wait, Happens::Live { call, status: next });
        call
    }

    /// What the protocol assumes does not hold: the listing shows the call hours late.
    fn hide_last(&mut self, attempt: usize) {
        let hours = self.millis(0..3 * 3_600_000);
        if let Some(call) = self.calls.iter_mut().rev().find(|call| call.attempt == Some(attempt)) {
            call.listed_at += hours;
        }
    }

    /// A call goes on, and its webhook is sent.
    pub(crate) fn live(&mut self, call: usize, status: &CallStatus) {
        let row = &mut self.calls[call];
        row.status = status.clone();
        if *status == CallStatus::Ringing {
            row.rang_at = Some(self.now);
        }
        let (attempt, answers) = (row.attempt, row.ends_as == EndedAs::Rang(Outcome::Answered));
        self.story.tell(self.now, || format!("call {call} of attempt {attempt:?}: {}", status.as_str()));
        let next = match status {
            CallStatus::Ringing if answers => Some(CallStatus::InProgress),
            CallStatus::Ringing | CallStatus::InProgress => Some(CallStatus::Ended),
            _ => None,
        };
        if let Some(next) = next {
            let wait = self.millis(5_000..120_000);
            self.after(wait, Happens::Live { call, status: next });
        }
        let (twice, retries) = (self.faults.webhook_twice, self.faults.webhook_retries);
        let copies = if self.goes_wrong(twice) { 2 } else { 1 };
        for _ in 0..copies {
            // Late enough to overtake each other.
            let wait = self.millis(50..20_000);
            self.after(wait, Happens::Webhook { call, status: status.clone(), retries });
        }
    }

    /// A webhook arrives: kept, and answered by what is known of its commit. One that is not answered well comes again.
    pub(crate) fn webhook(&mut self, call: usize, status: &CallStatus, retries: u32) {
        let lost = self.faults.webhook_lost;
        // No node starts on a server that forgets.
        let is_served = may_dial_on(!self.faults.forgetful) && self.workers.iter().any(|worker| worker.is_up);
        let is_heard = !self.goes_wrong(lost) && is_served;
        let mut is_acknowledged = false;
        if is_heard {
            let kept = self.transaction(|tables| tables.keep(call, status));
            let commit = if kept.is_ok() { Commit::Acknowledged } else { Commit::Unacknowledged };
            is_acknowledged = may_acknowledge(commit);
        }
        if is_acknowledged {
            self.acknowledged.push((call, status.as_str().to_owned()));
        } else if retries > 0 {
            let wait = self.millis(10_000..60_000);
            self.after(wait, Happens::Webhook { call, status: status.clone(), retries: retries - 1 });
        }
    }
}
