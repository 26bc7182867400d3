//! What was told of many calls, taken in together, in rounds: each call and each attempt at most once a round, so that what
//! is decided rests on what was decided before. In a round everything is read first, decided by `domain`, and written by a
//! statement a table.
//!
//! The caller holds the locks of the organizations. Pools are locked once, in the order of their ids, when the first line
//! may move: whoever locks several does so, and none waits for another in a circle.

use super::consequences::{self, Blamed};
use super::number_watch;
use crate::domain::call_entry::{CallEntry, End, Settles};
use crate::domain::call_evidence::{CallEvidence, Consequence, Told};
use crate::domain::ids::{AttemptId, CallId, OrganizationId, ProviderAccountId};
use crate::domain::protocol::{Happening, Moment};
use crate::domain::status::AttemptState;
use crate::settlement;
use crate::store::attempt_money::{self, Spent};
use crate::store::attempts::{self, Attempt};
use crate::store::call_reports::{self, ReportOf};
use crate::store::calls::{self, CallToWrite, Parties};
use crate::store::{Bound, Result, provider_accounts};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What was told of a call, with what is known of it.
struct Entrant {
    told: Told,
    parties: Parties,
    /// The attempt whose call this is, locked.
    attempt: Option<Attempt>,
    /// A call whose attempt has another one already.
    is_further: bool,
}

/// Takes in what was told, in this order.
pub(super) async fn take_in(tx: &impl Bound, told: Vec<Told>, moment: &Moment) -> Result<()> {
    let mut left = joined(told);
    let mut blamed = Vec::new();
    // Each round takes one at least.
    while !left.is_empty() {
        let (round, later) = once_each(left, |told| (told.account, told.evidence.provider_call_id.clone()));
        let (entrants, put_off) = look_up(tx, round).await?;
        blamed.extend(take_in_once(tx, entrants, moment).await?);
        left = put_off;
        left.extend(later);
    }
    consequences::follow(tx, blamed, moment.now).await
}

/// What is told of one call until its end is as good as one message.
fn joined(told: Vec<Told>) -> Vec<Told> {
    let mut joined: Vec<Told> = Vec::with_capacity(told.len());
    let mut latest: HashMap<(OrganizationId, ProviderAccountId, String), usize> = HashMap::new();
    for Told { organization, account, evidence } in told {
        let call = (organization, account, evidence.provider_call_id.clone());
        let by_itself = match latest.get(&call) {
            Some(place) => joined[*place].evidence.absorb(evidence),
            None => Some(evidence),
        };
        if let Some(evidence) = by_itself {
            latest.insert(call, joined.len());
            joined.push(Told { organization, account, evidence });
        }
    }
    joined
}

/// The first of each kind, and all others.
fn once_each<T, K: Eq + std::hash::Hash>(all: Vec<T>, kind: impl Fn(&T) -> K) -> (Vec<T>, Vec<T>) {
    let mut seen = HashSet::new();
    all.into_iter().partition(|one| seen.insert(kind(one)))
}

/// Whose calls these are, their attempts locked; and those that have to wait because another call of their attempt is
/// taken in first.
async fn look_up(tx: &impl Bound, told: Vec<Told>) -> Result<(Vec<Entrant>, Vec<Told>)> {
    let parties = calls::parties(tx, &told).await?;
    let mut taken: HashSet<AttemptId> = HashSet::new();
    let (now, later): (Vec<_>, Vec<_>) =
        told.into_iter().zip(parties).partition(|(_, parties)| parties.attempt.is_none_or(|id| taken.insert(id)));
    let named = now.iter().filter_map(|(told, parties)| Some((told.organization, parties.attempt?)));
    let named: Vec<(OrganizationId, AttemptId)> = named.collect();
    let locked = if named.is_empty() { Vec::new() } else { attempts::lock_all(tx, &named).await? };
    failpoint!("apply.attempt");
    let mut locked: HashMap<AttemptId, Attempt> = locked.into_iter().map(|attempt| (attempt.id, attempt)).collect();
    let entrant = |(told, parties): (Told, Parties)| {
        let attempt = parties.attempt.and_then(|id| locked.remove(&id));
        Entrant { told, parties, attempt, is_further: false }
    };
    Ok((now.into_iter().map(entrant).collect(), later.into_iter().map(|(told, _)| told).collect()))
}

