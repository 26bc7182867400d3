//! The claim against its definition: what its statements count under the organizations' locks, and what many turns of one claim
//! decide together, is held against `dispatch_policy::decide` over facts that are counted one by one from the attempts.
//!
//! Each world is a small agency in which everything limits something.

mod agency;
mod model;

use crate::support::World;
use jiff::{SignedDuration, Timestamp};
use model::Model;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::{HashMap, VecDeque};
use trunkline::domain::dispatch_policy::{Decision, Facts, KeptDecision, decide};
use trunkline::domain::fair_share::advanced;
use trunkline::domain::ids::{AttemptId, OrganizationId};
use trunkline::store::decisions::{self, ListedDecision};
use trunkline::store::organization_turns::{self, DueTurn};
use trunkline::store::reservations::Fenced;

/// What fails is told with its seed, which makes the same world again.
const SEEDS: std::ops::Range<u64> = 0..8;
/// Times at which everything due is claimed in a world.
const ROUNDS: usize = 6;
/// After as many claims at one time, a world goes in circles.
const CLAIMS_MAX: usize = 200;

/// Decisions that were compared.
#[derive(Debug, Default)]
struct Tally {
    dials: usize,
    others: usize,
    /// Claims in which more than one organization dialed.
    shared_claims: usize,
}

#[tokio::test]
async fn a_claim_takes_exactly_what_is_decided_over_attempts_counted_one_by_one() {
    let mut tally = Tally::default();
    for seed in SEEDS {
        one_world(seed, &mut tally).await;
    }
    // The worlds are worth it: all kinds of decision occur, and claims of several organizations.
    assert!(tally.dials > 100 && tally.others > 100 && tally.shared_claims > 10, "{tally:?}");
}

async fn one_world(seed: u64, tally: &mut Tally) {
    let mut rng = StdRng::seed_from_u64(seed);
    // From a morning to an evening in New York.
    let morning: Timestamp = "2026-03-04T13:30:00Z".parse().unwrap();
    let world = World::at(&(morning + SignedDuration::from_secs(rng.random_range(0..8 * 3600))).to_string()).await;
    agency::lay(&world, &mut rng).await;
    for _ in 0..ROUNDS {
        let claimed = claim_to_rest(&world, &mut rng, seed, tally).await;
        // Some are sent and run their course; the leases of the others pass.
        for (organization, fenced) in claimed.into_iter().filter(|_| rng.random_bool(0.8)) {
            world.node.dialer.send(organization, fenced).await.unwrap();
        }
        world.advance(SignedDuration::from_secs(rng.random_range(60..5_000)));
        world.provider().await;
        world.apply().await;
        world.node.dialer.look_after().await.unwrap();
        world.check_counters().await;
        // Then the next minute begins, with requests of its own.
        world.advance(SignedDuration::from_secs(60));
    }
}

/// Claims until nobody has a turn, and decides again each time.
async fn claim_to_rest(world: &World, rng: &mut StdRng, seed: u64, tally: &mut Tally) -> Vec<(OrganizationId, Fenced)> {
    let mut all = Vec::new();
    for _ in 0..CLAIMS_MAX {
        // Each claim has an instant of its own, by which its decisions are known.
        world.advance(SignedDuration::from_millis(1));
        let turns_max = rng.random_range(1..=6);
        let mut model = Model::read(world).await;
        let due = organization_turns::due(&world.node.db, world.now(), turns_max).await.unwrap();
        if due.is_empty() {
            return all;
        }
        let claimed = world.node.dialer.claim(turns_max).await.unwrap();
        let dialed = decide_again(world, &mut model, &due, (seed, &mut *tally)).await;
        let taken = claimed.iter().map(|(_, fenced)| fenced.attempt).collect();
        assert_eq!(sorted(taken), sorted(dialed), "seed {seed}: what was decided is what was claimed");
        world.check_counters().await;
        all.extend(claimed);
    }
    panic!("seed {seed}: the claims do not come to rest");
}

/// Takes the decisions of the claim in the order in which its turns are shared, each over the model's own facts.
async fn decide_again(
    world: &World,
    model: &mut Model,
    due: &[DueTurn],
    (seed, tally): (u64, &mut Tally),
) -> Vec<AttemptId> {
    let mut queues = HashMap::new();
    for turn in due {
        queues.insert(turn.organization, decided_now(world, turn.organization).await);
    }
    let mut taken: HashMap<OrganizationId, i32> = HashMap::new();
    let mut dialed = Vec::new();
    while let Some(organization) = next_turn(model, due, &queues, &taken) {
        let (attempt, kept) = queues.get_mut(&organization).and_then(VecDeque::pop_front).unwrap();
        let facts = model.facts(organization, attempt, &kept.facts);
        assert_eq!(facts, model::comparable(kept.facts), "seed {seed}: the facts of {attempt}");
        assert_eq!(decide(&facts), kept.decision, "seed {seed}: the decision about {attempt}");
        if let Decision::Dial(dial) = kept.decision {
            model.reserve(attempt, &dial, &facts);
            *taken.entry(organization).or_default() += 1;
            dialed.push(attempt);
            tally.dials += 1;
        } else {
            tally.others += 1;
        }
    }
    tally.shared_claims += usize::from(taken.len() > 1);
    dialed
}

type Decided = VecDeque<(AttemptId, KeptDecision)>;

/// Of those that have decisions left, the one that is furthest behind its share.
fn next_turn(
    model: &Model,
    due: &[DueTurn],
    queues: &HashMap<OrganizationId, Decided>,
    taken: &HashMap<OrganizationId, i32>,
) -> Option<OrganizationId> {
    let waiting = due.iter().filter(|turn| !queues[&turn.organization].is_empty());
    let virtual_time = |turn: &&DueTurn| {
        let calls = taken.get(&turn.organization).copied().unwrap_or(0);
        advanced(turn.begins_at, calls, model.weight(turn.organization))
    };
    waiting.min_by_key(virtual_time).map(|turn| turn.organization)
}

/// What the claim decided for one organization, in order: with each call that is chosen it has one line more, and the order of
/// those that are not chosen in between changes nothing.
async fn decided_now(world: &World, organization: OrganizationId) -> Decided {
    let tx = world.node.db.tenant(organization).await.unwrap();
    let mut all = Vec::new();
    let mut last: Option<ListedDecision> = None;
    loop {
        let page = decisions::page(&tx, last.as_ref()).await.unwrap();
        let Some(end) = page.last() else { break };
        last = Some(end.clone());
        let now = page.into_iter().filter(|decision| decision.decided_at == world.now());
        all.extend(now.map(|decision| (decision.attempt, decision.kept.unwrap())));
    }
    let lines = |facts: &Facts<'_>| facts.organization.lines_in_use;
    all.sort_by_key(|(_, kept)| (lines(&kept.facts), matches!(kept.decision, Decision::Dial(_))));
    all.into()
}

fn sorted(mut attempts: Vec<AttemptId>) -> Vec<AttemptId> {
    attempts.sort();
    attempts
}
