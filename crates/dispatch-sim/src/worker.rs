//! The workers: claims, sends and chores, as the dialer does them, with the product's own decisions. A worker may be
//! killed or put to sleep between any two things that it does.

use crate::claim;
use crate::database::Tables;

use crate::world::{Happens, NobodyKnows, SILENT_CONNECTION_MAX, World};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use trunkline::domain::protocol::protections::{Protection, off};
use trunkline::domain::protocol::{
    self, Answer, Commit, Do, Happening, Moment, Reply, SendFacts, Sending, Unsent, Withdrawn, may_send,
};
use trunkline::domain::status::AttemptState;

const ANSWER_TIMEOUT: SignedDuration = SignedDuration::from_secs(20);
/// How long a worker waits with nothing due.
const IDLE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) is_up: bool,
    /// Rises with each kill: what an earlier one began is not continued.
    pub(crate) incarnation: u32,
    pub(crate) paused_until: Timestamp,
    /// How far its own clock is off.
    pub(crate) skew: SignedDuration,
}

/// One send under way.
#[derive(Debug)]
pub(crate) struct Flow {
    worker: usize,
    incarnation: u32,
    pub(crate) attempt: usize,
    fence: i64,
    sending: Sending,
    next: Do<'static>,
    connected_at: Timestamp,
    /// When the point of no return was begun, and what came of it.
    passing: Option<(Timestamp, Result<(), Withdrawn>, Commit)>,
    /// When it was committed in truth, whoever knows of it.
    pub(crate) passed_at: Option<Timestamp>,
    requests: u32,
    is_waiting: bool,
}

/// An answer, without the borrowed texts of the product's.
#[derive(Debug, Clone)]
pub(crate) enum Heard {
    Created(usize),
    RefusedLead,
    RefusedOther,
    RateLimited,
    Odd(Option<u16>),
}

impl Flow {
    /// How often its request was written.
    pub(crate) fn requests(&self) -> u32 {
        self.requests
    }
}

impl Worker {
    pub(crate) fn new(skew: SignedDuration) -> Self {
        Self { is_up: true, incarnation: 0, paused_until: Timestamp::MIN, skew }
    }
}

impl World {
    /// Whether the worker goes on now; a sleeping one does so later.
    pub(crate) fn is_awake(&mut self, worker: usize, incarnation: u32, again: &Happens) -> bool {
        let row = &self.workers[worker];
        if !row.is_up || row.incarnation != incarnation {
            return false;
        }
        if row.paused_until > self.now {
            let wake = row.paused_until + self.millis(0..20);
            self.at(wake, again.clone());
            return false;
        }
        true
    }

    /// A place between two things: the worker may be killed here, or sleep, or the database may crash soon. True: killed.
    pub(crate) fn failpoint(&mut self, worker: usize) -> bool {
        let (killed, paused, crash) = (self.faults.killed, self.faults.paused, self.faults.database_crash);
        if self.goes_wrong(paused) {
            let long = if self.goes_wrong(0.5) { 120_000 } else { 40 * 60_000 };
            let until = self.now + self.millis(1_000..long);
            self.story.tell(self.now, || format!("worker {worker} sleeps until {until:.0}"));
            let row = &mut self.workers[worker].paused_until;
            *row = (*row).max(until);
        }
        if self.goes_wrong(crash) {
            let soon = self.millis(1..2_000);
            self.after(soon, Happens::DatabaseDown);
        }
        if self.goes_wrong(killed) {
            self.kill(worker);
            return true;
        }
        false
    }

    pub(crate) fn claim_tick(&mut self, worker: usize, incarnation: u32) {
        let again = Happens::Claim { worker, incarnation };
        if !self.is_awake(worker, incarnation, &again) || self.failpoint(worker) {
            return;
        }
        if protocol::may_dial_on(!self.faults.forgetful) {
            for (attempt, fence) in claim::claim(self, worker) {
                self.begin_flow(worker, attempt, fence);
            }
        }
        let now = self.moment(worker).now;
        let scheduled = self.tables.attempts.iter().filter(|one| one.standing.state == AttemptState::Scheduled);
        let next_due = scheduled.map(|one| one.due_at).min().unwrap_or(Timestamp::MAX);
        let wait = if next_due <= now { SignedDuration::from_secs(5) } else { next_due.duration_since(now).min(IDLE) };
        let wait = wait.max(SignedDuration::from_secs(1)) + self.millis(0..5_000);
        self.after(wait, again);
    }

