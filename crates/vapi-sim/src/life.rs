//! The life of a call: queued, ringing, in progress, perhaps forwarding, ended, reported.

use jiff::Timestamp;
use uuid::Uuid;

use crate::account::Subscription;
use crate::agenda::Event;
use crate::call::{Call, Status};
use crate::chance::Chance;
use crate::conversation::{Said, Scene, Transcript};
use crate::journal::{Ended, Entry, Ring};
use crate::moment::after;
use crate::outcome::Outcome;
use crate::world::World;

pub(crate) const NO_LINE: &str = "call.start.error-subscription-concurrency-limit-reached";
const SUBSCRIPTION_FROZEN: &str = "call.start.error-subscription-frozen";
const NOBODY_TO_TALK: &str = "call-start-error-neither-assistant-nor-server-set";
const INTERNATIONAL: &str = "call.start.error-vapi-number-international";
const UNKNOWN_REASON: &str = "call.in-progress.error-providerfault-carrier-entropy-exhausted";
/// Reasons that come up before anything is dialed begin like this.
const START_ERRORS: [&str; 2] = ["call.start.", "call-start-"];

/// What the far end does, and the seconds after which it does it.
struct FarEnd {
    rings: bool,
    event: fn(Uuid) -> Event,
    seconds: (f64, f64),
    ended_reason: Option<String>,
}

impl World {
    /// The time of a scheduled call has come: it needs a line like any other.
    pub(crate) fn begin_scheduled(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.open_call(id) else { return };
        call.status = Status::Queued;
        let subscription = call.subscription.clone();
        self.touch(id, at);
        match self.subscriptions.get_mut(&subscription) {
            Some(lines) if lines.has_free_line() => self.begin(id, at),
            Some(lines) => lines.waiting.push_back(id),
            None => {}
        }
    }

    /// Takes a line and dials, or fails at the start.
    pub(crate) fn begin(&mut self, id: Uuid, at: Timestamp) {
        self.take_line(id);
        let mut chance = self.chance_of(id, b"begin");
        if let Some(reason) = self.start_error(id, at) {
            self.end_in(id, at, &reason, chance.between(0.4, 2.0));
            return;
        }
        let Some(call) = self.calls.get(&id) else { return };
        let (phone, is_inbound) = (call.order.phone.clone(), call.order.is_inbound);
        let outcome = if is_inbound { Outcome::answered() } else { self.outcome_for(&phone) };
        match outcome {
            Outcome::Fault { reason, rings: false } => self.end_in(id, at, &reason, chance.between(0.5, 2.5)),
            outcome => {
                self.agenda.add(after(at, chance.between(0.3, 1.5)), Event::Ring(id));
                self.set_scene(id, &outcome, &mut chance);
                let call = self.calls.get_mut(&id).expect("was there a moment ago");
                call.outcome = Some(outcome);
            }
        }
    }

    fn start_error(&self, id: Uuid, at: Timestamp) -> Option<String> {
        let call = self.calls.get(&id)?;
        let is_late = call.order.latest_at.is_some_and(|latest_at| at > latest_at);
        let is_frozen = self.subscriptions.get(&call.subscription).is_some_and(|lines| lines.is_frozen);
        let is_abroad = call.provider() == "vapi" && !call.order.is_inbound && !call.order.phone.starts_with("+1");
        let reason = match (&call.will_end_because, &call.order.assistant) {
            (Some(reason), _) => reason,
            _ if is_frozen => SUBSCRIPTION_FROZEN,
            _ if is_late => NO_LINE,
            (None, None) => NOBODY_TO_TALK,
            _ if is_abroad => INTERNATIONAL,
            (None, Some(_)) => return None,
        };
        Some(reason.to_owned())
    }

    fn outcome_for(&mut self, phone: &str) -> Outcome {
        let count = self.calls_to.entry(phone.to_owned()).or_insert(0);
        *count += 1;
        let scripted = self.scripts.get_mut(phone).and_then(std::collections::VecDeque::pop_front);
        scripted.unwrap_or_else(|| Outcome::drawn(self.seed, phone, *count))
    }

