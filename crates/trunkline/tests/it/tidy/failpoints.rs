//! The failpoints: the list that the kill harness works through, and the places where they stand.

use crate::support::source;
use std::collections::{BTreeMap, BTreeSet};
use trunkline::failpoint::POINTS;

#[test]
fn every_failpoint_stands_once_in_the_sources() {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for file in source::files("crates/trunkline/src").into_iter().filter(|file| file.ends_with("rs")) {
        for (at, mark) in file.text.match_indices("failpoint!(\"") {
            let name = file.text[at + mark.len()..].split('"').next().expect("split gives one at least");
            *found.entry(name.to_owned()).or_default() += 1;
        }
    }
    let listed: BTreeSet<&str> = POINTS.iter().copied().collect();

    assert_eq!(listed.len(), POINTS.len(), "a name is listed twice");
    assert!(listed.len() >= 40);
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), listed);
    source::none(&found.iter().filter(|(_, count)| **count > 1).map(|(name, _)| name.clone()).collect::<Vec<_>>());
}
