//! T1 of the dispatch protocol: one organization's turn. Reads under its lock, lets `dispatch_policy` decide, writes what
//! was decided and counts it, all in one transaction.

use super::books::Books;
use super::ground::{self, Reading};
use crate::domain::dispatch_policy::{Decision, Deferral, Scope, decide};
use crate::domain::fair_share::aged_priority;
use crate::domain::ids::{CampaignId, OrganizationId};
use crate::domain::money::Money;
use crate::domain::protocol::Timing;
use crate::domain::time_zone;
use crate::store::claims::{self, Candidate, RunningCampaign};
use crate::store::decisions::{self, NewDecision};
use crate::store::organization_turns::{self, Turn, TurnEnd};
use crate::store::reservations::{self, ClaimTerms, Excluded, Fenced, PutOff, Reservation};
use crate::store::{Db, Result, TenantTx, attempts, called_phones};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// Attempts that an organization of weight 1 may take in one turn: small, so that turns come round quickly.
const ATTEMPTS_PER_TURN: usize = 4;
/// Due attempts looked at per campaign and turn. Those that cannot be called now are moved out of the way.
const CANDIDATES_PER_CAMPAIGN_MAX: i64 = 60;
/// The next turn at the latest, whatever holds the organization back now.
const TURN_AT_LEAST_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What a turn decided.
#[derive(Default)]
struct Verdicts {
    chosen: Vec<Reservation>,
    put_off: Vec<PutOff>,
    excluded: Vec<Excluded>,
    /// All of them, as they are kept.
    decisions: Vec<NewDecision>,
    /// Campaigns that something holds back, with the time at which it ends.
    blocked: HashMap<CampaignId, (Timestamp, Deferral)>,
    organization_blocked: Option<(Timestamp, Deferral)>,
    /// True if due attempts may be left.
    more: bool,
}

/// Takes the organization's turn and returns the attempts to send.
pub(super) async fn take_turn(
    db: &Db,
    organization: OrganizationId,
    now: Timestamp,
    timing: &Timing,
) -> Result<Vec<Fenced>> {
    let tx = db.tenant(organization).await?;
    failpoint!("claim.begun");
    let Some(turn) = organization_turns::take(&tx, now).await? else { return Ok(Vec::new()) };
    failpoint!("claim.locked");
    let campaigns = in_turn(claims::running_campaigns(&tx).await?, now);
    let candidates = claims::candidates(&tx, &campaigns, now, CANDIDATES_PER_CAMPAIGN_MAX).await?;
    if candidates.is_empty() {
        let next = next_turn_at(&tx, now, &Verdicts::default()).await?;
        organization_turns::end(&tx, TurnEnd { next_at: next, waiting_because: None, lines_taken: 0 }, now).await?;
        tx.commit().await?;
        return Ok(Vec::new());
    }
    let mut books = Books::new(ground::read(&tx, now, (&turn, &campaigns), Reading::Claim).await?);
    let verdicts = decide_all(&tx, &mut books, &turn, candidates).await?;
    failpoint!("claim.decided");
    let fenced = write(&tx, timing, &turn, &books, &verdicts).await?;
    failpoint!("claim.counted");
    tx.commit().await?;
    failpoint!("claim.committed");
    Ok(fenced)
}

/// An organization's books as they stand, and when its turn comes. Locks nothing and changes nothing.
pub(crate) struct Look {
    pub turn: Turn,
    pub turn_at: Timestamp,
    pub organization: String,
    pub books: Books,
}

/// Looks at `campaigns` as a claim would, whether they run or not.
pub(crate) async fn look(tx: &TenantTx, now: Timestamp, campaigns: &[CampaignId]) -> Result<Look> {
    let (turn, turn_at, organization) = organization_turns::look(tx).await?;
    let campaigns = claims::campaigns(tx, campaigns).await?;
    let books = Books::new(ground::read(tx, now, (&turn, &campaigns), Reading::Look).await?);
    Ok(Look { turn, turn_at, organization, books })
}

/// Campaigns in the order of their turns, each with the priority that it has by waiting: of equals the one with the fewest
/// lines, then the one that waits longest.
fn in_turn(mut campaigns: Vec<RunningCampaign>, now: Timestamp) -> Vec<RunningCampaign> {
    for campaign in &mut campaigns {
        campaign.priority = aged_priority(campaign.priority, campaign.waiting_since, now);
    }
    campaigns.sort_by_key(|campaign| {
        (campaign.priority, campaign.lines_in_use, campaign.waiting_since.unwrap_or(Timestamp::MAX))
    });
    campaigns
}

