//! The mutation gate: each protection switched off has to be noticed by some run.

use crate::runs;
use trunkline::domain::protocol::protections::{Protection, switch_off};

/// Switches off this one and no other.
pub(crate) fn only(protection: Option<Protection>) {
    switch_off(protection);
    vapi::mutants::read_first_page_only(protection == Some(Protection::WholeListing));
}

/// Tries up to `seeds` runs for each. True: the protocol breaks nothing in as many, and each protection is missed.
#[expect(clippy::print_stdout, reason = "this is what the program is for")]
pub(crate) fn gate(seeds: u64, base: u64) -> bool {
    only(None);
    let sound = (base..base + seeds).all(|seed| runs::outcome(seed).broken.is_empty());
    println!("{:<20} {:>6}", "nothing", if sound { "sound" } else { "BROKEN" });
    let mut caught = 0;
    for &protection in Protection::ALL {
        only(Some(protection));
        let noticed = (base..base + seeds).find_map(|seed| noticed(protection, seed));
        match noticed {
            Some((seed, how)) => {
                caught += 1;
                println!("{:<20} caught by seed {seed}: {how}", protection.as_str());
            }
            None => println!("{:<20} NOT CAUGHT in {seeds} seeds", protection.as_str()),
        }
    }
    only(None);
    println!("{caught} of {} caught", Protection::ALL.len());
    println!("{} passed, {} failed", caught + usize::from(sound), Protection::ALL.len() - caught + usize::from(!sound));
    sound && caught == Protection::ALL.len()
}

/// What the run of this seed shows. Where the listing lags by hours, which the protocol does not promise to survive in
/// all, only the daily limit counts.
fn noticed(protection: Protection, seed: u64) -> Option<(u64, String)> {
    let broken = runs::outcome(seed).broken;
    let limit_alone = protection == Protection::AbsenceKeepsTheUnit;
    let mut counts = broken.into_iter().filter(|(property, _)| !limit_alone || *property == "P1");
    counts.next().map(|(property, how)| (seed, format!("{property}: {how}")))
}
