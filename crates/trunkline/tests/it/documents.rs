//! What the documents tell a reader is so: the settings, the commands with their options, and the files they point at.

use crate::support::source;
use clap::{Arg, Args as _};
use std::path::Path;
use std::process::Command;
use trunkline::commands::serve::Serve;

const SETTINGS_HEAD: &str = "| environment | option | default | what it is for |\n| --- | --- | --- | --- |\n";

/// Where a path in a document may begin.
const ROOTS: [&str; 4] = ["", "crates/trunkline", "crates/trunkline/src", "crates/trunkline/tests/it"];

/// A word with a slash or such an ending is taken for a path.
const ENDINGS: [&str; 6] = [".md", ".png", ".rs", ".sql", ".toml", ".tsv"];

/// What only a build or a run makes.
const MADE: [&str; 2] = ["target/", ".trunkline"];

#[test]
fn the_readme_tells_every_setting_as_the_program_does() {
    let settings = Serve::augment_args(clap::Command::new("serve"));
    let told: Vec<String> = settings.get_arguments().map(setting_row).collect();

    let (_, readme) = documents().into_iter().find(|(path, _)| path == "README.md").unwrap();
    let (_, after) = readme.split_once(SETTINGS_HEAD).expect("the README has a table of settings");
    let written: Vec<&str> = after.lines().take_while(|line| line.starts_with('|')).collect();

    assert_eq!(written, told, "the table should be:\n{SETTINGS_HEAD}{}\n", told.join("\n"));
}

#[test]
fn every_command_in_the_documents_is_one_that_the_program_knows() {
    let mut commands = 0;
    let mut offences = Vec::new();
    for (document, text) in documents() {
        let inline =
            text.split('`').skip(1).step_by(2).filter(|said| said.starts_with("trunkline ")).map(str::to_owned);
        for line in command_lines(&text).into_iter().chain(inline) {
            for words in line.split(['|', ';', '(', ')', '&']).filter_map(arguments) {
                commands += 1;
                offences.extend(unknown(&words).map(|word| format!("{document}: {word} in {line:?}")));
            }
        }
    }
    assert!(commands > 10, "only {commands} commands were found");
    source::none(&offences);
}

#[test]
fn everything_the_documents_say_to_make_can_be_made() {
    let makefile = source::files("").into_iter().find(|file| file.path == "Makefile").unwrap().text;
    let mut offences = Vec::new();
    for (document, text) in documents() {
        let inline = text.split("`make ").skip(1).map(str::to_owned);
        let in_blocks =
            command_lines(&text).into_iter().filter_map(|line| Some(line.strip_prefix("make ")?.to_owned()));
        for said in inline.chain(in_blocks) {
            let target: String = said.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            if !makefile.contains(&format!("\n{target}:")) {
                offences.push(format!("{document}: make {target}"));
            }
        }
    }
    source::none(&offences);
}

#[test]
fn what_the_documents_point_at_is_there() {
    let mut offences = Vec::new();
    for (document, text) in documents() {
        let folder = source::root().join(Path::new(&document).parent().unwrap());
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        let gone = links.filter(|link| !link.is_empty() && !link.contains(':') && !folder.join(link).exists());
        offences.extend(gone.map(|link| format!("{document}: the link {link}")));
        let words = text.split('`').skip(1).step_by(2).filter(|word| is_path(word));
        let gone = words.filter(|word| !ROOTS.iter().any(|root| source::root().join(root).join(word).exists()));
        offences.extend(gone.map(|word| format!("{document}: the path {word}")));
    }
    source::none(&offences);
}

/// Path and text of each.
fn documents() -> Vec<(String, String)> {
    let files = source::files("").into_iter().filter(|file| file.ends_with("md"));
    files.map(|file| (file.path, file.text)).collect()
}

fn setting_row(setting: &Arg) -> String {
    let environment = setting.get_env().expect("a setting may come from the environment").to_string_lossy();
    let option = setting.get_long().expect("a setting is an option with a name");
    let default = match setting.get_default_values() {
        [] if setting.is_required_set() => "required".to_owned(),
        [] => "none".to_owned(),
        [value, ..] => format!("`{}`", value.to_string_lossy()),
    };
    let help = setting.get_help().expect("a setting says what it is for");
    format!("| `{environment}` | `--{option}` | {default} | {help} |")
}

/// The lines of all blocks of commands; one that goes on after a backslash is whole.
fn command_lines(text: &str) -> Vec<String> {
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>());
    lines.map(|line| line.split(" # ").next().unwrap_or_default().trim().to_owned()).collect()
}

/// What a command of ours is given; `None` for another program's.
fn arguments(command: &str) -> Option<Vec<&str>> {
    let mut words = command.split_whitespace();
    words.next().filter(|word| *word == "trunkline" || word.ends_with("/trunkline"))?;
    Some(words.take_while(|word| !word.starts_with(['>', '<'])).collect())
}

/// The words that the program does not know, which it is asked by its own help.
fn unknown<'a>(words: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let is_subcommand =
        |word: &&&str| !word.starts_with('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let subcommand: Vec<&str> = words.iter().take_while(is_subcommand).copied().collect();
    let asked = Command::new(env!("CARGO_BIN_EXE_trunkline")).args(&subcommand).arg("--help").output().unwrap();
    let help = String::from_utf8(asked.stdout).unwrap();
    let is_known = asked.status.success();
    let options = words.iter().filter(|word| word.starts_with("--")).map(|word| word.split('=').next().unwrap_or(word));
    let missing: Vec<&str> = options.filter(|option| !help.split_whitespace().any(|word| word == *option)).collect();
    let no_subcommand = (!is_known).then(|| subcommand.last().copied().unwrap_or("trunkline"));
    no_subcommand.into_iter().chain(missing)
}

fn is_path(word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "_./-".contains(c));
    let looks_so = word.contains('/') || ENDINGS.iter().any(|ending| word.ends_with(ending));
    let is_elsewhere = word.starts_with('/') || MADE.iter().any(|made| word.starts_with(made));
    // A time zone has a slash too, and no ending.
    let is_zone = word.starts_with(|c: char| c.is_ascii_uppercase()) && !word.contains('.');
    is_plain && looks_so && !is_elsewhere && !is_zone
}
