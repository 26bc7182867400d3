//! Where a call goes out: number, account and key are chosen together. A number lives at one account, and the agent must be
//! deployed there.

use super::facts::{AccountFacts, NumberFacts};
use super::{Decision, Deferral, Dial, EARLY_CLOSE, Facts, RECHECK, defer, numbers};
use jiff::{SignedDuration, Timestamp};

/// When to look again for a line of the pool, whose calls are other organizations' too. A full pool's organizations are not
/// due (`across.due_organizations`), so this is soon without being work.
const LINE_RECHECK: SignedDuration = SignedDuration::from_secs(2);

/// Of the numbers that may call at an account that may be asked, the one that the campaign prefers.
pub(super) fn choose(facts: &Facts<'_>) -> Decision {
    let mut soonest = (facts.now + RECHECK, Deferral::NoUsableNumber);
    let mut best: Option<((u8, i32), &NumberFacts, &AccountFacts)> = None;
    for number in facts.numbers.iter().filter(|number| number.is_usable) {
        let Some(account) = facts.accounts.iter().find(|account| account.id == number.account) else { continue };
        let preference = numbers::preference(facts, number);
        if let Some(blocked) = numbers::blocked(facts, number).or_else(|| account_blocked(facts.now, account)) {
            soonest = nearer(soonest, blocked);
        } else if best.is_none_or(|(chosen, ..)| preference < chosen) {
            best = Some((preference, number, account));
        }
    }
    match best {
        Some((_, number, account)) => Decision::Dial(dial(facts, number, account)),
        None => defer(soonest.0, soonest.1),
    }
}

fn account_blocked(now: Timestamp, account: &AccountFacts) -> Option<(Timestamp, Deferral)> {
    if let Some(until) = account.paused_until.filter(|until| *until > now) {
        return Some((until, Deferral::AccountPaused));
    }
    if let Some(until) = account.pool_cooling_until.filter(|until| *until > now) {
        return Some((until, Deferral::NoFreeLine));
    }
    if account.pool_lines_free <= 0 {
        return Some((now + LINE_RECHECK, Deferral::NoFreeLine));
    }
    if account.pool_lines_free <= account.pool_lines_kept {
        return Some((now + LINE_RECHECK, Deferral::LinesKeptForOthers));
    }
    if account.requests_left_this_minute <= 0 {
        return Some((account.next_minute_at, Deferral::RequestsPerMinute));
    }
    let is_second_over = account.requests_left_this_second.is_some_and(|left| left <= 0);
    is_second_over.then_some((account.next_second_at, Deferral::RequestsPerSecond))
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