/// Gives what is to blame for ends that say something about more than their call.
async fn take_in_once(tx: &impl Bound, mut entrants: Vec<Entrant>, moment: &Moment) -> Result<Vec<Blamed>> {
    let pools: BTreeSet<ProviderAccountId> =
        entrants.iter().filter(|entrant| entrant.may_move_lines()).map(|entrant| entrant.told.account).collect();
    provider_accounts::lock_pools_of(tx, &pools.into_iter().collect::<Vec<_>>()).await?;
    see_calls(tx, &mut entrants, moment).await?;
    let entries: Vec<CallEntry> = entrants.iter().map(Entrant::entry).collect();
    let ids = write_calls(tx, &entrants, &entries, moment).await?;
    failpoint!("apply.opened");
    settle(tx, &mut entrants, &entries, moment).await?;
    failpoint!("apply.ended");
    write_reports(tx, &entrants, &ids).await?;
    failpoint!("apply.reported");
    Ok(entrants.iter().zip(&entries).filter_map(|(entrant, entry)| entrant.blamed(entry)).collect())
}

/// Attempts are brought forward by the proof that their calls exist. A second call of an attempt is entered without it.
async fn see_calls(tx: &impl Bound, entrants: &mut [Entrant], moment: &Moment) -> Result<()> {
    let seen = entrants.iter_mut().filter_map(|entrant| {
        let call = entrant.told.evidence.provider_call_id.as_str();
        Some((entrant.attempt.as_mut()?, Happening::CallSeen(call)))
    });
    settlement::happen_all(tx, &mut seen.collect::<Vec<_>>(), moment).await?;
    for entrant in entrants.iter_mut() {
        let Some(attempt) = &entrant.attempt else { continue };
        let call = entrant.told.evidence.provider_call_id.as_str();
        entrant.is_further = attempt.standing.provider_call_id.as_deref() != Some(call);
    }
    let further = entrants.iter_mut().filter(|entrant| entrant.is_further && entrant.parties.call.is_none());
    let further = further.filter_map(|entrant| Some((entrant.attempt.as_mut()?, Happening::FurtherCall)));
    settlement::happen_all(tx, &mut further.collect::<Vec<_>>(), moment).await?;
    for entrant in entrants.iter_mut().filter(|entrant| entrant.is_further) {
        (entrant.attempt, entrant.parties.attempt) = (None, None);
    }
    Ok(())
}

/// Gives the id of each.
async fn write_calls(
    tx: &impl Bound,
    entrants: &[Entrant],
    entries: &[CallEntry],
    moment: &Moment,
) -> Result<Vec<CallId>> {
    let known = |entrant: &Entrant| entrant.parties.call.as_ref().map(|call| call.id);
    let ids: Vec<CallId> = entrants.iter().map(|entrant| known(entrant).unwrap_or_else(CallId::new)).collect();
    let rows = entrants.iter().zip(entries).zip(&ids);
    let rows = rows.map(|((entrant, entry), id)| CallToWrite {
        id: *id,
        told: &entrant.told,
        parties: &entrant.parties,
        entry,
    });
    calls::write(tx, &rows.collect::<Vec<_>>(), moment.now).await?;
    let lines = entrants.iter().zip(entries).filter_map(|(entrant, entry)| {
        let lines = entry.takes_lines(entrant.parties.call.as_ref());
        (lines != 0).then_some((entrant.told.account, lines))
    });
    provider_accounts::move_lines(tx, &lines.collect::<Vec<_>>()).await?;
    Ok(ids)
}

