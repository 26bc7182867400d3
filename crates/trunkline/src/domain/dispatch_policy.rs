//! What may ring, when, from where, and why not: one function, one reason.
//!
//! What the law forbids comes before what the lead's own limits forbid, and that before what capacity forbids, so that
//! the reason shown to a person is the one that matters most.

mod facts;
mod reasons;
mod replay;
#[cfg(test)]
mod tests;

pub use facts::{AccountFacts, CampaignFacts, Facts, LeadFacts, NumberFacts, OrganizationFacts};
pub use reasons::{Deferral, Exclusion, Scope};
pub use replay::{KeptDecision, Replay, replay};

use super::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use super::protocol::protections::{Protection, off};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Rises with every change after which the same facts may be decided otherwise. A kept decision is decided again by the
/// rules of its version only.
pub const RULES_VERSION: i32 = 1;

/// The window closes this much before its end, and so does the lead's day: a call that the provider queues must still ring
/// inside of both.
pub const EARLY_CLOSE: SignedDuration = SignedDuration::from_mins(10);
/// When to look again at what only the end of another call can change. The end itself wakes the organization sooner.
const RECHECK: SignedDuration = SignedDuration::from_secs(30);
/// The same for a line of the pool, whose calls are other organizations' too. A full pool's organizations are not due
/// (`across.due_organizations`), so this is soon without being work.
const LINE_RECHECK: SignedDuration = SignedDuration::from_secs(2);

/// The same for what a person switches on again, who wakes all that waits for it.
const UNTIL_SWITCHED_ON: SignedDuration = SignedDuration::from_mins(10);

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
    let lead = &facts.lead;
    if lead.is_on_dnc {
        return Decision::Exclude(Exclusion::DoNotCall);
    }
    if !lead.number_may_be_called {
        return Decision::Exclude(Exclusion::NumberNotAllowed);
    }
    let Some(opening) = lead.hours.next_open(facts.now, lead.zone.zones(), EARLY_CLOSE) else {
        return Decision::Exclude(Exclusion::NeverOpen);
    };
    if opening > facts.now && !off(Protection::Window) {
        return defer(opening, Deferral::OutsideCallingHours);
    }
    let day_ends_at = lead.zone.counted_day_ends_at(facts.now);
    if facts.now >= day_ends_at - EARLY_CLOSE && !off(Protection::Window) {
        return next_opening(facts, day_ends_at, Deferral::LeadsDayIsEnding);
    }
    lead_limits(facts).or_else(|| capacity(facts)).unwrap_or_else(|| choose_line(facts))
}

fn lead_limits(facts: &Facts<'_>) -> Option<Decision> {
    let lead = &facts.lead;
    let calls_max = facts.campaign.calls_per_lead_and_day_max.min(facts.organization.calls_per_lead_and_day_max);
    if lead.calls_today >= calls_max {
        let tomorrow = lead.zone.counted_day_ends_at(facts.now);
        return Some(next_opening(facts, tomorrow, Deferral::LeadCalledEnoughToday));
    }
    if lead.phone_is_busy && !off(Protection::OneOpenAttemptPerPhone) {
        return Some(defer(facts.now + RECHECK * 4, Deferral::PhoneIsBusy));
    }
    let free_at = lead.last_ring_at? + facts.organization.ring_gap;
    (free_at > facts.now).then(|| next_opening(facts, free_at, Deferral::RangRecently))
}

fn capacity(facts: &Facts<'_>) -> Option<Decision> {
    let (organization, campaign) = (&facts.organization, &facts.campaign);
    let later = facts.now + RECHECK;
    let blocked = if !organization.agency_dials {
        (facts.now + UNTIL_SWITCHED_ON, Deferral::AgencyPaused)
    } else if !organization.is_active {
        (later, Deferral::OrganizationSuspended)
    } else if !campaign.is_running {
        (later, Deferral::CampaignNotRunning)
    } else if !campaign.agent_is_active {
        (later, Deferral::AgentResting)
    } else if organization.calls_today >= organization.calls_per_day_max {
        (organization.tomorrow_at, Deferral::OrganizationCalledEnoughToday)
    } else if organization.lines_in_use >= organization.lines_max {
        (later, Deferral::OrganizationLinesInUse)
    } else if campaign.lines_in_use >= campaign.lines_max {
        (later, Deferral::CampaignLinesInUse)
    } else if campaign.agent_lines_in_use >= campaign.agent_lines_max {
        (later, Deferral::AgentLinesInUse)
    } else {
        return None;
    };
    Some(defer(blocked.0, blocked.1))
}

/// Number, account and key are chosen together: a number lives at one account, and the agent must be deployed there.
/// Of the numbers that may call, the one that has called least today.
fn choose_line(facts: &Facts<'_>) -> Decision {
    let mut soonest = (facts.now + RECHECK, Deferral::NoUsableNumber);
    let mut best: Option<(&NumberFacts, &AccountFacts)> = None;
    for number in facts.numbers.iter().filter(|number| number.is_usable) {
        let Some(account) = facts.accounts.iter().find(|account| account.id == number.account) else { continue };
        if let Some(blocked) = blocked_line(facts, number, account) {
            soonest = nearer(soonest, blocked);
        } else if best.is_none_or(|(chosen, _)| number.calls_today < chosen.calls_today) {
            best = Some((number, account));
        }
    }
    match best {
        Some((number, account)) => Decision::Dial(dial(facts, number, account)),
        None => defer(soonest.0, soonest.1),
    }
}

fn blocked_line(facts: &Facts<'_>, number: &NumberFacts, account: &AccountFacts) -> Option<(Timestamp, Deferral)> {
    if number.calls_today >= number.calls_per_day_max {
        return Some((facts.organization.tomorrow_at, Deferral::NumbersCalledEnoughToday));
    }
    if let Some(until) = account.paused_until.filter(|until| *until > facts.now) {
        return Some((until, Deferral::AccountPaused));
    }
    if let Some(until) = account.pool_cooling_until.filter(|until| *until > facts.now) {
        return Some((until, Deferral::NoFreeLine));
    }
    if account.pool_lines_free <= 0 {
        return Some((facts.now + LINE_RECHECK, Deferral::NoFreeLine));
    }
    (account.requests_left_this_minute <= 0).then_some((account.next_minute_at, Deferral::RequestsPerMinute))
}

/// The block that ends first is the one that holds the campaign back; "no number at all" only if there is no other.
fn nearer(a: (Timestamp, Deferral), b: (Timestamp, Deferral)) -> (Timestamp, Deferral) {
    if a.1 == Deferral::NoUsableNumber || b.0 < a.0 { b } else { a }
}

fn dial(facts: &Facts<'_>, number: &NumberFacts, account: &AccountFacts) -> Dial {
    let lead = &facts.lead;
    let closes = lead.hours.closes_at(facts.now, lead.zone.zones()).map_or(facts.now, |at| at - EARLY_CLOSE);
    Dial {
        number: number.id,
        account: account.id,
        pool: account.pool,
        lead_day: lead.zone.counted_day(facts.now),
        send_before: closes.min(lead.zone.counted_day_ends_at(facts.now) - EARLY_CLOSE),
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
