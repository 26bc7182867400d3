//! T1 of the dispatch protocol: the turns of many organizations at once. Reads under their locks, lets `dispatch_policy`
//! decide, writes what was decided and counts it, all in one transaction.

use super::ground::Ground;
use super::shared_lines::SharedLines;
use super::turn::{OpenTurn, Verdicts};
use crate::domain::fair_share::advanced;
use crate::domain::ids::{CampaignId, OrganizationId};
use crate::domain::protocol::Timing;
use crate::domain::time_zone;
use crate::store::called_phones::{self, CalledPhone};
use crate::store::claims::{self, InQueue, RunningCampaign};
use crate::store::organization_turns::{self, DueTurn, Turn, TurnEnd};
use crate::store::reservations::{self, ClaimTerms, Fenced};
use crate::store::{Db, Result, TurnsTx, decisions, dialing_lines};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Attempts to send, with their organizations.
pub(super) type Claimed = Vec<(OrganizationId, Fenced)>;

/// Due attempts of each organization, with what is remembered of their phones.
type Queues = HashMap<OrganizationId, Vec<(InQueue, CalledPhone)>>;

/// Takes the turns that are due; those that somebody else has are left out. If that fails, each is tried alone: one
/// organization's trouble is not the others'.
pub(super) async fn take_turns(db: &Db, due: &[DueTurn], now: Timestamp, timing: &Timing) -> Result<Claimed> {
    match take_together(db, due, now, timing).await {
        Err(error) if !error.is_passing() => {
            tracing::warn!(?error, "{} turns could not be taken together; one by one", due.len());
        }
        result => return result,
    }
    let mut claimed = Vec::new();
    for one in due {
        match take_together(db, &[*one], now, timing).await {
            Ok(of_one) => claimed.extend(of_one),
            Err(error) => tracing::error!(organization.id = %one.organization, ?error, "a turn failed"),
        }
    }
    Ok(claimed)
}

async fn take_together(db: &Db, due: &[DueTurn], now: Timestamp, timing: &Timing) -> Result<Claimed> {
    let (tx, turns) = organization_turns::take(db, due, now).await?;
    if turns.is_empty() {
        return Ok(Vec::new());
    }
    failpoint!("claim.locked");
    let (mut queues, campaigns) = read_queues(&tx, &turns, now).await?;
    let mut rested = Vec::new();
    let verdicts = if queues.is_empty() {
        turns.into_iter().map(|turn| (turn, Verdicts::default())).collect()
    } else {
        let ground = Ground::read(&tx, &turns, campaigns, now).await?;
        // As late as can be: until the commit no other claim can take lines.
        let accounts = dialing_lines::lock_accounts(&tx, &ground.accounts()).await?;
        let mut lines = SharedLines::new(now, &accounts, ground.owed.clone());
        let verdicts = decide_all(&ground, &mut lines, &mut queues, turns)?;
        rested = lines.rested;
        verdicts
    };
    failpoint!("claim.decided");
    let terms = ClaimTerms { now, lease_until: now + timing.lease, accounts_that_rested: &rested };
    let claimed = write(&tx, &terms, &verdicts).await?;
    failpoint!("claim.counted");
    tx.commit().await?;
    failpoint!("claim.committed");
    Ok(claimed)
}

/// What is due, and the running campaigns.
async fn read_queues(tx: &TurnsTx, turns: &[Turn], now: Timestamp) -> Result<(Queues, Vec<RunningCampaign>)> {
    let ids: Vec<OrganizationId> = turns.iter().map(|turn| turn.organization).collect();
    let looked_at: Vec<_> = turns.iter().map(|turn| (turn.organization, turn.candidates_max)).collect();
    let (waiting, campaigns) =
        tokio::try_join!(claims::candidates(tx, &looked_at, now), claims::running_campaigns(tx, &ids))?;
    let mut queues = Queues::new();
    if !waiting.is_empty() {
        let phones: Vec<_> = waiting.iter().map(|one| (one.organization, one.candidate.phone.as_str())).collect();
        let remembered = called_phones::remembered(tx, &phones, time_zone::local_day(now, &TimeZone::UTC)).await?;
        for (one, phone) in waiting.into_iter().zip(remembered) {
            queues.entry(one.organization).or_default().push((one, phone));
        }
    }
    Ok((queues, campaigns))
}

