//! One organization's turn in a claim: its due attempts decided one after the other, until it has taken as many as it may
//! or something holds it back. Pure: what it needs was read, and what it decides is written by the claim.

use super::books::Books;
use super::ground::day_of;
use super::shared_lines::SharedLines;
use crate::domain::dispatch_policy::{Decision, Deferral, Scope, decide};
use crate::domain::fair_share::advanced;
use crate::domain::ids::CampaignId;
use crate::domain::money::Money;
use crate::store::Result;
use crate::store::called_phones::CalledPhone;
use crate::store::claims::{Candidate, InQueue};
use crate::store::decisions::NewDecision;
use crate::store::organization_turns::Turn;
use crate::store::reservations::{Excluded, PutOff, Reservation};
use jiff::{SignedDuration, Timestamp, civil::Date};
use std::collections::HashMap;

/// Attempts that an organization of weight 1 may take in one turn: small, so that turns come round quickly.
pub(super) const ATTEMPTS_PER_TURN: usize = 4;
/// Due attempts of a campaign that a turn of weight 1 looks at, as a rule.
const CANDIDATES: i32 = 5;
/// The same after a turn that had to put most of them off: those that cannot be called now are moved out of the way.
const CANDIDATES_MAX: i32 = 60;
/// The next turn at the latest, whatever holds the organization back now.
const TURN_AT_LEAST_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What a turn decided.
#[derive(Default)]
pub(super) struct Verdicts {
    pub chosen: Vec<Reservation>,
    pub put_off: Vec<PutOff>,
    pub excluded: Vec<Excluded>,
    /// All of them, as they are kept.
    pub decisions: Vec<NewDecision>,
    /// Campaigns that something holds back, with the time at which it ends.
    pub blocked: HashMap<CampaignId, (Timestamp, Deferral)>,
    organization_blocked: Option<(Timestamp, Deferral)>,
    /// True if due attempts may be left that nobody has looked at.
    more: bool,
    /// True if a line that it would have taken was taken in the same claim: who frees one gives it the next turn.
    lost_a_line: bool,
}

/// A turn while it is decided, an attempt at a time: so the turns of a claim share what is short as evenly as they can.
pub(super) struct OpenTurn {
    pub turn: Turn,
    pub verdicts: Verdicts,
    /// What is due, in the order in which it is decided.
    queue: std::vec::IntoIter<(InQueue, CalledPhone)>,
    books: Books,
    day: Date,
}

impl OpenTurn {
    pub(super) fn new(turn: Turn, queue: Vec<(InQueue, CalledPhone)>, books: Books) -> Self {
        let day = day_of(&turn, books.now);
        Self { turn, verdicts: Verdicts::default(), queue: queue.into_iter(), books, day }
    }

    /// Decides about the next attempt; false if the turn is over.
    pub(super) fn decide_next(&mut self, lines: &mut SharedLines) -> Result<bool> {
        let room = ATTEMPTS_PER_TURN * usize::try_from(self.turn.weight).unwrap_or(1);
        let verdicts = &mut self.verdicts;
        if verdicts.organization_blocked.is_some() {
            return Ok(false);
        }
        let next = self.queue.find(|(queued, _)| !verdicts.blocked.contains_key(&queued.candidate.campaign));
        let Some((InQueue { candidate, nth, .. }, phone)) = next else { return Ok(false) };
        if verdicts.chosen.len() == room {
            verdicts.more = true;
            return Ok(false);
        }
        let facts = self.books.facts(&candidate, &phone, lines);
        let decision = decide(&facts);
        verdicts.decisions.push(NewDecision::new((self.turn.organization, candidate.id), &facts, &decision)?);
        if let Decision::Dial(dial) = &decision {
            self.books.enter(&candidate, dial, lines);
        }
        verdicts.note((&self.turn, self.day), &candidate, decision, self.books.price(candidate.campaign));
        // The last one that was read: behind it there may be others.
        verdicts.more |= nth >= self.turn.candidates_max;
        Ok(true)
    }

