//! What limits one number that is called from, and which number is preferred for a lead.

use super::facts::NumberFacts;
use super::{Deferral, Facts};
use crate::domain::dialing_rules::NumberChoice;
use jiff::{SignedDuration, Timestamp};

/// Why the number makes no call now, and until when.
pub(super) fn blocked(facts: &Facts<'_>, number: &NumberFacts) -> Option<(Timestamp, Deferral)> {
    let (now, tomorrow) = (facts.now, facts.organization.tomorrow_at);
    if let Some(until) = number.resting_until.filter(|until| *until > now) {
        return Some((until, Deferral::NumbersResting));
    }
    if number.calls_today >= number.calls_per_day_max {
        return Some((tomorrow, Deferral::NumbersCalledEnoughToday));
    }
    let warming_up = number.warm_up_day.and_then(|day| facts.rules.warm_up.calls_per_day_max(day));
    if warming_up.is_some_and(|calls_max| number.calls_today >= calls_max) {
        return Some((tomorrow, Deferral::NumbersWarmingUp));
    }
    if number.calls_per_hour_max.is_some_and(|calls_max| number.calls_this_hour >= calls_max) {
        return Some((next_hour(now), Deferral::NumbersCalledEnoughThisHour));
    }
    let free_at = number.last_call_at? + gap(facts, number);
    (free_at > now).then_some((free_at, Deferral::NumbersPausing))
}

/// The rule's gap and up to half as much again, by a chance that is the same whenever it is asked for.
fn gap(facts: &Facts<'_>, number: &NumberFacts) -> SignedDuration {
    let least = i64::from(facts.rules.number_gap_seconds_min) * 1000;
    let (high, low) = number.id.0.as_u64_pair();
    let last_call = number.last_call_at.map_or(0, Timestamp::as_millisecond);
    let chance = scatter(high ^ low ^ last_call.unsigned_abs()) % 1000;
    let more = least / 2 * i64::try_from(chance).unwrap_or(0) / 1000;
    SignedDuration::from_millis(least + more)
}

/// Close numbers become far ones (the finalizer of `SplitMix64`).
const fn scatter(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Lower is better: by the campaign's choice, then the number that has called least today.
pub(super) fn preference(facts: &Facts<'_>, number: &NumberFacts) -> (u8, i32) {
    let lead = &facts.lead;
    let by_choice = match facts.campaign.rules.numbers {
        NumberChoice::Rotating => 0,
        NumberChoice::Sticky => u8::from(lead.last_number != Some(number.id)),
        NumberChoice::Local if lead.area_code.is_some() && lead.area_code == number.area_code => 0,
        NumberChoice::Local if number.zone.as_deref().is_some_and(|zone| lead.zone.names().any(|z| z == zone)) => 1,
        NumberChoice::Local => 2,
    };
    (by_choice, number.calls_today)
}

/// Calls of an hour are counted by the UTC hour.
fn next_hour(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(3600) + 3600).unwrap_or(Timestamp::MAX)
}
