//! What limits the calls of one lead: whoever calls it, and from wherever.

use super::{Decision, Deferral, EARLY_CLOSE, Facts, RECHECK, defer, next_opening};
use crate::domain::daypart::Daypart;
use crate::domain::dialing_rules::RollingCap;
use crate::domain::local_day::day_begins_at;
use crate::domain::protocol::protections::{Protection, off};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

/// A part of the day that was tried without an answer is left alone for so many days.
const DAYPART_DAYS: i64 = 3;

pub(super) fn limits(facts: &Facts<'_>) -> Option<Decision> {
    held(facts)
        .or_else(|| call_back(facts))
        .or_else(|| called_today(facts))
        .or_else(|| rolling_caps(facts))
        .or_else(|| busy(facts))
        .or_else(|| rang_recently(facts))
        .or_else(|| same_daypart(facts))
}

fn held(facts: &Facts<'_>) -> Option<Decision> {
    let until = facts.lead.phone_held_until.filter(|until| *until > facts.now)?;
    Some(next_opening(facts, until, Deferral::PhoneIsHeld))
}

/// The lead named a time: it is not called before.
fn call_back(facts: &Facts<'_>) -> Option<Decision> {
    let at = facts.lead.call_back_at.filter(|at| *at > facts.now)?;
    Some(next_opening(facts, at, Deferral::CallBackLater))
}

fn called_today(facts: &Facts<'_>) -> Option<Decision> {
    let lead = &facts.lead;
    let calls_max = facts.campaign.calls_per_lead_and_day_max.min(facts.organization.calls_per_lead_and_day_max);
    let tomorrow = lead.zone.counted_day_ends_at(facts.now);
    (lead.calls_today >= calls_max).then(|| next_opening(facts, tomorrow, Deferral::LeadCalledEnoughToday))
}

/// The day on which every cap has room again.
fn rolling_caps(facts: &Facts<'_>) -> Option<Decision> {
    let today = facts.lead.zone.counted_day(facts.now);
    let caps = &facts.rules.lead_rings_max;
    let free_on = caps.iter().map(|cap| has_room_on(facts, *cap, today)).max().filter(|day| *day > today)?;
    let begins = day_begins_at(free_on, facts.lead.zone.first());
    Some(next_opening(facts, begins, Deferral::LeadCalledEnoughLately))
}

/// The first day from today on whose window of days has room for a ring: at most as many days ahead as the window is long.
fn has_room_on(facts: &Facts<'_>, cap: RollingCap, today: Date) -> Date {
    let rings_until = |day: Date| {
        let first = day.saturating_sub((i64::from(cap.days) - 1).days());
        let earlier = facts.lead.earlier_days.iter().filter(|d| (first..today).contains(&d.day)).map(|d| d.calls);
        let rings = earlier.sum::<i32>() + if first <= today { facts.lead.calls_today } else { 0 };
        u32::try_from(rings).unwrap_or(0)
    };
    let later = |ahead: i64| today.saturating_add(ahead.days());
    // A whole window ahead, no ring so far is inside it.
    let whole = i64::from(cap.days);
    (0..whole).map(later).find(|day| rings_until(*day) < cap.rings).unwrap_or_else(|| later(whole))
}

fn busy(facts: &Facts<'_>) -> Option<Decision> {
    let is_busy = facts.lead.phone_is_busy && !off(Protection::OneOpenAttemptPerPhone);
    is_busy.then(|| defer(facts.now + RECHECK * 4, Deferral::PhoneIsBusy))
}

fn rang_recently(facts: &Facts<'_>) -> Option<Decision> {
    let free_at = facts.lead.last_ring_at? + facts.organization.ring_gap;
    (free_at > facts.now).then(|| next_opening(facts, free_at, Deferral::RangRecently))
}

/// Another part of the day than that of the last ring, where the hours have one. A time that the lead named counts more.
fn same_daypart(facts: &Facts<'_>) -> Option<Decision> {
    let (lead, now) = (&facts.lead, facts.now);
    let rang_at = lead.last_ring_at.filter(|_| facts.campaign.rules.other_daypart && lead.call_back_at.is_none())?;
    let zone = lead.zone.first();
    let is_recent = now.duration_since(rang_at).as_hours() < DAYPART_DAYS * 24;
    let rang_in = Daypart::at(rang_at, zone);
    if !is_recent || Daypart::at(now, zone) != rang_in {
        return None;
    }
    let other: Timestamp = lead.hours.next_open(Daypart::ends_at(now, zone), lead.zone.zones(), EARLY_CLOSE)?;
    // Hours within a single part of the day have no other.
    (Daypart::at(other, zone) != rang_in).then(|| defer(other, Deferral::SamePartOfDay))
}