    /// How far the organization has come with what it has taken so far.
    pub(super) fn virtual_time(&self) -> i64 {
        let taken = i32::try_from(self.verdicts.chosen.len()).unwrap_or(i32::MAX);
        advanced(self.turn.virtual_time, taken, self.turn.weight)
    }

    /// All are decided: whether it got what it wanted is known now.
    pub(super) fn close(self, lines: &SharedLines) -> (Turn, Verdicts) {
        let Self { turn, mut verdicts, .. } = self;
        verdicts.lost_a_line =
            lines.have_run_out && verdicts.blocked.values().any(|(_, because)| because.wants_a_line());
        (turn, verdicts)
    }
}

impl Verdicts {
    fn note(&mut self, (turn, day): (&Turn, Date), candidate: &Candidate, decision: Decision, price: Money) {
        let organization = turn.organization;
        match decision {
            Decision::Dial(dial) => self.chosen.push(Reservation {
                organization,
                attempt: candidate.id,
                enrollment: candidate.enrollment,
                campaign: candidate.campaign,
                phone: candidate.phone.clone(),
                number: dial.number,
                account: dial.account,
                pool: dial.pool,
                lead_day: dial.lead_day,
                organization_day: day,
                send_before: dial.send_before,
                price,
                calls_per_day_max: turn.calls_per_day_max,
                calls_per_lead_and_day_max: turn.calls_per_lead_and_day_max,
            }),
            Decision::Exclude(because) => self.excluded.push(Excluded {
                organization,
                attempt: candidate.id,
                enrollment: candidate.enrollment,
                campaign: candidate.campaign,
                because: because.as_str(),
            }),
            Decision::Defer { until, because } => match because.scope() {
                Scope::Lead => {
                    let because = because.as_str();
                    self.put_off.push(PutOff { organization, attempt: candidate.id, until, because });
                }
                Scope::Campaign => {
                    self.blocked.insert(candidate.campaign, (until, because));
                }
                Scope::Organization => self.organization_blocked = Some((until, because)),
            },
        }
    }

    /// When the next turn comes; `due` is the organization's next attempt, of a campaign that nothing holds back.
    pub(super) fn next_turn_at(&self, now: Timestamp, due: Option<Timestamp>) -> Timestamp {
        let latest = now + TURN_AT_LEAST_EVERY;
        if let Some((until, _)) = self.organization_blocked {
            return until.min(latest);
        }
        if self.more || self.lost_a_line {
            return now;
        }
        let unblocked = self.blocked.values().map(|(until, _)| *until).min();
        let next = [due, unblocked].into_iter().flatten().min();
        next.unwrap_or(Timestamp::MAX).min(latest).max(now)
    }

    /// Whether the time of the next turn depends on what is due next.
    pub(super) fn asks_what_is_due(&self) -> bool {
        !self.more && !self.lost_a_line && self.organization_blocked.is_none()
    }

    /// Whether it would have taken more, had the other organizations taken less.
    pub(super) fn waits_for_others(&self) -> bool {
        self.organization_blocked.is_none()
            && (self.more || self.blocked.values().any(|(_, because)| because.is_for_want_of_what_is_shared()))
    }

    /// The reason that a person reads: the block that ends first.
    pub(super) fn waiting_because(&self) -> Option<&'static str> {
        let blocks = self.organization_blocked.iter().chain(self.blocked.values());
        blocks.min_by_key(|(until, _)| *until).map(|(_, because)| because.as_str())
    }

    /// How many candidates of each campaign the next turn looks at.
    pub(super) fn candidates_max(&self, weight: i32) -> i32 {
        if self.put_off.len() > self.chosen.len() {
            return CANDIDATES_MAX;
        }
        CANDIDATES.saturating_mul(weight).min(CANDIDATES_MAX)
    }
}
