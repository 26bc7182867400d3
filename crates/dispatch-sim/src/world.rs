//! The world: a queue of things to happen, the tables, the provider and the workers. Time goes from one thing to the next.

use crate::database::{Enrollment, Tables};
use crate::faults::Faults;
use crate::provider::Call;
use crate::setting::Setting;
use crate::story::Story;
use crate::worker::{Flow, Worker};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;
use trunkline::domain::protocol::{Moment, Timing};
use trunkline::domain::{protocol, status::CallStatus};

/// Days in which things go wrong, and days to come to rest in.
const DAYS_OF_FAULTS: i64 = 2;
const DAYS_OF_REST: i64 = 3;
/// A run with more is going in circles.
const EVENTS_MAX: u64 = 2_000_000;
/// A phone is called so often a day.
pub(crate) const CALLS_PER_LEAD_AND_DAY_MAX: i32 = 2;
pub(crate) const RING_GAP: SignedDuration = SignedDuration::from_mins(60);
/// The provider hangs up on a connection that says nothing.
pub(crate) const SILENT_CONNECTION_MAX: SignedDuration = SignedDuration::from_secs(60);
/// Around the clock changes of North America, and a day without one.
const STARTS: [&str; 3] = ["2026-03-06T13:00:00Z", "2026-10-30T13:00:00Z", "2026-06-01T13:00:00Z"];

/// Something that will happen.
#[derive(Debug, Clone)]
pub(crate) enum Happens {
    Claim {
        worker: usize,
        incarnation: u32,
    },
    Chores {
        worker: usize,
        incarnation: u32,
    },
    /// The next step of a send.
    Step {
        flow: usize,
    },
    /// A request reaches the provider.
    Arrive {
        flow: usize,
    },
    /// An answer, or the end of waiting for it, to the flow's nth request.
    Heard {
        flow: usize,
        request: u32,
        heard: crate::worker::Heard,
    },
    /// A call goes on.
    Live {
        call: usize,
        status: CallStatus,
    },
    Webhook {
        call: usize,
        status: CallStatus,
        retries: u32,
    },
    ForeignCall {
        phone: usize,
    },
    Kill {
        worker: usize,
    },
    Restart {
        worker: usize,
    },
    Pause {
        worker: usize,
        until: Timestamp,
    },
    DatabaseDown,
    DatabaseUp,
    ListingDown {
        until: Timestamp,
    },
    Dnc {
        phone: usize,
    },
    PauseCampaign {
        campaign: usize,
    },
    ResumeCampaign {
        campaign: usize,
    },
}

pub(crate) struct World {
    pub(crate) rng: StdRng,
    pub(crate) now: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) faults_end_at: Timestamp,
    queue: BinaryHeap<Due>,
    sequence: u64,
    pub(crate) setting: Rc<Setting>,
    pub(crate) faults: Faults,
    pub(crate) tables: Tables,
    /// What a forgetful server would come back with.
    pub(crate) snapshots: Vec<(Timestamp, Tables)>,
    /// What a claim that counts in another transaction would read.
    pub(crate) stale: (Timestamp, Rc<Tables>),
    pub(crate) database_is_up: bool,
    pub(crate) listing_down_until: Timestamp,
    pub(crate) calls: Vec<Call>,
    pub(crate) workers: Vec<Worker>,
    pub(crate) flows: Vec<Flow>,
    /// Webhooks that were answered as kept.
    pub(crate) acknowledged: Vec<(usize, String)>,
    /// When each phone came onto the do-not-call list, and each campaign was paused and resumed: as committed.
    pub(crate) dnc_since: HashMap<usize, Timestamp>,
    pub(crate) pauses: Vec<(usize, Timestamp, Timestamp)>,
    /// Checks of the schema that had to object; the policy should have known.
    pub(crate) objections: u32,
    pub(crate) unknown_outcomes: u64,
    pub(crate) story: Story,
}

/// The soonest first, and of one instant in the order in which they were planned.
#[derive(Debug)]
struct Due {
    at: Timestamp,
    sequence: u64,
    happens: Happens,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.at, other.sequence).cmp(&(self.at, self.sequence))
    }
}

