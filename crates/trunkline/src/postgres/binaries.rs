//! Finds the programs of PostgreSQL on this machine. Sources of the places: the packages of Debian, of the
//! PostgreSQL project for Red Hat and Fedora, of Homebrew on both kinds of Mac, and Postgres.app.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use nix::unistd::geteuid;

/// The oldest major version that our SQL is written for.
const MAJOR_MIN: u32 = 15;
/// The newest one looked for by its number; PATH finds the others.
const MAJOR_MAX: u32 = 30;
/// Names a directory and ends the search.
const VARIABLE: &str = "TRUNKLINE_PG_BIN";
const PLACES: [(&str, &str); 5] = [
    ("/usr/lib/postgresql/", "/bin"),
    ("/usr/pgsql-", "/bin"),
    ("/opt/homebrew/opt/postgresql@", "/bin"),
    ("/usr/local/opt/postgresql@", "/bin"),
    ("/Applications/Postgres.app/Contents/Versions/", "/bin"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binaries {
    dir: PathBuf,
    major: u32,
}

impl Binaries {
    /// The newest version at hand or, for a cluster that exists already, the version `of_cluster`.
    pub(super) fn find(of_cluster: Option<u32>) -> Result<Self> {
        if let Some(dir) = std::env::var_os(VARIABLE) {
            let Some(given) = Self::at(Path::new(&dir)) else {
                bail!(
                    "{VARIABLE} is {}, which does not hold postgres and initdb of PostgreSQL 15 or newer.",
                    Path::new(&dir).display()
                );
            };
            return given.fit_for(of_cluster);
        }
        let mut found = candidates().filter_map(|dir| Self::at(&dir)).peekable();
        let Some(newest) = found.peek().cloned() else {
            bail!(
                "No PostgreSQL 15 or newer was found. Install it with: apt-get install postgresql \
                 (Debian, Ubuntu) or brew install postgresql@17 (macOS), or give --database-url."
            )
        };
        found
            .find(|binaries| of_cluster.is_none_or(|major| major == binaries.major))
            .unwrap_or(newest)
            .fit_for(of_cluster)
    }

    /// The binaries in `dir`, if they are whole and new enough.
    pub(super) fn at(dir: &Path) -> Option<Self> {
        if !dir.join("initdb").exists() {
            return None;
        }
        // A link to one program, as in PATH, is not where the others and their libraries are.
        let postgres = dir.join("postgres").canonicalize().ok()?;
        let version = Command::new(&postgres).arg("--version").output().ok()?;
        let major = major(&String::from_utf8_lossy(&version.stdout))?;
        let dir = postgres.parent()?.to_owned();
        (major >= MAJOR_MIN).then_some(Self { dir, major })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub(super) const fn major(&self) -> u32 {
        self.major
    }

    fn fit_for(self, of_cluster: Option<u32>) -> Result<Self> {
        match of_cluster {
            Some(major) if major != self.major => bail!(
                "The data was written by PostgreSQL {major}, and only PostgreSQL {} was found. \
                 Install PostgreSQL {major}, or remove the data to begin anew.",
                self.major
            ),
            _ => Ok(self),
        }
    }
}

/// In the order of preference. PATH is last: what Debian puts there are wrappers.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let numbered = (MAJOR_MIN..=MAJOR_MAX)
        .rev()
        .flat_map(|major| PLACES.map(|(before, after)| PathBuf::from(format!("{before}{major}{after}"))));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    fetched_dir().into_iter().chain(numbered).chain(in_path)
}

/// Where `scripts/ensure-postgres` puts a PostgreSQL that it had to fetch. Root's is where the server's user
/// gets at it.
fn fetched_dir() -> Option<PathBuf> {
    let data = if geteuid().is_root() {
        PathBuf::from("/var/lib")
    } else {
        let home = |name: OsString| PathBuf::from(name).join(".local/share");
        std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| std::env::var_os("HOME").map(home))?
    };
    Some(data.join("trunkline/postgresql/bin"))
}

/// The major version in what `postgres --version` says, such as `postgres (PostgreSQL) 17.5 (Debian 17.5-1)`.
fn major(version: &str) -> Option<u32> {
    let number = version.split_whitespace().nth(2)?;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        let check = |version, expected| assert_eq!(major(version), expected, "{version}");

        check("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15));
        check("postgres (PostgreSQL) 19beta2\n", Some(19));
        check("postgres (PostgreSQL) 18.6\n", Some(18));
        check("something else", None);
        check("", None);
    }

    #[test]
    fn data_of_another_version_is_left_alone() {
        let binaries = Binaries { dir: PathBuf::new(), major: 17 };

        let refusal = binaries.clone().fit_for(Some(15)).unwrap_err().to_string();

        assert!(refusal.starts_with("The data was written by PostgreSQL 15, and only PostgreSQL 17 was found."));
        assert_eq!(binaries.clone().fit_for(Some(17)).unwrap(), binaries);
        assert_eq!(binaries.clone().fit_for(None).unwrap(), binaries);
    }
}
