//! The tables, as far as dispatch needs them: rows, counters with their checks, and transactions that may be lost or
//! committed without anybody knowing.

use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use trunkline::domain::call_evidence::CallEvidence;
use trunkline::domain::ids::AttemptId;
use trunkline::domain::outcome::{EndedAs, Outcome};
use trunkline::domain::protocol::protections::{Protection, off};
use trunkline::domain::protocol::{Change, Follow, Happening, Moment, Standing, Units, step};
use trunkline::domain::retry_policy::{Next, RetryPlan, Tries};
use trunkline::domain::status::{AttemptState, CallStatus, Disposition};

/// A lead's place in a campaign.
#[derive(Debug, Clone)]
pub(crate) struct Enrollment {
    pub(crate) phone: usize,
    pub(crate) campaign: usize,
    /// Once it is done.
    pub(crate) disposition: Option<Disposition>,
    pub(crate) attempts_made: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) id: AttemptId,
    pub(crate) enrollment: usize,
    pub(crate) phone: usize,
    pub(crate) standing: Standing,
    pub(crate) due_at: Timestamp,
    pub(crate) fence: Option<i64>,
    pub(crate) lease_until: Option<Timestamp>,
    pub(crate) send_before: Option<Timestamp>,
    /// The lead's day that was counted.
    pub(crate) lead_day: Option<Date>,
    pub(crate) organization_day: Option<Date>,
    pub(crate) accepted_at: Option<Timestamp>,
}

/// What a webhook or an answer told of a call, kept before it is applied.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) call: usize,
    pub(crate) status: CallStatus,
    pub(crate) is_applied: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    pub(crate) enrollments: Vec<Enrollment>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) lead_days: HashMap<(usize, Date), i32>,
    pub(crate) organization_days: HashMap<Date, i32>,
    pub(crate) lines_in_use: i32,
    /// The most that were ever in use.
    pub(crate) lines_in_use_most: i32,
    pub(crate) dnc: HashSet<usize>,
    pub(crate) paused_campaigns: HashSet<usize>,
    pub(crate) events: BTreeMap<(usize, String), Event>,
    /// The ledger: how far each call is known to have come.
    pub(crate) calls: HashMap<usize, CallStatus>,
    pub(crate) fences: i64,
}

/// A check or a unique index of the schema objects: the transaction is rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Violation;

impl Tables {
    /// Plans a try.
    pub(crate) fn schedule(&mut self, enrollment: usize, due_at: Timestamp) {
        let place = u128::try_from(self.attempts.len()).unwrap_or(0);
        // Like a random id: its low bits spread the retries.
        let spread = place.wrapping_mul(0x9E37_79B9_7F4A_7C15) & 0xffff;
        let standing = Standing {
            state: AttemptState::Scheduled,
            sending_at: None,
            provider_call_id: None,
            look_at: None,
            looks: 0,
            looked_at: None,
            settled_at: None,
            outcome: None,
            because: None,
            never_dialed: false,
            dropped_at: None,
        };
        self.attempts.push(Attempt {
            id: AttemptId(uuid::Uuid::from_u128((place + 1) << 32 | spread)),
            enrollment,
            phone: self.enrollments[enrollment].phone,
            standing,
            due_at,
            fence: None,
            lease_until: None,
            send_before: None,
            lead_day: None,
            organization_day: None,
            accepted_at: None,
        });
    }

    /// Counts one ring before it can happen; the checks of the counters object where a maximum is passed.
    pub(crate) fn count(
        &mut self,
        phone: usize,
        lead_day: Date,
        day: Date,
        maxima: (i32, i32),
    ) -> Result<(), Violation> {
        let (lead_max, organization_max) = maxima;
        let checks = !off(Protection::CountInTheClaim);
        let of_lead = self.lead_days.entry((phone, lead_day)).or_default();
        let of_organization = self.organization_days.entry(day).or_default();
        if checks && (*of_lead >= lead_max || *of_organization >= organization_max) {
            return Err(Violation);
        }
        *of_lead += 1;
        *of_organization += 1;
        self.lines_in_use += 1;
        self.lines_in_use_most = self.lines_in_use_most.max(self.lines_in_use);
        Ok(())
    }

    /// The unique index over open attempts of a phone.
    pub(crate) fn phone_is_free(&self, phone: usize) -> bool {
        off(Protection::OneOpenAttemptPerPhone)
            || !self.attempts.iter().any(|attempt| attempt.phone == phone && attempt.standing.state.is_open())
    }