/// One attempt after the other, always of the organization that is furthest behind its share: so the last line of a pool is
/// taken by who is entitled to it.
fn decide_all(
    ground: &Ground,
    lines: &mut SharedLines,
    queues: &mut Queues,
    turns: Vec<Turn>,
) -> Result<Vec<(Turn, Verdicts)>> {
    let open = |turn: Turn| {
        let mut queue = queues.remove(&turn.organization).unwrap_or_default();
        ground.put_in_order(turn.organization, &mut queue);
        let books = ground.books(&turn);
        OpenTurn::new(turn, queue, books)
    };
    let mut open: Vec<OpenTurn> = turns.into_iter().map(open).collect();
    let mut order: BinaryHeap<_> =
        open.iter().enumerate().map(|(place, turn)| Reverse((turn.virtual_time(), place))).collect();
    while let Some(Reverse((_, place))) = order.pop() {
        if open[place].decide_next(lines)? {
            order.push(Reverse((open[place].virtual_time(), place)));
        }
    }
    Ok(open.into_iter().map(|turn| turn.close(lines)).collect())
}

async fn write(tx: &TurnsTx, terms: &ClaimTerms<'_>, verdicts: &[(Turn, Verdicts)]) -> Result<Claimed> {
    let now = terms.now;
    let chosen: Vec<_> = verdicts.iter().flat_map(|(_, verdicts)| &verdicts.chosen).collect();
    let put_off: Vec<_> = verdicts.iter().flat_map(|(_, verdicts)| &verdicts.put_off).collect();
    let excluded: Vec<_> = verdicts.iter().flat_map(|(_, verdicts)| &verdicts.excluded).collect();
    let decisions: Vec<_> = verdicts.iter().flat_map(|(_, verdicts)| &verdicts.decisions).collect();
    let claimed = reservations::reserve(tx, terms, &chosen).await?;
    failpoint!("claim.reserved");
    reservations::put_off(tx, &put_off, now).await?;
    reservations::exclude(tx, &excluded, now).await?;
    decisions::keep(tx, &decisions, now).await?;
    end_turns(tx, now, verdicts, &claimed).await?;
    Ok(claimed)
}

async fn end_turns(tx: &TurnsTx, now: Timestamp, verdicts: &[(Turn, Verdicts)], claimed: &Claimed) -> Result<()> {
    let asking = verdicts.iter().filter(|(_, verdicts)| verdicts.asks_what_is_due());
    let (asking, held_back): (Vec<_>, Vec<_>) =
        asking.map(|(turn, verdicts)| (turn.organization, verdicts.blocked.keys().copied())).unzip();
    let held_back: Vec<CampaignId> = held_back.into_iter().flatten().collect();
    let due: HashMap<_, _> = reservations::next_attempts_at(tx, &asking, &held_back).await?.into_iter().collect();
    let mut lines: HashMap<OrganizationId, i32> = HashMap::new();
    for (organization, _) in claimed {
        *lines.entry(*organization).or_default() += 1;
    }
    let end = |(turn, verdicts): &(Turn, Verdicts)| {
        let lines_taken = lines.get(&turn.organization).copied().unwrap_or(0);
        TurnEnd {
            organization: turn.organization,
            next_at: verdicts.next_turn_at(now, due.get(&turn.organization).copied()),
            waiting_because: verdicts.waiting_because(),
            lines_taken,
            candidates_max: verdicts.candidates_max(turn.weight),
            virtual_time: advanced(turn.virtual_time, lines_taken, turn.weight),
            is_idle: !verdicts.waits_for_others(),
        }
    };
    organization_turns::end(tx, &verdicts.iter().map(end).collect::<Vec<_>>(), now).await
}
