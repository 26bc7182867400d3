//! Runs, one or many, and what is said of them.

use crate::checks::{self, Broken};
use crate::story::Story;
use crate::world::World;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Broken seeds that are shown.
const SHOWN_MAX: usize = 10;

/// What came of one run.
pub(crate) struct Outcome {
    pub(crate) broken: Vec<Broken>,
    pub(crate) attempts: u64,
    pub(crate) calls: u64,
    pub(crate) unknown: u64,
}

/// One run.
pub(crate) fn outcome(seed: u64) -> Outcome {
    let mut world = World::new(seed, Story::default());
    finish(&mut world)
}

fn finish(world: &mut World) -> Outcome {
    let came_to_rest = world.run();
    let mut broken = checks::check(world);
    if !came_to_rest {
        broken.push(("P3", "it goes in circles".to_owned()));
    }
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    Outcome {
        broken,
        attempts: count(world.tables.attempts.len()),
        calls: count(world.calls.len()),
        unknown: world.unknown_outcomes,
    }
}

/// Runs `seeds` of them from `base` on and says which broke something. True: none did.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub(crate) fn run(seeds: u64, base: u64, threads: u64) -> bool {
    let (next, sums) = (AtomicU64::new(base), [const { AtomicU64::new(0) }; 3]);
    let broken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= base + seeds {
                        return;
                    }
                    let outcome = outcome(seed);
                    for (sum, value) in sums.iter().zip([outcome.attempts, outcome.calls, outcome.unknown]) {
                        sum.fetch_add(value, Ordering::Relaxed);
                    }
                    if !outcome.broken.is_empty() {
                        broken.lock().unwrap_or_else(PoisonError::into_inner).push((seed, outcome.broken));
                    }
                }
            });
        }
    });
    let mut broken = broken.into_inner().unwrap_or_else(PoisonError::into_inner);
    broken.sort_by_key(|(seed, _)| *seed);
    let [attempts, calls, unknown] = sums.map(AtomicU64::into_inner);
    println!("{attempts} attempts, {calls} calls, {unknown} answers that said neither yes nor no");
    for (seed, broken) in broken.iter().take(SHOWN_MAX) {
        let (property, how) = &broken[0];
        println!("seed {seed}: {property}: {how}; see it with `make simulate SEED={seed}`");
    }
    let failed = u64::try_from(broken.len()).unwrap_or(u64::MAX);
    println!("{} passed, {failed} failed", seeds - failed);
    failed == 0
}

/// Tells the story of one run. True: it breaks nothing.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is what the program is for")]
pub(crate) fn tell(seed: u64, without: Option<&str>) -> bool {
    if let Some(without) = without
        && let Err(problem) = switch_off(without)
    {
        eprintln!("{problem}");
        return false;
    }
    let mut world = World::new(seed, Story::kept());
    let outcome = finish(&mut world);
    for line in world.story.lines() {
        println!("{line}");
    }
    println!("{:?}", world.faults);
    for (property, how) in &outcome.broken {
        println!("{property}: {how}");
    }
    outcome.broken.is_empty()
}

#[cfg(feature = "mutants")]
fn switch_off(without: &str) -> Result<(), String> {
    let protection = without.parse().map_err(|error| format!("{error}"))?;
    crate::mutants::only(Some(protection));
    Ok(())
}

#[cfg(not(feature = "mutants"))]
fn switch_off(_: &str) -> Result<(), String> {
    Err("protections can be switched off only in a program that was built with --features mutants".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_story() {
        for seed in 1..20 {
            let mut worlds = [World::new(seed, Story::kept()), World::new(seed, Story::kept())];
            for world in &mut worlds {
                world.run();
            }
            assert_eq!(worlds[0].story.lines(), worlds[1].story.lines());
        }
    }

    #[test]
    fn a_few_seeds_break_nothing() {
        for seed in 1..60 {
            assert_eq!(outcome(seed).broken, [], "seed {seed}");
        }
    }
}