    fn set_scene(&mut self, id: Uuid, outcome: &Outcome, chance: &mut Chance) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        call.scene = match outcome {
            Outcome::Answered { scene, talk_seconds } => {
                let scene = scene.unwrap_or_else(|| Scene::drawn(chance, &call.job()));
                Some((scene, *talk_seconds))
            }
            Outcome::Voicemail if call.detects_voicemail() => Some((Scene::VoicemailDetected, None)),
            Outcome::Voicemail => Some((Scene::VoicemailUnnoticed, None)),
            Outcome::FaultAfterAnswer { .. } => Some((Scene::drawn(chance, &call.job()), None)),
            _ => None,
        };
    }

    /// The far end rings, and what it will do is settled.
    pub(crate) fn ring(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.open_call(id) else { return };
        call.status = Status::Ringing;
        let outcome = call.outcome.take().unwrap_or(Outcome::NoAnswer);
        let far_end = far_end(&outcome, call.order.is_inbound);
        call.will_end_because.clone_from(&far_end.ended_reason);
        if far_end.rings && !call.order.is_inbound {
            let ring = ring_entry(call, at);
            self.journal.add(Entry::Ring(ring));
        }
        self.touch(id, at);
        self.announce_status(id, at);
        let seconds = self.chance_of(id, b"far end").between(far_end.seconds.0, far_end.seconds.1);
        self.agenda.add(after(at, seconds), (far_end.event)(id));
    }

    /// Somebody or something picks up: the conversation is played, and its end is known.
    pub(crate) fn pick_up(&mut self, id: Uuid, at: Timestamp) {
        let seed = self.seed;
        let Some(call) = self.open_call(id) else { return };
        call.status = Status::InProgress;
        call.started_at = Some(at);
        let Some(transcript) = call.transcript(seed) else {
            return;
        };
        let breaks_off = call.will_end_because.is_some();
        let talk_seconds = if breaks_off { transcript.talk_seconds * 0.4 } else { transcript.talk_seconds };
        call.will_end_because.get_or_insert_with(|| transcript.ended_reason.to_owned());
        let forwards = !breaks_off && transcript.ended_reason == "assistant-forwarded-call";
        let event = if forwards { Event::Forward(id) } else { Event::End(id) };
        self.touch(id, at);
        self.announce_status(id, at);
        self.plan_turn(id, &transcript, 0);
        self.agenda.add(after(at, talk_seconds), event);
    }

    /// The next item of the conversation that anybody is told about goes on the agenda.
    fn plan_turn(&mut self, id: Uuid, transcript: &Transcript, from: usize) {
        let Some(started_at) = self.calls.get(&id).and_then(|call| call.started_at) else {
            return;
        };
        let hears_words = self.wants_words(id);
        let is_told = |said: &Said| hears_words || matches!(said, Said::ToolCall { .. });
        let next = transcript.items.iter().enumerate().skip(from).find(|(_, item)| is_told(&item.said));
        if let Some((index, item)) = next {
            self.agenda.add(after(started_at, item.end), Event::Turn(id, index));
        }
    }

    pub(crate) fn take_turn(&mut self, id: Uuid, index: usize, at: Timestamp) {
        let seed = self.seed;
        let Some(transcript) = self.open_call(id).and_then(|call| call.transcript(seed)) else {
            return;
        };
        self.announce_turn(id, &transcript, index, at);
        self.plan_turn(id, &transcript, index + 1);
    }

    /// The assistant hands the person over; the line stays taken.
    pub(crate) fn forward(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.open_call(id) else { return };
        call.status = Status::Forwarding;
        if call.destination.is_none() {
            call.destination = call.transfer_destination();
        }
        self.touch(id, at);
        self.announce_status(id, at);
        let seconds = self.chance_of(id, b"forward").between(20.0, 90.0);
        self.agenda.add(after(at, seconds), Event::End(id));
    }

    /// Ends a call `seconds` from now, unless it ends before.
    pub(crate) fn end_in(&mut self, id: Uuid, at: Timestamp, reason: &str, seconds: f64) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.will_end_because = Some(reason.to_owned());
            self.agenda.add(after(at, seconds), Event::End(id));
        }
    }

    /// The call ends: its line is free, and the next one waiting may begin.
    pub(crate) fn end(&mut self, id: Uuid, at: Timestamp) {
        let mut chance = self.chance_of(id, b"end");
        let is_unknown = chance.happens(self.knobs.unknown_ended_reasons);
        let Some(call) = self.open_call(id) else { return };
        let planned = call.will_end_because.take().unwrap_or_else(|| "customer-ended-call".to_owned());
        let reason = if is_unknown { UNKNOWN_REASON.to_owned() } else { planned };
        call.status = Status::Ended;
        call.ended_at = Some(at);
        call.ended_reason = Some(reason.clone());
        let talk_seconds = call.talk_seconds();
        let ended = Ended { at, call_id: id.to_string(), reason: reason.clone(), talk_seconds };
        self.journal.add(Entry::Ended(ended));
        self.touch(id, at);
        self.announce_status(id, at);
        self.give_line_back(id, at);
        // A call that dies at the start is never reported; the analysis of a talk takes its time.
        let seconds = if talk_seconds > 0.0 { (3.0, 9.0) } else { (0.8, 2.5) };
        if START_ERRORS.iter().any(|start| reason.starts_with(start)) {
            self.close(id);
        } else {
            self.agenda.add(after(at, chance.between(seconds.0, seconds.1)), Event::Report(id));
        }
    }

    pub(crate) fn report(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| !call.is_reported) else {
            return;
        };
        call.is_reported = true;
        self.touch(id, at);
        self.announce_report(id, at);
        self.close(id);
    }

    /// Nothing more will be said about the call.
    fn close(&mut self, id: Uuid) {
        if let Some(call) = self.calls.get_mut(&id) {
            call.is_reported = true;
            call.frame = None;
        }
    }

    pub(crate) fn take_line(&mut self, id: Uuid) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| !call.holds_line) else {
            return;
        };
        call.holds_line = true;
        if let Some(lines) = self.subscriptions.get_mut(&call.subscription) {
            lines.take_line();
        }
    }

    fn give_line_back(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.holds_line) else {
            return;
        };
        call.holds_line = false;
        let subscription = call.subscription.clone();
        if let Some(lines) = self.subscriptions.get_mut(&subscription) {
            lines.give_line_back();
        }
        self.start_waiting(&subscription, at);
    }

    /// Calls that wait for a line begin, first come first served, as long as there are lines.
    pub(crate) fn start_waiting(&mut self, subscription: &str, at: Timestamp) {
        while let Some(next) = self.subscriptions.get_mut(subscription).and_then(Subscription::next_waiting) {
            if self.open_call(next).is_some() {
                self.begin(next, at);
            }
        }
    }

    /// The call, unless it has ended.
    pub(crate) fn open_call(&mut self, id: Uuid) -> Option<&mut Call> {
        self.calls.get_mut(&id).filter(|call| call.status < Status::Ended)
    }

    pub(crate) fn chance_of(&self, id: Uuid, what: &[u8]) -> Chance {
        Chance::of(self.seed, &[what, id.as_bytes()])
    }
}

