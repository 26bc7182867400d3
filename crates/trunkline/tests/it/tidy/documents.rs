//! What the documents and the comments promise: a test that is named as the keeper of an invariant exists.

use crate::support::source::{self, Rust};
use std::collections::HashSet;
use std::fs;

/// Words of a name from which on it is taken for a test's.
const WORDS_MIN: usize = 3;

#[test]
fn every_invariant_of_the_architecture_is_kept_by_a_test_that_exists() {
    let Ok(document) = fs::read_to_string(source::root().join("ARCHITECTURE.md")) else {
        return;
    };
    let (_, after) = document.split_once("\n## Invariants").expect("ARCHITECTURE.md has a section \"Invariants\"");
    let invariants = numbered(after.split("\n## ").next().expect("split gives one at least"));
    let names = Names::read();
    let mut offences = Vec::new();
    for invariant in &invariants {
        let start: String = invariant.chars().take(50).collect();
        if !backticked(invariant).any(|word| names.tests.contains(word)) {
            offences.push(format!("no test keeps {start:?}"));
        }
        offences.extend(names.gone(invariant).map(|name| format!("{start:?}: there is no test {name}")));
    }
    assert!(!invariants.is_empty(), "the invariants are a numbered list");
    source::none(&offences);
}

#[test]
fn every_invariant_in_a_comment_is_kept_by_a_test_that_exists() {
    let mark = concat!("Invari", "ant:");
    let names = Names::read();
    let mut offences = Vec::new();
    for file in source::files("crates").into_iter().filter(|file| file.is_rust() || file.ends_with("sql")) {
        for (at, _) in file.text.match_indices(mark) {
            let comment = comment_from(&file.text[at..]);
            let place = format!("{}:{}", file.path, source::line(&file.text, at));
            offences.extend(names.gone(&comment).map(|name| format!("{place}: there is no test {name}")));
        }
    }
    source::none(&offences);
}

/// What is named in our sources.
struct Names {
    tests: HashSet<String>,
    /// All words of code, SQL included: columns, functions, fields.
    words: HashSet<String>,
}

impl Names {
    fn read() -> Self {
        let rust = source::rust("crates");
        let mut names = Self { tests: rust.iter().flat_map(tests_of).collect(), words: HashSet::new() };
        for file in &rust {
            names.add_words(&file.code);
            file.literals.iter().for_each(|literal| names.add_words(literal));
        }
        for file in source::files("crates/trunkline/migrations") {
            let code: Vec<_> = file.text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
            names.add_words(&code.join("\n"));
        }
        names
    }

    fn add_words(&mut self, code: &str) {
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.contains('_'));
        self.words.extend(words.map(str::to_owned));
    }

    /// Names in a text that look like a test's and that nothing in our sources bears.
    fn gone<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.filter(is_name).filter(|word| word.split('_').count() >= WORDS_MIN && !self.words.contains(*word))
    }
}

fn tests_of(file: &Rust) -> Vec<String> {
    let marks = ["#[test", "#[tokio::test"];
    let begins = marks.iter().flat_map(|mark| file.code.match_indices(mark)).map(|(at, _)| at);
    let names = begins.filter_map(|at| file.code[at..].split_once("fn ")?.1.split('(').next());
    names.map(|name| name.trim().to_owned()).collect()
}

/// The items of a numbered list, each with all its lines.
fn numbered(section: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in section.lines() {
        let is_begin = line.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        if is_begin {
            items.push(line.to_owned());
        } else if let Some(item) = items.last_mut() {
            item.push('\n');
            item.push_str(line);
        }
    }
    items
}

fn backticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The comment in whose middle a text begins, up to its first empty line.
fn comment_from(text: &str) -> String {
    let is_comment = |line: &&str| {
        let line = line.trim_start();
        let inside = line.trim_start_matches(['/', '!', '-']);
        inside.len() < line.len() && !inside.is_empty()
    };
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    std::iter::once(first).chain(lines.take_while(is_comment)).collect::<Vec<_>>().join("\n")
}