async fn decide_all(tx: &TenantTx, books: &mut Books, turn: &Turn, candidates: Vec<Candidate>) -> Result<Verdicts> {
    let phones: Vec<&str> = candidates.iter().map(|candidate| candidate.phone.as_str()).collect();
    let today = time_zone::local_day(books.now, &TimeZone::UTC);
    let remembered = called_phones::remembered(tx, &phones, today).await?;
    let room = ATTEMPTS_PER_TURN * usize::try_from(turn.weight).unwrap_or(1);
    let mut verdicts = Verdicts::default();
    for (candidate, phone) in candidates.iter().zip(&remembered) {
        if verdicts.chosen.len() == room {
            verdicts.more = true;
            break;
        }
        if verdicts.organization_blocked.is_some() {
            break;
        }
        if verdicts.blocked.contains_key(&candidate.campaign) {
            continue;
        }
        let facts = books.facts(candidate, phone);
        let decision = decide(&facts);
        verdicts.decisions.push(NewDecision::new(candidate.id, &facts, &decision)?);
        if let Decision::Dial(dial) = &decision {
            books.enter(candidate, dial);
        }
        verdicts.note(candidate, decision, books.price(candidate.campaign));
    }
    Ok(verdicts)
}

impl Verdicts {
    fn note(&mut self, candidate: &Candidate, decision: Decision, price: Money) {
        match decision {
            Decision::Dial(dial) => self.chosen.push(Reservation {
                attempt: candidate.id,
                enrollment: candidate.enrollment,
                campaign: candidate.campaign,
                phone: candidate.phone.clone(),
                number: dial.number,
                account: dial.account,
                pool: dial.pool,
                lead_day: dial.lead_day,
                send_before: dial.send_before,
                price,
            }),
            Decision::Exclude(because) => self.excluded.push(Excluded {
                attempt: candidate.id,
                enrollment: candidate.enrollment,
                campaign: candidate.campaign,
                because: because.as_str(),
            }),
            Decision::Defer { until, because } => match because.scope() {
                Scope::Lead => {
                    self.put_off.push(PutOff { attempt: candidate.id, until, because: because.as_str() });
                }
                Scope::Campaign => {
                    self.blocked.insert(candidate.campaign, (until, because));
                }
                Scope::Organization => self.organization_blocked = Some((until, because)),
            },
        }
    }

    /// The reason that a person reads: the block that ends first.
    fn waiting_because(&self) -> Option<&'static str> {
        let blocks = self.organization_blocked.iter().chain(self.blocked.values());
        blocks.min_by_key(|(until, _)| *until).map(|(_, because)| because.as_str())
    }
}

async fn write(tx: &TenantTx, timing: &Timing, turn: &Turn, books: &Books, verdicts: &Verdicts) -> Result<Vec<Fenced>> {
    let now = books.now;
    let terms = ClaimTerms {
        now,
        lease_until: now + timing.lease,
        organization_day: time_zone::local_day(now, &ground::zone_of(turn)),
        calls_per_day_max: turn.calls_per_day_max,
        calls_per_lead_and_day_max: turn.calls_per_lead_and_day_max,
        accounts_that_rested: &books.rested,
    };
    let fenced = reservations::reserve(tx, &terms, &verdicts.chosen).await?;
    failpoint!("claim.reserved");
    reservations::put_off(tx, now, &verdicts.put_off).await?;
    reservations::exclude(tx, now, &verdicts.excluded).await?;
    decisions::keep(tx, &verdicts.decisions, now).await?;
    for campaign in verdicts.excluded.iter().map(|excluded| excluded.campaign).collect::<HashSet<_>>() {
        attempts::complete_campaign(tx, campaign, now).await?;
    }
    let end = TurnEnd {
        next_at: next_turn_at(tx, now, verdicts).await?,
        waiting_because: verdicts.waiting_because(),
        lines_taken: i32::try_from(fenced.len()).unwrap_or(i32::MAX),
    };
    organization_turns::end(tx, end, now).await?;
    Ok(fenced)
}

async fn next_turn_at(tx: &TenantTx, now: Timestamp, verdicts: &Verdicts) -> Result<Timestamp> {
    if verdicts.more {
        return Ok(now);
    }
    if let Some((until, _)) = verdicts.organization_blocked {
        return Ok(until.min(now + TURN_AT_LEAST_EVERY));
    }
    let held_back: Vec<CampaignId> = verdicts.blocked.keys().copied().collect();
    let due = reservations::next_attempt_at(tx, &held_back).await?;
    let unblocked = verdicts.blocked.values().map(|(until, _)| *until).min();
    let next = [due, unblocked].into_iter().flatten().min();
    Ok(next.unwrap_or(Timestamp::MAX).min(now + TURN_AT_LEAST_EVERY).max(now))
}