/// Ringing takes 4 to 14 seconds when somebody is there, and half a minute when not.
fn far_end(outcome: &Outcome, is_inbound: bool) -> FarEnd {
    let ends = |reason: &str, seconds| FarEnd {
        rings: true,
        event: Event::End,
        seconds,
        ended_reason: Some(reason.to_owned()),
    };
    let answers = |seconds| FarEnd { rings: true, event: Event::PickUp, seconds, ended_reason: None };
    match outcome {
        Outcome::Answered { .. } if is_inbound => answers((0.8, 2.0)),
        Outcome::Answered { .. } => answers((4.0, 14.0)),
        Outcome::Voicemail => answers((18.0, 26.0)),
        Outcome::NoAnswer => ends("customer-did-not-answer", (25.0, 32.0)),
        Outcome::Busy => ends("customer-busy", (1.5, 4.0)),
        Outcome::Rejected => ends("call.in-progress.error-providerfault-outbound-sip-403-forbidden", (1.0, 3.0)),
        Outcome::BadNumber => FarEnd { rings: false, ..ends("twilio-reported-customer-misdialed", (0.5, 2.0)) },
        Outcome::Fault { reason, rings } => FarEnd { rings: *rings, ..ends(reason, (2.0, 8.0)) },
        Outcome::FaultAfterAnswer { reason } => FarEnd { ended_reason: Some(reason.clone()), ..answers((4.0, 14.0)) },
    }
}

fn ring_entry(call: &Call, at: Timestamp) -> Ring {
    let order = &call.order;
    Ring {
        at,
        phone: order.phone.clone(),
        from_number: order.from_number.clone(),
        call_id: call.id.to_string(),
        account_org: call.org_id.clone(),
        name: order.name.clone(),
        external_id: order.customer.get("externalId").and_then(|id| id.as_str()).map(str::to_owned),
        metadata: call.marker_metadata().cloned(),
    }
}
