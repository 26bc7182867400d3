//! What workers look after besides dialing: leases, attempts to ask the provider about, and events to apply.

use crate::provider::{Row, page};
use crate::world::{Happens, World};
use jiff::{SignedDuration, Timestamp};
use trunkline::domain::protocol::{self, Happening, Moment, Seen, Unsent};
use trunkline::domain::status::AttemptState;
use vapi::{CallFilter, Paging, Progress};

/// Pages of one listing, as in the dialer.
const PAGES_MAX: usize = 20;
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);
/// How long a worker waits when nothing is open.
const IDLE: SignedDuration = SignedDuration::from_mins(10);

impl World {
    /// Leases that are over, what is due to be looked at, and events to apply.
    pub(crate) fn chores_tick(&mut self, worker: usize, incarnation: u32) {
        let again = Happens::Chores { worker, incarnation };
        if !self.is_awake(worker, incarnation, &again) {
            return;
        }
        if self.release_expired(worker) || self.look_at_due(worker) || self.apply_events(worker) {
            return;
        }
        let is_busy = self.tables.attempts.iter().any(|one| one.standing.state.is_open())
            || self.tables.events.values().any(|event| !event.is_applied);
        let wait = if is_busy { SignedDuration::from_secs(10) } else { IDLE };
        let wait = wait + self.millis(0..10_000);
        self.after(wait, again);
    }

    fn release_expired(&mut self, worker: usize) -> bool {
        let now = self.moment(worker).now;
        let is_over = |lease: Option<Timestamp>| lease.is_some_and(|until| until <= now);
        let expired = self.places(|one| one.standing.state == AttemptState::Reserved && is_over(one.lease_until));
        for attempt in expired {
            if self.failpoint(worker) {
                return true;
            }
            self.give_back(worker, attempt, Unsent::LEASE_OVER);
        }
        false
    }

    fn look_at_due(&mut self, worker: usize) -> bool {
        let moment = self.moment(worker);
        let is_due = |look_at: Option<Timestamp>| look_at.is_some_and(|at| at <= moment.now);
        let due = |state: AttemptState| self.places(|one| one.standing.state == state && is_due(one.standing.look_at));
        let (sending, accepted, unknown) =
            (due(AttemptState::Sending), due(AttemptState::Accepted), due(AttemptState::Unknown));
        for attempt in sending {
            self.happen_to(attempt, Happening::SenderSilent, &moment);
        }
        for attempt in accepted {
            if self.failpoint(worker) {
                return true;
            }
            self.ask_about(attempt, &moment);
        }
        if unknown.is_empty() || self.failpoint(worker) {
            return !self.workers[worker].is_up;
        }
        let listing = self.list(&unknown);
        for attempt in unknown {
            if self.failpoint(worker) {
                return true;
            }
            self.conclude(attempt, listing.as_deref(), &moment);
        }
        false
    }

    /// What is told of a call is kept like a webhook.
    fn ask_about(&mut self, attempt: usize, moment: &Moment) {
        let id = self.tables.attempts[attempt].standing.provider_call_id.clone();
        let call = self.calls.iter().position(|call| Some(&call.id) == id.as_ref());
        let failed = self.faults.page_failed;
        let answers = self.listing_down_until <= self.now && !self.goes_wrong(failed);
        if let Some(call) = call.filter(|_| answers)
            && self.calls[call].listed_at <= self.now
        {
            self.keep_poll(call);
        }
        self.happen_to(attempt, Happening::AskedAboutSilence, moment);
    }

    fn keep_poll(&mut self, call: usize) {
        let status = self.calls[call].status.clone();
        self.try_transaction(|tables| tables.keep(call, &status));
    }

    /// One listing serves all unknown attempts. `None`: it could not be made whole.
    fn list(&mut self, attempts: &[usize]) -> Option<Vec<Row>> {
        let sent = attempts.iter().filter_map(|place| self.tables.attempts[*place].standing.sending_at);
        let (first, last) = (sent.clone().min()?, sent.max()?);
        let settle = protocol::Timing::at_speed(1).settle;
        let filter = CallFilter {
            created_at_ge: Some(first - CLOCK_SKEW),
            created_at_le: Some(last + settle + CLOCK_SKEW),
            limit: Some(self.setting.calls_per_page),
            ..CallFilter::default()
        };
        let mut paging = Paging::new(&filter, PAGES_MAX);
        loop {
            let failed = self.faults.page_failed;
            if self.listing_down_until > self.now || self.goes_wrong(failed) {
                return None;
            }
            let rows = page(&self.calls, paging.next_page(), self.now);
            match paging.take(rows).ok()? {
                Progress::More(more) => paging = *more,
                Progress::Whole(rows) => return Some(rows),
            }
        }
    }

    fn conclude(&mut self, attempt: usize, listing: Option<&[Row]>, moment: &Moment) {
        let id = self.tables.attempts[attempt].id;
        let mut rows = listing.unwrap_or_default().iter();
        let found = rows.find(|row| protocol::is_marked(id, Some(&row.name), None)).map(|row| row.call);
        if let Some(call) = found {
            let status = self.calls[call].status.clone();
            let call_id = self.calls[call].id.clone();
            let kept = self.transaction(|tables| {
                tables.keep(call, &status);
                // A call without the marker is told to be the attempt's by whoever matched it.
                tables.happen(attempt, Happening::CallSeen(&call_id), moment)
            });
            let _ = kept;
        }
        let seen = if listing.is_some() && found.is_none() { Seen::Absent } else { Seen::Untold };
        self.happen_to(attempt, Happening::Listed(seen), moment);
    }

    fn places(&self, wanted: impl Fn(&crate::database::Attempt) -> bool) -> Vec<usize> {
        let all = self.tables.attempts.iter().enumerate();
        all.filter(|(_, one)| wanted(one)).map(|(place, _)| place).collect()
    }

    fn apply_events(&mut self, worker: usize) -> bool {
        if self.failpoint(worker) {
            return true;
        }
        let moment = self.moment(worker);
        let told: Vec<_> = self.calls.iter().map(|call| (call.id.clone(), call.name.clone(), call.ends_as)).collect();
        self.try_transaction(|tables| tables.apply_events(&told, &moment));
        false
    }
}
