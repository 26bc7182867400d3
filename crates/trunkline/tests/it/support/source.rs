//! The files of this repository as the tests that read sources see them; in Rust, what is code and what is a literal.

use std::fs;
use std::path::{Path, PathBuf};

/// What tools made or fetched. `.git` is a folder, or in a second work tree a file.
const NOT_OURS: [&str; 8] =
    [".git", ".trunkline", ".venv", "__pycache__", "node_modules", "target", "vendor", "test-results"];

/// A text file.
pub(crate) struct File {
    /// From the root of the repository, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A Rust file without its comments.
pub(crate) struct Rust {
    pub(crate) path: String,
    /// Literals are empty in it: `""` and `''`. Lines are where they were.
    pub(crate) code: String,
    /// What the strings say, in order: the `""` of the code.
    pub(crate) literals: Vec<String>,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All text files of ours under a folder, in order.
pub(crate) fn files(under: &str) -> Vec<File> {
    let mut found = Vec::new();
    collect(&root(), under.trim_end_matches('/'), &mut found);
    assert!(!found.is_empty(), "{under} holds no file");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

pub(crate) fn rust(under: &str) -> Vec<Rust> {
    files(under).into_iter().filter(File::is_rust).map(|file| Rust::read(&file)).collect()
}

/// Fails with all offences at once.
pub(crate) fn none(offences: &[String]) {
    assert!(offences.is_empty(), "{} found:\n  {}", offences.len(), offences.join("\n  "));
}

fn collect(root: &Path, folder: &str, found: &mut Vec<File>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().unwrap();
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if kind.is_dir() {
            collect(root, &path, found);
        } else if kind.is_file()
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(File { path, text });
        }
    }
}

impl File {
    pub(crate) fn is_rust(&self) -> bool {
        self.ends_with("rs")
    }

    pub(crate) fn ends_with(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

impl Rust {
    pub(crate) fn read(file: &File) -> Self {
        let mut reader = Reader { rest: &file.text, code: String::new(), literals: Vec::new() };
        while reader.step() {}
        Self { path: file.path.clone(), code: reader.code, literals: reader.literals }
    }

    /// The code without the tests at its end.
    pub(crate) fn code_before_tests(&self) -> &str {
        let end = self.code.match_indices("#[cfg(test)]").find(|(at, _)| {
            let mut words = self.code[*at..].split_whitespace().skip(1);
            words.next() == Some("mod") && words.nth(1) == Some("{")
        });
        end.map_or(&self.code, |(at, _)| &self.code[..at])
    }

    /// The literal whose place in the code is the first at or after `at`.
    pub(crate) fn literal_from(&self, at: usize) -> &str {
        &self.literals[self.code[..at].matches("\"\"").count()]
    }

    pub(crate) fn line(&self, at: usize) -> usize {
        line(&self.code, at)
    }

    /// Where a word stands in the code that is not the end of a longer one.
    pub(crate) fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let is_begin = move |at: &usize| {
            let before = self.code[..*at].chars().next_back();
            !word.starts_with(char::is_alphanumeric) || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        };
        self.code.match_indices(word).map(|(at, _)| at).filter(is_begin)
    }
}

pub(crate) fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Takes Rust apart, as far as these tests need it.
struct Reader<'a> {
    rest: &'a str,
    code: String,
    literals: Vec<String>,
}

impl Reader<'_> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else {
            return false;
        };
        // `r` begins a raw literal unless it ends a word; `b` may come before it.
        let before = self.code.strip_suffix('b').unwrap_or(&self.code);
        let is_in_a_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if self.rest.starts_with("//") {
            self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.skip(self.rest.find("*/").expect("a comment ends") + 2);
        } else if let Some(hashes) = raw_hashes(self.rest)
            && !is_in_a_word
        {
            let end = format!("\"{}", "#".repeat(hashes));
            let begin = hashes + 2;
            let length = self.rest[begin..].find(&end).expect("a raw literal ends");
            self.literal(self.rest[begin..begin + length].to_owned(), begin + length + end.len());
        } else if first == '"' {
            let (text, length) = unescaped(&self.rest[1..]);
            self.literal(text, length + 2);
        } else if let Some(length) = char_length(self.rest) {
            self.code.push_str("''");
            self.skip(length);
        } else {
            self.code.push(first);
            self.rest = &self.rest[first.len_utf8()..];
        }
        true
    }

    fn literal(&mut self, text: String, length: usize) {
        self.code.push_str("\"\"");
        self.literals.push(text);
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        let (skipped, rest) = self.rest.split_at(length);
        self.code.extend(skipped.chars().filter(|c| *c == '\n'));
        self.rest = rest;
    }
}

/// `r"`, `r#"`…: how many hashes.
fn raw_hashes(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The length of a character literal; a lifetime is none.
fn char_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(inside[2..].find('\'')? + 4);
    }
    let length = inside.chars().next()?.len_utf8();
    inside[length..].starts_with('\'').then_some(length + 2)
}

/// What a literal says, up to its closing quote, and its length as written.
fn unescaped(written: &str) -> (String, usize) {
    let mut said = String::new();
    let mut rest = written;
    loop {
        let c = rest.chars().next().expect("a literal ends");
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => return (said, written.len() - rest.len() - 1),
            '\\' => {
                let (meant, length) = escape(rest);
                said.extend(meant);
                rest = &rest[length..];
            }
            other => said.push(other),
        }
    }
}

/// What is meant by the text after a backslash, and its length. A line that goes on at its next word means nothing.
fn escape(rest: &str) -> (Option<char>, usize) {
    let code_point = |hex: &str| char::from_u32(u32::from_str_radix(hex, 16).unwrap());
    match rest.as_bytes()[0] {
        b'n' => (Some('\n'), 1),
        b't' => (Some('\t'), 1),
        b'r' => (Some('\r'), 1),
        b'0' => (Some('\0'), 1),
        b'\n' => (None, rest.len() - rest.trim_start().len()),
        b'x' => (code_point(&rest[1..3]), 3),
        b'u' => {
            let hex = &rest[2..rest.find('}').expect("a code point is in braces")];
            (code_point(hex), hex.len() + 3)
        }
        quote_or_backslash => (Some(char::from(quote_or_backslash)), 1),
    }
}

#[test]
fn literals_are_read_as_the_compiler_reads_them() {
    let text = r##"
        // "not this"
        let a: &'static str = "a \"b\" \\ \u{e9}\x41 \
            c"; /* "nor this" */
        let b = ('"', '\'', br#"raw "d" \n"#, r"e\");"##;
    let read = Rust::read(&File { path: String::new(), text: text.to_owned() });

    assert_eq!(read.literals, ["a \"b\" \\ éA c", "raw \"d\" \\n", "e\\"]);
    assert_eq!(
        read.code.split_whitespace().collect::<Vec<_>>().join(" "),
        concat!("let a: &'static str = \"\" ; ", "let b = ('', '', b\"\", \"\");")
    );
    assert_eq!(read.code.lines().count(), text.lines().count());
}
