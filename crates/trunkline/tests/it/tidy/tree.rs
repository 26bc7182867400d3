//! The files themselves: how long they are, how they are named, how they begin, and which of them are ours to commit.

use crate::support::source;
use std::fs;
use std::path::Path;
use std::process::Command;
use trunkline::store::migrations::MIGRATIONS;

const LINES_MAX: usize = 400;
/// What people write; data and what tools write may be as long as it is.
const WRITTEN: [&str; 8] = ["rs", "sql", "css", "js", "mjs", "py", "sh", "toml"];

/// Names of drawers, into which anything fits.
const DRAWERS: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "misc", "types", "manager"];

/// What is fetched or made is not committed.
const NOT_COMMITTED: [&str; 5] = ["node_modules/", "/vendor/", "target/", ".venv/", "__pycache__/"];

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let written = source::files("").into_iter().filter(|file| WRITTEN.iter().any(|ending| file.ends_with(ending)));
    let long = written.map(|file| (file.text.lines().count(), file.path)).filter(|(lines, _)| *lines > LINES_MAX);
    source::none(&long.map(|(lines, path)| format!("{path}: {lines} lines")).collect::<Vec<_>>());
}

#[test]
fn every_module_says_what_it_is() {
    let silent = source::files("crates").into_iter().filter(|file| file.is_rust() && !file.text.starts_with("//! "));
    source::none(&silent.map(|file| format!("{}: begins without //!", file.path)).collect::<Vec<_>>());
}

#[test]
fn no_file_is_a_drawer() {
    let is_drawer = |path: &str| {
        let mut names = Path::new(path).iter().map(|name| name.to_str().unwrap().split('.').next().unwrap());
        names.any(|name| DRAWERS.contains(&name))
    };
    let drawers = source::files("").into_iter().map(|file| file.path).filter(|path| is_drawer(path));
    source::none(&drawers.collect::<Vec<_>>());
}

#[test]
fn what_is_fetched_is_not_committed() {
    let ignored = fs::read_to_string(source::root().join(".gitignore")).unwrap();
    for line in ["/target", "node_modules", "/crates/ui/assets/vendor"] {
        assert!(ignored.lines().any(|ignored| ignored == line), ".gitignore lacks {line}");
    }
    // In an archive of the sources there is no repository to ask.
    if !source::root().join(".git").exists() {
        return;
    }
    let listed = Command::new("git").arg("ls-files").current_dir(source::root()).output().unwrap();
    assert!(listed.status.success(), "git does not list the files: {listed:?}");
    let committed = String::from_utf8(listed.stdout).unwrap();
    let fetched = committed.lines().filter(|path| NOT_COMMITTED.iter().any(|folder| path.contains(folder)));
    source::none(&fetched.map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn all_migrations_are_listed_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut found: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();

    assert_eq!(
        MIGRATIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    );
    for ((name, text), (_, of_file)) in MIGRATIONS.iter().zip(&found) {
        assert_eq!(text, of_file, "{name} has the text of another file");
    }
    // Numbers may be left out, as where two branches took theirs at the same time.
    let numbers: Vec<u32> = MIGRATIONS.iter().map(|(name, _)| name[..4].parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
}
