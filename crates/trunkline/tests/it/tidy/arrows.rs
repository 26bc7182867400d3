//! The arrows of ARCHITECTURE.md: which room of crate `trunkline` may use which, and which crate knows which.

use crate::support::source::{self, Rust};
use std::fs;

/// A room, the rooms it may use, and the crates of ours that it may use.
type Room = (&'static str, &'static [&'static str], &'static [&'static str]);

const SOURCES: &str = "crates/trunkline/src/";

/// From the ground up: a room uses only rooms above it in this list. A folder or file inside of a room may have a line of
/// its own.
const ROOMS: &[Room] = &[
    ("domain", &[], &[]),
    ("failpoint", &[], &[]),
    // Which clock decisions follow is the protocol's.
    ("clock", &["domain"], &[]),
    ("runtime", &[], &[]),
    ("server", &[], &[]),
    ("tls", &[], &[]),
    ("postgres", &[], &[]),
    // What is sealed is bound to the id of where it belongs.
    ("vault", &["domain"], &[]),
    ("store", &["domain"], &[]),
    ("config", &["domain", "store", "vault"], &[]),
    ("settlement", &["domain", "store"], &[]),
    ("lead_imports", &["domain", "store"], &[]),
    ("provision", &["domain", "store", "vault"], &[]),
    ("intake", &["clock", "domain", "settlement", "store", "tls", "vault"], &["vapi"]),
    ("dialer", &["clock", "domain", "settlement", "store", "tls", "vault"], &["vapi"]),
    ("explain", &["dialer", "domain", "store"], &[]),
    (
        "http",
        &["clock", "domain", "explain", "lead_imports", "provision", "settlement", "store", "tls", "vault"],
        &["ui"],
    ),
    ("internal", &["postgres"], &[]),
    ("app", &["clock", "dialer", "domain", "http", "intake", "runtime", "server", "store", "tls", "vault"], &[]),
    ("demo", &EVERY_ROOM, &["vapi_sim"]),
    ("commands", &EVERY_ROOM, &[]),
    // It compares what the provider says of an assistant with what Trunkline expects of it.
    ("commands/doctor", &EVERY_ROOM, &["vapi"]),
    // It compares and changes what the provider has of ours.
    ("commands/provision", &EVERY_ROOM, &["vapi"]),
    ("commands/simulate", &EVERY_ROOM, &["vapi_sim"]),
    ("lib", &[], &[]),
    ("main", &EVERY_ROOM, &[]),
];

/// For what begins the program.
const EVERY_ROOM: [&str; 21] = [
    "domain",
    "failpoint",
    "clock",
    "runtime",
    "server",
    "tls",
    "postgres",
    "vault",
    "store",
    "config",
    "settlement",
    "lead_imports",
    "provision",
    "intake",
    "dialer",
    "explain",
    "http",
    "internal",
    "app",
    "demo",
    "commands",
];

/// The crates of ours, and how their paths begin.
const OUR_CRATES: [(&str, &str); 3] = [("ui", "ui::"), ("vapi", "vapi::"), ("vapi_sim", "vapi_sim::")];

/// The program itself; and two tests of it: the simulation of its decisions, and the kill harness of its nodes.
const KNOW_ALL: [&str; 3] = ["trunkline", "dispatch-sim", "torture"];

/// What has no business in a room, as it is written in its code.
const BARRED: [(&str, &[&str]); 5] = [
    (
        "domain",
        &[".await", "async fn", "tokio::", "jiff::Timestamp::now", "axum::", "reqwest::", "deadpool_postgres::"],
    ),
    ("store", &["axum::", "http::", "reqwest::", "maud::"]),
    ("intake", &["tokio_postgres::", "deadpool_postgres::", "maud::"]),
    ("dialer", &["tokio_postgres::", "deadpool_postgres::", "maud::", "axum::"]),
    ("http", &["tokio_postgres::", "deadpool_postgres::"]),
];

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let mut offences = Vec::new();
    for file in source::rust(SOURCES) {
        let Some((_, may_use, _)) = room_of(&file) else {
            offences.push(format!("{}: a room without arrows: give it a line in ROOMS", file.path));
            continue;
        };
        let own = name_of(&file).split('/').next().expect("split gives one at least");
        for (at, used) in rooms_used(&file) {
            if used != own && !may_use.contains(&used) {
                offences.push(format!("{}:{}: uses {used}", file.path, file.line(at)));
            }
        }
    }
    source::none(&offences);
}

#[test]
fn rooms_use_only_the_crates_they_may() {
    let mut offences = Vec::new();
    for file in source::rust(SOURCES) {
        let may_use = room_of(&file).map_or(&[][..], |(_, _, crates)| crates);
        for (name, path) in OUR_CRATES.into_iter().filter(|(name, _)| !may_use.contains(name)) {
            let used = file.words(path);
            offences.extend(used.map(|at| format!("{}:{}: uses the crate {name}", file.path, file.line(at))));
        }
    }
    source::none(&offences);
}

#[test]
fn what_has_no_business_in_a_room_is_not_in_it() {
    let mut offences = Vec::new();
    for file in source::rust(SOURCES) {
        let room = name_of(&file);
        for (_, barred) in BARRED.iter().filter(|(name, _)| is_within(room, name)) {
            for word in *barred {
                let found = file.words(word);
                offences.extend(found.map(|at| format!("{}:{}: {word}", file.path, file.line(at))));
            }
        }
    }
    source::none(&offences);
}

#[test]
fn the_arrows_of_the_rooms_go_round_in_no_circle() {
    for (place, (room, may_use, _)) in ROOMS.iter().enumerate() {
        let is_ground = |used: &&str| ROOMS[..place].iter().any(|(earlier, _, _)| earlier == used);
        // Who begins the program begins all of it.
        let above: Vec<_> = may_use.iter().filter(|used| !is_ground(used)).collect();
        assert!(*may_use == EVERY_ROOM || above.is_empty(), "{room} uses {above:?}, which is not below it");
    }
}

#[test]
fn the_other_crates_know_none_of_ours() {
    let ours = fs::read_dir(source::root().join("crates")).unwrap();
    let ours: Vec<String> = ours.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(ours.len() >= 5);
    let mut offences = Vec::new();
    for name in ours.iter().filter(|name| !KNOW_ALL.contains(&name.as_str())) {
        let manifest = fs::read_to_string(source::root().join(format!("crates/{name}/Cargo.toml"))).unwrap();
        let is_ours = |line: &&str| {
            let name = line.split(['.', ' ', '=']).next().expect("split gives one at least");
            ours.iter().any(|other| other == name) || line.contains("path = \"..")
        };
        offences.extend(manifest.lines().filter(is_ours).map(|line| format!("{name}: {line}")));
    }
    source::none(&offences);
}

/// `http/pages/calls` for its file, whichever form the module has.
fn name_of(file: &Rust) -> &str {
    let name = file.path.strip_prefix(SOURCES).expect("only these are read");
    let name = name.strip_suffix(".rs").expect("only Rust is read");
    name.strip_suffix("/mod").unwrap_or(name)
}

fn is_within(name: &str, room: &str) -> bool {
    name.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn room_of(file: &Rust) -> Option<&'static Room> {
    let name = name_of(file);
    ROOMS.iter().filter(|(room, _, _)| is_within(name, room)).max_by_key(|(room, _, _)| room.len())
}

/// Each use of a room: by its full path, or by `super::` beyond the top of its own.
fn rooms_used(file: &Rust) -> Vec<(usize, &str)> {
    let name = name_of(file);
    if name == "main" || name == "lib" {
        return after(file, "trunkline::");
    }
    // What tests use by `super` is in their own file.
    let before_tests = file.code_before_tests().len();
    let beyond = "super::".repeat(name.split('/').count());
    let above = after(file, &beyond).into_iter().filter(|(at, _)| *at < before_tests);
    after(file, "crate::").into_iter().chain(above).collect()
}

/// The names that follow a path: one, or those in braces.
fn after<'a>(file: &'a Rust, path: &str) -> Vec<(usize, &'a str)> {
    let mut names = Vec::new();
    for (at, _) in file.code.match_indices(path) {
        let is_longer = file.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        if is_longer {
            continue;
        }
        let rest = &file.code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(heads(group).into_iter().map(|name| (at, name))),
            None => names.push((at, first_word(rest))),
        }
    }
    names
}

/// `store` and `vault` of `store::{Db, walls}, vault::Vault}`.
fn heads(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut begin = 0;
    let mut heads = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 0 => {
                heads.push(first_word(group[begin..at].trim_start()));
                begin = at + 1;
            }
            '}' if depth == 0 => {
                heads.push(first_word(group[begin..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads.retain(|name| !name.is_empty());
    heads
}

fn first_word(code: &str) -> &str {
    &code[..code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len())]
}
