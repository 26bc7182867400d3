//! Words that do not stand in our files. The words are put together here, so that this file is none of those it finds.

use crate::support::source::{self, Rust};

/// What is left to do is written in the tracker.
const LEFT_TO_DO: [&str; 4] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];
const LEFT_OUT: [&str; 3] = ["todo!(", "unimplemented!(", "#[ignore"];

/// Where a file may lie on one machine only, and where packages are fetched on one network only.
const OF_ONE_MACHINE: [&str; 6] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("registry", ".npmjs"),
    concat!("pypi", ".org"),
];

/// Tests that watch processes come and go have to wait for them, and those of what a kernel sends for its timers.
const MAY_SLEEP: [&str; 2] = ["crates/trunkline/tests/it/postgres_drills/ground.rs", "crates/vapi/tests/it/cuts.rs"];
const MAY_READ_THE_TIME: [&str; 1] = ["crates/trunkline/src/clock.rs"];

#[test]
fn nothing_is_left_to_do() {
    let mut offences = Vec::new();
    for file in source::files("") {
        let found = LEFT_TO_DO.iter().flat_map(|word| whole_words(&file.text, word));
        offences.extend(found.map(|at| format!("{}:{}", file.path, source::line(&file.text, at))));
    }
    offences.extend(in_code("crates", &LEFT_OUT, &[]));
    source::none(&offences);
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    let mut offences = Vec::new();
    for file in source::files("") {
        let found = OF_ONE_MACHINE.iter().flat_map(|word| file.text.match_indices(word));
        offences.extend(found.map(|(at, word)| format!("{}:{}: {word}", file.path, source::line(&file.text, at))));
    }
    source::none(&offences);
}

#[test]
fn tests_do_not_sleep() {
    let is_test = |path: &str| path.contains("/tests/") || path.ends_with("tests.rs");
    let mut offences = Vec::new();
    for file in source::rust("crates") {
        if MAY_SLEEP.contains(&file.path.as_str()) {
            continue;
        }
        let begin = if is_test(&file.path) { 0 } else { file.code_before_tests().len() };
        let found = file.words("sleep(").filter(|at| *at >= begin);
        offences.extend(found.map(|at| format!("{}:{}", file.path, file.line(at))));
    }
    source::none(&offences);
}

#[test]
fn only_the_clock_reads_the_time() {
    let readers = ["Timestamp::now", "Zoned::now", "SystemTime::now", "SystemTime::UNIX_EPOCH", "Utc::now"];
    source::none(&in_code("crates/trunkline/src", &readers, &MAY_READ_THE_TIME));
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() {
    source::none(&in_code("crates", &["#[allow(", "#![allow("], &[]));
}

fn in_code(under: &str, words: &[&str], but_not_in: &[&str]) -> Vec<String> {
    let found = |file: Rust| {
        let found = words.iter().flat_map(|word| file.code.match_indices(word));
        found.map(|(at, word)| format!("{}:{}: {word}", file.path, file.line(at))).collect::<Vec<_>>()
    };
    source::rust(under).into_iter().filter(|file| !but_not_in.contains(&file.path.as_str())).flat_map(found).collect()
}

fn whole_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !is_letter(text[..*at].chars().next_back()) && !is_letter(text[at + word.len()..].chars().next())
    })
}
