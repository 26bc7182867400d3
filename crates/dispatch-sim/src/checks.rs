//! What must hold at the end of a run, held against what really rang.
//!
//! - P1: no phone rings more often than allowed on one local day, nor outside the calling hours.
//! - P2: one attempt, at most one call; what was closed as not called never rang; no two rings within the gap.
//! - P3: nothing is lost: no attempt is stuck, no enrollment forgotten, no call unknown, none taken for another's. What is
//!   held waits in a person's sight: it is not lost.
//! - P4: a webhook that was answered as kept is there.
//! - P5: what is known of a call is what the provider knows.
//! - P6: counters are what the attempts say, and no check of the schema had to object.
//! - P7: nothing is sent after a do-not-call entry or a pause was committed.

use crate::database::Attempt;
use crate::world::{CALLS_PER_LEAD_AND_DAY_MAX, World};
use jiff::SignedDuration;
use jiff::civil::Date;
use std::collections::HashMap;
use trunkline::domain::protocol::may_dial_on;
use trunkline::domain::status::{AttemptState, CallStatus};

/// A ring comes up to half a minute after its send, and the gap counts from the end of the call before.
const GAP_MIN: SignedDuration = SignedDuration::from_mins(55);
/// A call of minutes, the silence after it, and the asking.
const SETTLED_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// An enrollment that is due for longer than this was forgotten.
const OVERDUE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// A broken property and how.
pub(crate) type Broken = (&'static str, String);

pub(crate) fn check(world: &World) -> Vec<Broken> {
    let mut broken = Vec::new();
    rings(world, &mut broken);
    one_call_each(world, &mut broken);
    gaps(world, &mut broken);
    nothing_lost(world, &mut broken);
    for key in &world.acknowledged {
        if !world.tables.events.contains_key(key) {
            broken.push(("P4", format!("the webhook {key:?} was answered as kept and is not there")));
        }
    }
    truth(world, &mut broken);
    counters(world, &mut broken);
    nothing_after_no(world, &mut broken);
    broken
}

fn own_rings(world: &World) -> impl Iterator<Item = (usize, usize, jiff::Timestamp)> {
    world.calls.iter().filter_map(|call| Some((call.attempt?, call.phone, call.rang_at?)))
}

fn rings(world: &World, broken: &mut Vec<Broken>) {
    let mut per_day: HashMap<(usize, Date), i32> = HashMap::new();
    for (attempt, phone, rang_at) in own_rings(world) {
        let zone = &world.setting.leads[phone].zone;
        let count = per_day.entry((phone, zone.counted_day(rang_at))).or_default();
        *count += 1;
        if *count > CALLS_PER_LEAD_AND_DAY_MAX {
            broken.push(("P1", format!("phone {phone} rang {count} times on one day")));
        }
        if !world.setting.hours.is_open(rang_at, zone.zones(), SignedDuration::ZERO) {
            broken.push(("P1", format!("phone {phone} rang outside its hours for attempt {attempt} at {rang_at}")));
        }
    }
}

fn one_call_each(world: &World, broken: &mut Vec<Broken>) {
    let mut per_attempt: HashMap<usize, u32> = HashMap::new();
    for attempt in world.calls.iter().filter_map(|call| call.attempt) {
        *per_attempt.entry(attempt).or_default() += 1;
    }
    for (attempt, calls) in per_attempt {
        if calls > 1 {
            broken.push(("P2", format!("attempt {attempt} has {calls} calls")));
        }
        let Some(row) = world.tables.attempts.get(attempt) else {
            broken.push(("P3", format!("there is a call of attempt {attempt}, which nobody knows")));
            continue;
        };
        let state = row.standing.state;
        let closed_without = matches!(
            state,
            AttemptState::NotCreated
                | AttemptState::Released
                | AttemptState::Rejected
                | AttemptState::Cancelled
                | AttemptState::AcceptedLate
                | AttemptState::Conflict
        );
        if closed_without {
            broken.push(("P2", format!("attempt {attempt} is {state} and has a call")));
        }
    }
}

fn gaps(world: &World, broken: &mut Vec<Broken>) {
    let mut per_phone: HashMap<usize, Vec<jiff::Timestamp>> = HashMap::new();
    for (_, phone, rang_at) in own_rings(world) {
        per_phone.entry(phone).or_default().push(rang_at);
    }
    for (phone, mut rings) in per_phone {
        rings.sort_unstable();
        for pair in rings.windows(2) {
            let gap = pair[1].duration_since(pair[0]);
            if gap < GAP_MIN {
                broken.push(("P2", format!("phone {phone} rang twice within {} s", gap.as_secs())));
            }
        }
    }
}

/// Sent so shortly before the world's end that nobody has had to ask for its end yet.
fn is_young(world: &World, attempt: &Attempt) -> bool {
    attempt.standing.sending_at.is_some_and(|at| world.ends_at.duration_since(at) < SETTLED_WITHIN)
}

fn nothing_lost(world: &World, broken: &mut Vec<Broken>) {
    for (place, attempt) in world.tables.attempts.iter().enumerate() {
        if attempt.standing.state.is_open() && !is_held(attempt) && !is_young(world, attempt) {
            broken.push(("P3", format!("attempt {place} is stuck as {}", attempt.standing.state)));
        }
    }
    for (place, enrollment) in world.tables.enrollments.iter().enumerate() {
        if enrollment.disposition.is_some() {
            continue;
        }
        let planned = world.tables.attempts.iter().filter(|one| one.enrollment == place);
        if planned.clone().any(|one| is_held(one) || is_young(world, one)) {
            continue;
        }
        let due = planned.filter(|one| one.standing.state == AttemptState::Scheduled).map(|one| one.due_at).max();
        match due {
            None => broken.push(("P3", format!("enrollment {place} has no try planned"))),
            Some(due) if may_dial_on(!world.faults.forgetful) && world.ends_at.duration_since(due) > OVERDUE_MAX => {
                broken.push(("P3", format!("enrollment {place} was due at {due} and is not called")));
            }
            Some(_) => {}
        }
    }
    for (place, call) in world.calls.iter().enumerate().filter(|(_, call)| call.has_ended()) {
        let Some(attempt) = call.attempt else { continue };
        let row = world.tables.attempts.get(attempt);
        let known = row.and_then(|one| one.standing.provider_call_id.as_ref());
        if known != Some(&call.id) && !row.is_some_and(is_held) {
            broken.push(("P3", format!("attempt {attempt} does not know its call {place}")));
        }
    }
}

fn is_held(attempt: &Attempt) -> bool {
    attempt.standing.state == AttemptState::Held
}

fn truth(world: &World, broken: &mut Vec<Broken>) {
    for (place, call) in world.calls.iter().enumerate() {
        let Some(attempt) = call.attempt else { continue };
        let known = world.tables.calls.get(&place);
        if call.has_ended() && known.is_some_and(|known| *known != CallStatus::Ended) {
            broken.push(("P5", format!("call {place} has ended and is known as {known:?}")));
        }
        let Some(row) = world.tables.attempts.get(attempt) else { continue };
        let is_own = row.standing.provider_call_id.as_ref() == Some(&call.id);
        if is_own && row.standing.state == AttemptState::Ended {
            let expected = (!call.ends_as.says_nothing_of_the_lead()).then(|| call.ends_as.outcome());
            if row.standing.outcome != expected {
                broken.push(("P5", format!("attempt {attempt} ended as {:?}, not {expected:?}", row.standing.outcome)));
            }
        }
    }
    for (place, attempt) in world.tables.attempts.iter().enumerate() {
        let Some(id) = &attempt.standing.provider_call_id else { continue };
        let call = world.calls.iter().find(|call| call.id == *id);
        if call.is_none_or(|call| call.attempt != Some(place)) {
            broken.push(("P3", format!("attempt {place} took {id} for its own")));
        }
    }
}

fn counters(world: &World, broken: &mut Vec<Broken>) {
    let mut leads: HashMap<(usize, Date), i32> = HashMap::new();
    let mut lines = 0;
    for attempt in &world.tables.attempts {
        let standing = &attempt.standing;
        if let Some(day) = attempt.lead_day
            && !standing.never_dialed
        {
            *leads.entry((attempt.phone, day)).or_default() += 1;
        }
        lines += i32::from(standing.state.is_open() || standing.has_line());
    }
    for (key, count) in &world.tables.lead_days {
        if leads.get(key).copied().unwrap_or(0) != *count {
            broken.push(("P6", format!("{key:?} is counted {count} times, and has {:?} attempts", leads.get(key))));
        }
        if *count > CALLS_PER_LEAD_AND_DAY_MAX {
            broken.push(("P6", format!("{key:?} is counted {count} times")));
        }
    }
    if lines != world.tables.lines_in_use {
        broken.push(("P6", format!("{} lines are in use, by {lines} attempts", world.tables.lines_in_use)));
    }
    let setting = &world.setting;
    let most = world.tables.lines_in_use_most;
    if most > setting.lines_max {
        broken.push(("P6", format!("{most} lines were in use, of {}", setting.lines_max)));
    }
    for (day, calls) in &world.tables.organization_days {
        if *calls > setting.calls_per_day_max {
            broken.push(("P6", format!("{calls} calls on {day}, of {}", setting.calls_per_day_max)));
        }
    }
    if world.objections > 0 {
        broken.push(("P6", format!("the schema had to object {} times", world.objections)));
    }
}

fn nothing_after_no(world: &World, broken: &mut Vec<Broken>) {
    for flow in &world.flows {
        let Some(passed_at) = flow.passed_at else { continue };
        let Some(attempt) = world.tables.attempts.get(flow.attempt) else { continue };
        if world.dnc_since.get(&attempt.phone).is_some_and(|since| passed_at > *since) {
            broken.push(("P7", format!("attempt {} was sent to a phone on the do-not-call list", flow.attempt)));
        }
        let campaign = world.tables.enrollments[attempt.enrollment].campaign;
        let is_paused = |(paused, from, until): &(usize, jiff::Timestamp, jiff::Timestamp)| {
            *paused == campaign && passed_at > *from && passed_at < *until
        };
        if world.pauses.iter().any(is_paused) {
            broken.push(("P7", format!("attempt {} was sent in a pause", flow.attempt)));
        }
    }
}