/// Attempts end with their calls, and leads turn out to have been reached.
async fn settle(tx: &impl Bound, entrants: &mut [Entrant], entries: &[CallEntry], moment: &Moment) -> Result<()> {
    let ends = entrants.iter_mut().zip(entries).filter(|(_, entry)| entry.settles == Settles::Attempt);
    let ends = ends.filter_map(|(entrant, _)| {
        let ended = entrant.told.evidence.ended.as_ref()?;
        let happening = Happening::Ended { ended_as: ended.ended_as, reason: &ended.reason };
        Some((entrant.attempt.as_mut()?, happening))
    });
    settlement::happen_all(tx, &mut ends.collect::<Vec<_>>(), moment).await?;
    for (entrant, entry) in entrants.iter().zip(entries) {
        if let (Settles::ReachedAfterAll, Some(attempt)) = (entry.settles, &entrant.attempt) {
            settlement::reached_after_all(tx, attempt, moment.now).await?;
        }
    }
    let first_ends = entrants.iter().zip(entries).filter(|(_, entry)| matches!(entry.end, End::First(_)));
    let answers = first_ends.filter_map(|(entrant, _)| {
        number_watch::answer(entrant.attempt.as_ref()?, entrant.told.evidence.ended.as_ref()?.ended_as)
    });
    number_watch::note(tx, &answers.collect::<Vec<_>>(), moment.now).await
}

async fn write_reports(tx: &impl Bound, entrants: &[Entrant], ids: &[CallId]) -> Result<()> {
    let reports = entrants.iter().zip(ids).filter_map(|(entrant, id)| {
        let report = entrant.told.evidence.report.as_ref()?;
        Some(ReportOf { organization: entrant.told.organization, call: *id, report })
    });
    call_reports::enter(tx, &reports.collect::<Vec<_>>()).await?;
    let spent = entrants.iter().filter_map(|entrant| {
        let (attempt, cost) = (entrant.parties.attempt?, entrant.told.evidence.report.as_ref()?.cost?);
        Some(Spent { organization: entrant.told.organization, attempt, cost })
    });
    attempt_money::spend(tx, &spent.collect::<Vec<_>>()).await
}

impl Entrant {
    fn entry(&self) -> CallEntry {
        let has_line = self.attempt.as_ref().is_some_and(|attempt| attempt.standing.has_line());
        CallEntry::of(self.parties.call.as_ref(), &self.told.evidence, has_line)
    }

    /// Whether a line of a pool may be taken or given back, or a pool be locked for another reason: by an end, a call
    /// without a line of its attempt, or an attempt that was closed before.
    fn may_move_lines(&self) -> bool {
        let CallEvidence { provider_call_id, .. } = &self.told.evidence;
        let goes_on = self.attempt.as_ref().is_some_and(|Attempt { standing, .. }| {
            matches!(standing.state, AttemptState::Sending | AttemptState::Unknown | AttemptState::Accepted)
                && standing.provider_call_id.as_ref().is_none_or(|call| call == provider_call_id)
        });
        let is_quiet = match &self.parties.call {
            Some(call) => !call.holds_line && (goes_on || self.attempt.is_none()),
            None => goes_on,
        };
        self.told.evidence.is_over() || !is_quiet
    }

    /// What the end, told for the first time, says about more than its call.
    fn blamed(&self, entry: &CallEntry) -> Option<Blamed> {
        let ended = self.told.evidence.ended.as_ref().filter(|_| matches!(entry.end, End::First(_)))?;
        (ended.consequence != Consequence::Nothing).then(|| Blamed {
            consequence: ended.consequence,
            organization: self.told.organization,
            account: self.told.account,
            number: self.parties.number,
            campaign: self.parties.campaign,
            reason: ended.reason.clone(),
        })
    }
}