    fn begin_flow(&mut self, worker: usize, attempt: usize, fence: i64) {
        let (sending, next) = Sending::begin();
        self.flows.push(Flow {
            worker,
            incarnation: self.workers[worker].incarnation,
            attempt,
            fence,
            sending,
            next,
            connected_at: self.now,
            passing: None,
            passed_at: None,
            requests: 0,
            is_waiting: false,
        });
        let flow = self.flows.len() - 1;
        // A person objects just now, between the claim and the send.
        if self.goes_wrong(0.01) {
            let (phone, wait) = (self.tables.attempts[attempt].phone, self.millis(0..1_000));
            self.after(wait, Happens::Dnc { phone });
        }
        let wait = self.millis(1..50);
        self.after(wait, Happens::Step { flow });
    }

    /// Does the next thing of a send.
    pub(crate) fn step_flow(&mut self, flow: usize) {
        let Flow { worker, incarnation, next, .. } = self.flows[flow];
        if !self.is_awake(worker, incarnation, &Happens::Step { flow }) || self.failpoint(worker) {
            return;
        }
        match next {
            Do::Connect => {
                let broken = self.faults.not_connected;
                self.flows[flow].connected_at = self.now;
                let reply = if self.goes_wrong(broken) { Reply::NotConnected } else { Reply::Connected };
                self.go_on(flow, reply);
            }
            Do::PassPointOfNoReturn => self.pass(flow),
            Do::Write => self.write(flow),
            Do::GiveBack(unsent) => self.give_back(worker, self.flows[flow].attempt, unsent),
            Do::Record(_) | Do::Leave => {}
        }
    }

    fn go_on(&mut self, flow: usize, reply: Reply<'static>) {
        if let Some(next) = self.flows[flow].sending.next(reply) {
            self.flows[flow].next = next;
            let wait = self.millis(1..200);
            self.after(wait, Happens::Step { flow });
        }
    }

    /// T2, in two steps: the commit, and some time later what is known of it.
    fn pass(&mut self, flow: usize) {
        if let Some((began, passed, commit)) = self.flows[flow].passing.take() {
            let took = Duration::try_from(self.now.duration_since(began)).unwrap_or_default();
            let hung_up = self.now.duration_since(self.flows[flow].connected_at) > SILENT_CONNECTION_MAX;
            return self.go_on(flow, Reply::Passed { passed, commit, took, hung_up });
        }
        let Flow { worker, attempt, fence, .. } = self.flows[flow];
        let moment = self.moment(worker);
        let truth = self.now;
        let mut passed_at = None;
        let committed = self.transaction(|tables| {
            let passed = may_send(&send_facts(tables, attempt), fence, moment.now);
            if passed.is_ok() {
                let standing = &mut tables.attempts[attempt].standing;
                standing.state = AttemptState::Sending;
                standing.sending_at = Some(moment.now);
                standing.look_at = Some(moment.now + moment.timing.sending_max);
                passed_at = Some(truth);
            }
            passed
        });
        let (passed, commit) = match committed {
            Ok(passed) => (passed, Commit::Acknowledged),
            Err(NobodyKnows) => (Ok(()), Commit::Unacknowledged),
        };
        self.story.tell(truth, || format!("attempt {attempt}: point of no return {passed:?}, {commit:?}"));
        self.flows[flow].passed_at = passed_at;
        self.flows[flow].passing = Some((truth, passed, commit));
        let wait = self.millis(1..300);
        self.after(wait, Happens::Step { flow });
    }