impl World {
    pub(crate) fn new(seed: u64, story: Story) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let faults = Faults::draw(&mut rng);
        let start: Timestamp = STARTS[rng.random_range(0..STARTS.len())].parse().expect("the starts are instants");
        let setting = Rc::new(Setting::draw(&mut rng));
        let faults_end_at = start + SignedDuration::from_hours(24 * DAYS_OF_FAULTS);
        let mut world = Self {
            now: start,
            ends_at: faults_end_at + SignedDuration::from_hours(24 * DAYS_OF_REST),
            faults_end_at,
            queue: BinaryHeap::new(),
            sequence: 0,
            setting,
            faults,
            tables: Tables::default(),
            snapshots: Vec::new(),
            stale: (Timestamp::MIN, Rc::default()),
            database_is_up: true,
            listing_down_until: Timestamp::MIN,
            calls: Vec::new(),
            workers: Vec::new(),
            flows: Vec::new(),
            acknowledged: Vec::new(),
            dnc_since: HashMap::new(),
            pauses: Vec::new(),
            objections: 0,
            unknown_outcomes: 0,
            story,
            rng,
        };
        world.enroll();
        world.hire();
        world.plan_faults();
        world
    }

    /// The same phones in up to two campaigns; in some runs all are due in the last seconds of a day.
    fn enroll(&mut self) {
        let at_midnight = self.rng.random_bool(0.25);
        for phone in 0..self.setting.leads.len() {
            let campaigns = if self.rng.random_bool(0.3) { 2 } else { 1 };
            let zone = &self.setting.leads[phone].zone;
            let tomorrow = zone.counted_day_ends_at(self.now);
            for campaign in 0..campaigns {
                self.tables.enrollments.push(Enrollment { phone, campaign, disposition: None, attempts_made: 0 });
                let due_at = if at_midnight {
                    tomorrow - SignedDuration::from_secs(self.rng.random_range(0..30))
                } else {
                    self.now + SignedDuration::from_secs(self.rng.random_range(0..7200))
                };
                self.tables.schedule(self.tables.enrollments.len() - 1, due_at);
            }
        }
    }

    fn hire(&mut self) {
        for worker in 0..self.rng.random_range(2..5) {
            let skew = self.faults.clock_skew.as_secs();
            let skew = if skew == 0 { 0 } else { self.rng.random_range(-skew..=skew) };
            self.workers.push(Worker::new(SignedDuration::from_secs(skew)));
            self.boot(worker);
        }
    }

    pub(crate) fn boot(&mut self, worker: usize) {
        let incarnation = self.workers[worker].incarnation;
        let (claim, chores) = (self.rng.random_range(1..5_000), self.rng.random_range(1..10_000));
        self.after(SignedDuration::from_millis(claim), Happens::Claim { worker, incarnation });
        self.after(SignedDuration::from_millis(chores), Happens::Chores { worker, incarnation });
    }

    pub(crate) fn at(&mut self, at: Timestamp, happens: Happens) {
        self.sequence += 1;
        self.queue.push(Due { at: at.max(self.now), sequence: self.sequence, happens });
    }

    pub(crate) fn after(&mut self, wait: SignedDuration, happens: Happens) {
        self.at(self.now + wait, happens);
    }

    /// So many milliseconds, at random.
    pub(crate) fn millis(&mut self, range: std::ops::Range<i64>) -> SignedDuration {
        SignedDuration::from_millis(self.rng.random_range(range))
    }

    /// Whether something goes wrong now. Nothing does once the faults are over.
    pub(crate) fn goes_wrong(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.now < self.faults_end_at && self.rng.random_bool(probability)
    }

    /// One transaction. An error: whoever asked does not know whether it was committed.
    pub(crate) fn transaction<T>(&mut self, work: impl FnOnce(&mut Tables) -> T) -> Result<T, NobodyKnows> {
        let lost = self.faults.commit_lost;
        if !self.database_is_up || self.goes_wrong(lost) {
            return Err(NobodyKnows);
        }
        if self.faults.forgetful {
            self.snapshots.push((self.now, self.tables.clone()));
            let keep_from = self.snapshots.len().saturating_sub(64);
            self.snapshots.drain(..keep_from);
        }
        let done = work(&mut self.tables);
        let unanswered = self.faults.answer_of_commit_lost;
        if self.goes_wrong(unanswered) { Err(NobodyKnows) } else { Ok(done) }
    }

    /// A transaction of which nobody asks what came of it: what it would have done is found to be due again.
    pub(crate) fn try_transaction(&mut self, work: impl FnOnce(&mut Tables)) {
        if self.transaction(work).is_err() {
            self.story.tell(self.now, || "a transaction failed, or nobody knows".to_owned());
        }
    }

    /// The time that a worker decides by, and the protocol's times.
    pub(crate) fn moment(&self, worker: usize) -> Moment {
        let machine = self.now + self.workers[worker].skew;
        Moment { now: protocol::decision_time(self.now, machine), timing: Timing::at_speed(1) }
    }

    /// Runs to the end. False: it went in circles.
    pub(crate) fn run(&mut self) -> bool {
        let mut events = 0;
        while let Some(Due { at, happens, .. }) = self.queue.pop() {
            if at > self.ends_at {
                return true;
            }
            self.now = at;
            events += 1;
            if events > EVENTS_MAX {
                return false;
            }
            self.happen(happens);
        }
        true
    }

    fn happen(&mut self, happens: Happens) {
        match happens {
            Happens::Claim { worker, incarnation } => self.claim_tick(worker, incarnation),
            Happens::Chores { worker, incarnation } => self.chores_tick(worker, incarnation),
            Happens::Step { flow } => self.step_flow(flow),
            Happens::Arrive { flow } => self.arrive(flow),
            Happens::Heard { flow, request, heard } => self.hear(flow, request, &heard),
            Happens::Live { call, status } => self.live(call, &status),
            Happens::Webhook { call, status, retries } => self.webhook(call, &status, retries),
            Happens::ForeignCall { phone } => self.foreign_call(phone),
            Happens::Kill { worker } => self.kill(worker),
            Happens::Restart { worker } => {
                self.workers[worker].is_up = true;
                self.boot(worker);
            }
            Happens::Pause { worker, until } => {
                let paused = &mut self.workers[worker].paused_until;
                *paused = (*paused).max(until);
            }
            Happens::DatabaseDown => self.database_down(),
            Happens::DatabaseUp => self.database_is_up = true,
            Happens::ListingDown { until } => self.listing_down_until = self.listing_down_until.max(until),
            Happens::Dnc { phone } => self.put_on_dnc(phone),
            Happens::PauseCampaign { campaign } => self.pause_campaign(campaign),
            Happens::ResumeCampaign { campaign } => self.resume_campaign(campaign),
        }
    }
}

/// Whether a transaction was committed is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NobodyKnows;