    /// Writes a change of an attempt, as `settlement` does.
    pub(crate) fn write(&mut self, place: usize, change: Change, now: Timestamp) {
        let attempt = &mut self.attempts[place];
        let by = match change.units {
            Units::Keep => 0,
            Units::GiveBack => -1,
            Units::TakeAgain | Units::TakeAnother => 1,
        };
        if let (Some(lead_day), Some(day)) = (attempt.lead_day, attempt.organization_day) {
            *self.lead_days.entry((attempt.phone, lead_day)).or_default() += by;
            *self.organization_days.entry(day).or_default() += by;
        }
        if change.frees_line {
            self.lines_in_use -= 1;
        }
        if matches!(change.standing.state, AttemptState::Accepted | AttemptState::AcceptedLate) {
            attempt.accepted_at = attempt.accepted_at.or(Some(now));
        }
        attempt.standing = change.standing;
        let enrollment = attempt.enrollment;
        match change.follow {
            Follow::Nothing => {}
            Follow::Again(due_at) => self.schedule(enrollment, due_at),
            Follow::Finish(disposition) => self.enrollments[enrollment].disposition = Some(disposition),
            Follow::Plan { outcome, counts } => self.follow_plan(place, outcome, counts, now),
        }
    }

    fn follow_plan(&mut self, place: usize, outcome: Outcome, counts: bool, now: Timestamp) {
        let enrollment = self.attempts[place].enrollment;
        let same = |attempt: &&Attempt| attempt.enrollment == enrollment && attempt.standing.outcome == Some(outcome);
        let of_this_outcome = u32::try_from(self.attempts.iter().filter(same).count()).unwrap_or(u32::MAX);
        let row = &mut self.enrollments[enrollment];
        row.attempts_made += u32::from(counts);
        let tries = Tries { counted: row.attempts_made, of_this_outcome };
        let jitter = f64::from(u16::try_from(self.attempts[place].id.0.as_u128() & 0xffff).unwrap_or(0)) / 65_535.0;
        match RetryPlan::default().next_try(tries, outcome, now, jitter) {
            Next::At(due_at) => self.schedule(enrollment, due_at),
            Next::Done(disposition) => row.disposition = Some(disposition),
        }
    }

    /// When the phone rang last, as the claim reads it.
    pub(crate) fn last_ring_at(&self, phone: usize) -> Option<Timestamp> {
        let rang = |attempt: &&Attempt| {
            let forgotten = matches!(attempt.standing.state, AttemptState::Rejected | AttemptState::Released);
            attempt.phone == phone
                && attempt.standing.sending_at.is_some()
                && !forgotten
                && !attempt.standing.never_dialed
        };
        let last = self.attempts.iter().filter(rang).max_by_key(|attempt| attempt.standing.sending_at)?;
        [last.standing.sending_at, last.accepted_at, last.standing.settled_at].into_iter().flatten().max()
    }

    /// Keeps what was told of a call; the same thing once.
    pub(crate) fn keep(&mut self, call: usize, status: &CallStatus) {
        let key = (call, status.as_str().to_owned());
        self.events.entry(key).or_insert_with(|| Event { call, status: status.clone(), is_applied: false });
    }

    /// Applies what was kept: `told` has, by the call's place, its id, the marker in its name, and how it ended if it did.
    pub(crate) fn apply_events(&mut self, told: &[(String, String, EndedAs)], moment: &Moment) {
        let due: Vec<(usize, String)> =
            self.events.iter().filter(|(_, event)| !event.is_applied).map(|(key, _)| key.clone()).collect();
        for key in due {
            let Some(event) = self.events.get_mut(&key) else { continue };
            event.is_applied = true;
            let (call, status) = (event.call, event.status.clone());
            let (id, name, ends_as) = &told[call];
            let known = self.calls.entry(call).or_insert(CallStatus::Queued);
            *known = evidence(id, &status).brings_forward(known);
            let marked = self.attempts.iter().position(|attempt| attempt.id.to_string() == *name);
            if let Some(attempt) = marked {
                self.happen(attempt, Happening::CallSeen(id), moment);
                let is_own = self.attempts[attempt].standing.provider_call_id.as_deref() == Some(id);
                if status == CallStatus::Ended && is_own {
                    self.happen(attempt, Happening::Ended { ended_as: *ends_as, reason: "over" }, moment);
                }
            }
        }
    }

    /// The protocol's step on a row, written; false if nothing changes.
    pub(crate) fn happen(&mut self, attempt: usize, happening: Happening<'_>, moment: &Moment) -> bool {
        match step(&self.attempts[attempt].standing, happening, false, moment) {
            Some(change) => {
                self.write(attempt, change, moment.now);
                true
            }
            None => false,
        }
    }
}

fn evidence(id: &str, status: &CallStatus) -> CallEvidence {
    CallEvidence {
        provider_call_id: id.to_owned(),
        attempt: None,
        direction: None,
        assistant_id: None,
        provider_number_id: None,
        phone: None,
        status: Some(status.clone()),
        placed_at: None,
        ended: None,
        report: None,
    }
}