    fn write(&mut self, flow: usize) {
        let attempt = self.flows[flow].attempt;
        self.flows[flow].requests += 1;
        self.flows[flow].is_waiting = true;
        let request = self.flows[flow].requests;
        self.story.tell(self.now, || format!("attempt {attempt}: request {request} is written"));
        let silent = self.now.duration_since(self.flows[flow].connected_at);
        if silent > SILENT_CONNECTION_MAX && request == 1 && !off(Protection::SendBudget) {
            // The kernel answers with a reset: the provider has closed long ago.
            return self
                .after(SignedDuration::from_millis(50), Happens::Heard { flow, request, heard: Heard::Odd(None) });
        }
        let (lost, late) = (self.faults.request_lost, self.faults.request_late);
        if !self.goes_wrong(lost) {
            let wait = if self.goes_wrong(late) { self.millis(1_000..30_000) } else { self.millis(20..500) };
            self.after(wait, Happens::Arrive { flow });
        }
        self.after(ANSWER_TIMEOUT, Happens::Heard { flow, request, heard: Heard::Odd(None) });
    }

    /// T3. A worker that was killed hears nothing; one that sleeps hears it later.
    pub(crate) fn hear(&mut self, flow: usize, request: u32, heard: &Heard) {
        let Flow { worker, incarnation, attempt, is_waiting, requests, .. } = self.flows[flow];
        if !is_waiting || request != requests {
            return;
        }
        let again = Happens::Heard { flow, request, heard: heard.clone() };
        if !self.is_awake(worker, incarnation, &again) || self.failpoint(worker) {
            return;
        }
        self.flows[flow].is_waiting = false;
        let id = if let Heard::Created(call) = heard { self.calls[*call].id.clone() } else { String::new() };
        let answer = answer(heard, &id);
        // The machine keeps no text: what it says is only whether to record the answer or to write again.
        match self.flows[flow].sending.next(Reply::Answered(answer)) {
            Some(Do::Write) => {
                self.flows[flow].next = Do::Write;
                let wait = self.millis(500..3_000);
                self.after(wait, Happens::Step { flow });
            }
            Some(_) => {
                self.story.tell(self.now, || format!("attempt {attempt}: answered {heard:?}"));
                self.unknown_outcomes += u64::from(matches!(heard, Heard::Odd(_)));
                let moment = self.moment(worker);
                self.happen_to(attempt, Happening::Answered(answer), &moment);
            }
            None => {}
        }
    }

    /// What happens to an attempt, decided and written in one transaction. One that failed is left to the sweepers, which
    /// need only the row.
    pub(crate) fn happen_to(&mut self, attempt: usize, happening: Happening<'_>, moment: &Moment) {
        let changed = self.transaction(|tables| tables.happen(attempt, happening, moment));
        if changed == Ok(true) {
            let state = self.tables.attempts[attempt].standing.state;
            self.story.tell(self.now, || format!("attempt {attempt}: {state}"));
        }
    }

    pub(crate) fn give_back(&mut self, worker: usize, attempt: usize, unsent: Unsent) {
        let moment = self.moment(worker);
        self.happen_to(attempt, Happening::Unsent(&unsent), &moment);
    }
}

fn answer<'a>(heard: &Heard, call: &'a str) -> Answer<'a> {
    match heard {
        Heard::Created(_) => Answer::Created { call, blocked: false },
        Heard::RefusedLead => Answer::Refused { blames_lead: true, because: "no such number" },
        Heard::RefusedOther => Answer::Refused { blames_lead: false, because: "the number's daily limit" },
        Heard::RateLimited => Answer::RateLimited,
        Heard::Odd(status) => Answer::Odd { status: *status },
    }
}

fn send_facts(tables: &Tables, attempt: usize) -> SendFacts {
    let row = &tables.attempts[attempt];
    SendFacts {
        phone_is_held: false,
        state: row.standing.state,
        fence: row.fence,
        lease_until: row.lease_until,
        send_before: row.send_before,
        agency_dials: true,
        campaign_is_running: !tables.paused_campaigns.contains(&tables.enrollments[row.enrollment].campaign),
        organization_is_active: true,
        agent_is_active: true,
        number_is_usable: true,
        account_is_active: true,
        is_on_dnc: tables.dnc.contains(&row.phone),
    }
}
