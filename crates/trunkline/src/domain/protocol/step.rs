//! What an attempt becomes when something happens to it. What cannot happen in its state changes nothing: messages come
//! late, twice and in any order, and two nodes may learn of the same end.

use super::super::outcome::{EndedAs, NeverDialed, Outcome};
use super::super::status::{AttemptState as State, Disposition};
use super::protections::{Protection, off};
use super::standing::{Change, Follow, Standing, Units};
use super::timing::{CONNECT_RETRY, LISTING_RETRY, Moment, NOT_CREATED_RETRY, RELEASE_RETRY, Timing};
use jiff::{SignedDuration, Timestamp};

/// Complete listings without the marker that prove absence.
const LISTINGS_FOR_ABSENCE: i32 = 2;

/// What can happen to an attempt.
#[derive(Debug, Clone, Copy)]
pub enum Happening<'a> {
    /// It was not written to the provider, and whoever knows it gives it back.
    Unsent(&'a Unsent),
    /// The answer to create-call.
    Answered(Answer<'a>),
    /// Whoever was to write has written or died.
    SenderSilent,
    /// The provider was asked for its calls.
    Listed(Seen),
    /// The provider was asked about an accepted call of which nothing was heard; whatever it said came as evidence.
    AskedAboutSilence,
    /// Proof that a call with the attempt's marker exists.
    CallSeen(&'a str),
    /// A call with the attempt's marker, beside its own, that was not known before.
    FurtherCall,
    /// Its call does not wait in the provider's queue any more.
    Moving,
    /// The provider is about to be asked to drop the call, which has waited there for too long.
    Dropping,
    /// Its call is over.
    Ended { ended_as: EndedAs, reason: &'a str },
    /// A person decides what the program cannot.
    Judged(Verdict),
}

/// The answer to create-call, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// 201 with the call's id. `blocked`: created, but not started for want of a line.
    Created { call: &'a str, blocked: bool },
    /// A definite no (400, 401, 402, 403, 404, 422).
    Refused { blames_lead: bool, because: &'a str },
    /// 429, from before anything was created.
    RateLimited,
    /// Anything else: a time-out, a reset, a 5xx, a body that cannot be read.
    Odd { status: Option<u16> },
}

/// What a listing says of an attempt's call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It could not be made, or is not complete: it says nothing.
    Untold,
    Absent,
}

/// What a person says of an attempt that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The phone is taken to have rung, and nobody to have answered.
    CountAsCalled,
    LookAgain,
}

/// Why an attempt was not written to the provider, and who gives it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsent {
    /// The state that whoever gives it back has left it in.
    pub from: State,
    pub because: &'static str,
    pub retry_after: SignedDuration,
}

impl Unsent {
    pub const NOT_DEPLOYED: Self = Self::reserved("the agent is not deployed there", RELEASE_RETRY);
    pub const UNUSABLE_ACCOUNT: Self = Self::reserved("the provider account cannot be used", CONNECT_RETRY);
    pub const NO_CONNECTION: Self = Self::reserved("the provider could not be reached", CONNECT_RETRY);
    /// The process that held the lease died or slept.
    pub const LEASE_OVER: Self = Self::reserved("its lease was over before it was sent", SignedDuration::ZERO);
    pub const TOO_LATE: Self =
        Self { from: State::Sending, because: "it took too long to send", retry_after: CONNECT_RETRY };

    /// Something changed between the claim and the send.
    pub const fn withdrawn(because: &'static str) -> Self {
        Self::reserved(because, RELEASE_RETRY)
    }

    const fn reserved(because: &'static str, retry_after: SignedDuration) -> Self {
        Self { from: State::Reserved, because, retry_after }
    }
}

/// What is to be written, or `None` if nothing changes. `campaign_is_over` ends an enrollment that would go on otherwise.
pub fn step(standing: &Standing, happening: Happening<'_>, campaign_is_over: bool, moment: &Moment) -> Option<Change> {
    let Moment { now, timing } = moment;
    let now = *now;
    let change = match happening {
        Happening::Unsent(unsent) => {
            let state = if campaign_is_over { State::Cancelled } else { State::Released };
            given_back(standing, unsent, state, now)?
        }
        Happening::Answered(answer) => answered(standing, answer, timing, now)?,
        Happening::SenderSilent => sender_silent(standing, timing, now)?,
        Happening::Listed(seen) => listed(standing, seen, timing, now)?,
        Happening::AskedAboutSilence => still_silent(standing, timing, now)?,
        Happening::CallSeen(call) => call_seen(standing, call, timing, now)?,
        Happening::FurtherCall => further_call(standing)?,
        Happening::Moving => moving(standing, timing, now)?,
        Happening::Dropping => dropping(standing, now)?,
        Happening::Ended { ended_as, reason } => ended(standing, ended_as, reason, now)?,
        Happening::Judged(verdict) => judged(standing, verdict, now)?,
    };
    let ends_with_campaign = campaign_is_over && matches!(change.follow, Follow::Again(_));
    Some(if ends_with_campaign { change.followed_by(Follow::Finish(Disposition::Cancelled)) } else { change })
}

fn given_back(standing: &Standing, unsent: &Unsent, state: State, now: Timestamp) -> Option<Change> {
    // What is given back twice would be missing from the counters.
    if standing.state != unsent.from {
        return None;
    }
    let again = Follow::Again(now + unsent.retry_after);
    Some(standing.closes(state, unsent.because, now).giving_back().followed_by(again))
}

/// A created call is evidence at any time. The other answers count only while the attempt is the sender's: a webhook may
/// have been faster, or the reconciler, if the sender slept.
fn answered(standing: &Standing, answer: Answer<'_>, timing: &Timing, now: Timestamp) -> Option<Change> {
    if let Answer::Created { call, blocked } = answer {
        let seen = call_seen(standing, call, timing, now);
        // Created but not started for want of a line (contract §5.1, the second of four shapes): nothing rang.
        let accepted = seen.as_ref().map_or(standing, |change| &change.standing);
        if blocked && accepted.state == State::Accepted && accepted.provider_call_id.as_deref() == Some(call) {
            let ended_as = EndedAs::NeverDialed(NeverDialed::NoFreeLine);
            return ended(accepted, ended_as, "no free line at the provider", now);
        }
        return seen;
    }
    if standing.state != State::Sending {
        return None;
    }
    let refused = |because: &str| standing.closes(State::Rejected, because, now).giving_back();
    match answer {
        Answer::Created { .. } => None,
        Answer::Refused { blames_lead: true, because } => {
            Some(refused(because).followed_by(Follow::Finish(Disposition::Excluded)))
        }
        // Due again at once: what is to blame is held back, and another number, account or pool may serve it.
        Answer::Refused { blames_lead: false, because } => Some(refused(because).followed_by(Follow::Again(now))),
        Answer::RateLimited => Some(refused("the provider limits its requests").followed_by(Follow::Again(now))),
        Answer::Odd { status: Some(500..) } if off(Protection::OddAnswerIsUnknown) => {
            Some(refused("the provider failed").followed_by(Follow::Again(now + CONNECT_RETRY)))
        }
        Answer::Odd { .. } => Some(unknown(standing, "no answer came", timing, now)),
    }
}

fn sender_silent(standing: &Standing, timing: &Timing, now: Timestamp) -> Option<Change> {
    if standing.state != State::Sending {
        return None;
    }
    if off(Protection::SilentSenderIsUnknown) {
        let closed = standing.closes(State::Released, "the sender did not come back", now);
        return Some(closed.giving_back().followed_by(Follow::Again(now)));
    }
    Some(unknown(standing, "the sender did not come back", timing, now))
}

/// The provider is asked once every request has arrived or died and every created call is listed.
fn unknown(standing: &Standing, because: &str, timing: &Timing, now: Timestamp) -> Change {
    let at = if off(Protection::Settle) { now } else { settled_at(standing, timing, now).max(now) };
    let mut change = standing.becomes(State::Unknown).looking_at(at, because);
    change.standing.looks = 0;
    change.standing.looked_at = None;
    change
}

/// From when on a listing without the call counts.
fn settled_at(standing: &Standing, timing: &Timing, now: Timestamp) -> Timestamp {
    standing.sending_at.unwrap_or(now) + timing.settle
}

fn listed(standing: &Standing, seen: Seen, timing: &Timing, now: Timestamp) -> Option<Change> {
    if standing.state != State::Unknown {
        return None;
    }
    let seen = if seen == Seen::Untold && off(Protection::FailedListingSaysNothing) { Seen::Absent } else { seen };
    let is_settled = now >= settled_at(standing, timing, now) || off(Protection::Settle);
    let since_last = standing.looked_at.map(|at| now.duration_since(at));
    let counts = seen == Seen::Absent && is_settled && since_last.is_none_or(|since| since >= timing.between_looks);
    let looks = if counts { standing.looks + 1 } else { standing.looks };
    let enough = if off(Protection::Settle) { 1 } else { LISTINGS_FOR_ABSENCE };
    if looks >= enough {
        return Some(not_created(standing, now));
    }
    let mut change = match seen {
        Seen::Untold if is_hopeless(standing, timing, now) => standing
            .becomes(State::Held)
            .looking_at(now + LISTING_RETRY, "it cannot be found out whether the phone rang"),
        Seen::Untold => standing.becomes(State::Unknown).looking_at(now + LISTING_RETRY, "no answer came"),
        Seen::Absent => standing.becomes(State::Unknown).looking_at(now + timing.between_looks, "no answer came"),
    };
    change.standing.looks = looks;
    if counts {
        change.standing.looked_at = Some(now);
    }
    Some(change)
}

/// Absence is proven. The unit stays spent, whatever comes to light later: the daily limit must not rest on a listing.
fn not_created(standing: &Standing, now: Timestamp) -> Change {
    let closed = standing.closes(State::NotCreated, "the provider has no such call", now);
    let closed = closed.followed_by(Follow::Again(now + NOT_CREATED_RETRY));
    if off(Protection::AbsenceKeepsTheUnit) { closed.giving_back() } else { closed }
}

fn is_hopeless(standing: &Standing, timing: &Timing, now: Timestamp) -> bool {
    standing.sent_before(now).is_some_and(|since| since >= timing.hold_after)
}

fn still_silent(standing: &Standing, timing: &Timing, now: Timestamp) -> Option<Change> {
    if standing.state != State::Accepted {
        return None;
    }
    let mut change = if is_hopeless(standing, timing, now) {
        standing.becomes(State::Held).looking_at(now + timing.silence, "its end was never told")
    } else {
        standing.becomes(State::Accepted)
    };
    change.standing.look_at = Some(now + timing.silence);
    change.standing.looks += 1;
    change.standing.looked_at = Some(now);
    Some(change)
}

/// A call of this attempt exists, whoever told us first.
fn call_seen(standing: &Standing, call: &str, timing: &Timing, now: Timestamp) -> Option<Change> {
    if let Some(known) = &standing.provider_call_id {
        return match standing.state {
            State::Held if known == call => Some(accepted(standing, call, timing, now)),
            State::Accepted | State::Held | State::Ended | State::AcceptedLate if known != call => {
                let mut change = standing.becomes(State::Conflict);
                change.standing.because = Some("the provider has a second call of it".to_owned());
                change.incident = Some("it has a second call");
                Some(change)
            }
            _ => None,
        };
    }
    match standing.state {
        State::Sending | State::Unknown | State::Held => Some(accepted(standing, call, timing, now)),
        State::NotCreated | State::Released | State::Rejected | State::Cancelled => {
            // Its phone rings after all: it counts again, whatever was given back.
            let mut change = accepted(standing, call, timing, now);
            change.standing.state = State::AcceptedLate;
            change.standing.look_at = None;
            change.units = if standing.never_dialed { Units::TakeAgain } else { Units::Keep };
            change.incident = Some("it was closed without a call, and one came to light");
            Some(change)
        }
        // Nothing was sent, and the marker is somebody's invention; or there is a call already, as handled above.
        State::Scheduled | State::Reserved | State::Accepted | State::Ended | State::AcceptedLate | State::Conflict => {
            None
        }
    }
}

fn accepted(standing: &Standing, call: &str, timing: &Timing, now: Timestamp) -> Change {
    let mut change = standing.becomes(State::Accepted);
    change.standing.provider_call_id = Some(call.to_owned());
    change.standing.never_dialed = false;
    change.standing.look_at = (!off(Protection::SilentCallsAreAskedAbout)).then(|| now + timing.queued_max);
    change
}

/// Its ring is counted like the first: a phone that rang twice has rung twice.
fn further_call(standing: &Standing) -> Option<Change> {
    (standing.state == State::Conflict)
        .then(|| Change { units: Units::TakeAnother, ..standing.becomes(State::Conflict) })
}

/// It rings, or has been answered: the next look is for its end.
fn moving(standing: &Standing, timing: &Timing, now: Timestamp) -> Option<Change> {
    if standing.state != State::Accepted {
        return None;
    }
    let mut change = standing.becomes(State::Accepted);
    let silent_at = standing.sending_at.unwrap_or(now) + timing.silence;
    change.standing.look_at = Some(silent_at.max(now + LISTING_RETRY));
    Some(change)
}

/// Nothing is given back before the provider has dropped it, and then it may have begun to ring all the same.
fn dropping(standing: &Standing, now: Timestamp) -> Option<Change> {
    if standing.state != State::Accepted {
        return None;
    }
    let because = "it waits in the provider's queue for too long, and is deleted there";
    let mut change = standing.becomes(State::Accepted).looking_at(now + LISTING_RETRY, because);
    change.standing.dropped_at = Some(now);
    Some(change)
}

/// Only an attempt that has its line still is settled by an end.
fn ended(standing: &Standing, ended_as: EndedAs, reason: &str, now: Timestamp) -> Option<Change> {
    if !standing.has_line() {
        return None;
    }
    // To the provider it was refused by hand: the hand was ours, and the lead has done nothing.
    let is_dropped = standing.dropped_at.is_some() && ended_as == EndedAs::Rang(Outcome::Refused);
    let ended_as = if is_dropped { EndedAs::Maybe } else { ended_as };
    let state = if standing.state == State::Conflict { State::Conflict } else { State::Ended };
    let mut change = standing.closes(state, reason, now);
    let is_the_leads = !ended_as.says_nothing_of_the_lead();
    let outcome = ended_as.outcome();
    // The retry plan counts by outcome: what is not the lead's is none of it.
    change.standing.outcome = is_the_leads.then_some(outcome);
    let never_dialed = ended_as.gives_back_the_try();
    if never_dialed {
        change = change.giving_back();
    }
    let follow = if is_the_leads { Follow::Plan { outcome, counts: !never_dialed } } else { Follow::Again(now) };
    Some(change.followed_by(follow))
}

fn judged(standing: &Standing, verdict: Verdict, now: Timestamp) -> Option<Change> {
    if standing.state != State::Held {
        return None;
    }
    let outcome = Outcome::NoAnswer;
    Some(match verdict {
        Verdict::CountAsCalled => {
            let mut change = standing.closes(State::Ended, "a person counted it as called", now);
            change.standing.outcome = Some(outcome);
            change.followed_by(Follow::Plan { outcome, counts: true })
        }
        Verdict::LookAgain => {
            let state = if standing.provider_call_id.is_some() { State::Accepted } else { State::Unknown };
            let mut change = standing.becomes(state).looking_at(now, "a person has it looked at again");
            change.standing.looks = 0;
            change.standing.looked_at = None;
            change
        }
    })
}

impl Standing {
    /// True while it holds the line that its claim took, with a call that goes on.
    pub fn has_line(&self) -> bool {
        matches!(self.state, State::Accepted | State::Conflict) && self.settled_at.is_none()
    }
}
