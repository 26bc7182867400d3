//! What may ring, when, from where, and why not: one function, one reason.
//!
//! What the law forbids comes before what the lead's own limits forbid, and that before what capacity forbids, so that
//! the reason shown to a person is the one that matters most.

mod capacity;
mod facts;
mod lead;
mod lines;
mod numbers;
mod reasons;
mod replay;
#[cfg(test)]
mod tests;

pub use facts::{AccountFacts, BudgetFacts, CampaignFacts, DayCalls, Facts, LeadFacts, NumberFacts, OrganizationFacts};
pub use reasons::{Deferral, Exclusion, Scope};
pub use replay::{KeptDecision, Replay, replay};

use super::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use super::protocol::protections::{Protection, off};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Rises with every change after which the same facts may be decided otherwise. A kept decision is decided again by the
/// rules of its version only.
pub const RULES_VERSION: i32 = 2;

/// The window closes this much before its end, and so does the lead's day: a call that the provider queues must still ring
/// inside of both.
pub const EARLY_CLOSE: SignedDuration = SignedDuration::from_mins(10);
/// When to look again at what only the end of another call can change. The end itself wakes the organization sooner.
const RECHECK: SignedDuration = SignedDuration::from_secs(30);

/// What is decided about one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Dial(Dial),
    Defer { until: Timestamp, because: Deferral },
    Exclude(Exclusion),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dial {
    pub number: PhoneNumberId,
    pub account: ProviderAccountId,
    pub pool: LinePoolId,
    /// The lead's local day that the ring counts for.
    pub lead_day: Date,
    /// After this instant it is too late: the window or the day is over.
    pub send_before: Timestamp,
}

/// Decides about one attempt.
pub fn decide(facts: &Facts<'_>) -> Decision {
    law(facts)
        .or_else(|| lead::limits(facts))
        .or_else(|| capacity::limits(facts))
        .unwrap_or_else(|| lines::choose(facts))
}

fn law(facts: &Facts<'_>) -> Option<Decision> {
    let (lead, rules) = (&facts.lead, &facts.rules);
    let is_country_allowed =
        |allowed: &std::collections::BTreeSet<_>| lead.country.is_some_and(|c| allowed.contains(&c));
    let exclusion = if lead.is_on_dnc {
        Exclusion::DoNotCall
    } else if !lead.kind.may_be_called() {
        Exclusion::NumberNotAllowed
    } else if !rules.phone_kinds.as_ref().is_none_or(|kinds| kinds.contains(&lead.kind)) {
        Exclusion::KindNotAllowed
    } else if !rules.countries.as_ref().is_none_or(is_country_allowed) {
        Exclusion::CountryNotAllowed
    } else {
        let Some(opening) = lead.hours.next_open(facts.now, lead.zone.zones(), EARLY_CLOSE) else {
            return Some(Decision::Exclude(Exclusion::NeverOpen));
        };
        return too_early_or_late(facts, opening);
    };
    Some(Decision::Exclude(exclusion))
}

/// `opening`: when the hours are open next.
fn too_early_or_late(facts: &Facts<'_>, opening: Timestamp) -> Option<Decision> {
    let day_ends_at = facts.lead.zone.counted_day_ends_at(facts.now);
    if off(Protection::Window) {
        None
    } else if opening > facts.now {
        Some(defer(opening, Deferral::OutsideCallingHours))
    } else if facts.now >= day_ends_at - EARLY_CLOSE {
        Some(next_opening(facts, day_ends_at, Deferral::LeadsDayIsEnding))
    } else {
        None
    }
}

/// Not before `earliest`, and then only inside the hours: so a person reads the true next time.
fn next_opening(facts: &Facts<'_>, earliest: Timestamp, because: Deferral) -> Decision {
    let lead = &facts.lead;
    let until = lead.hours.next_open(earliest, lead.zone.zones(), EARLY_CLOSE).unwrap_or(earliest);
    defer(until, because)
}

fn defer(until: Timestamp, because: Deferral) -> Decision {
    Decision::Defer { until, because }
}
