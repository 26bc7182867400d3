//! A lease of the embedded server, and how to connect to it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::home::Home;
use super::lock::Lock;
use super::{POLL, PORT, Role, supervisor};

/// How long [`Embedded::close`] waits for a clean shutdown before it lets the supervisor finish alone.
const CLOSE_MAX: Duration = Duration::from_secs(15);
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// A running server. It stays up while this lives; dropping it, or dying in any way, gives the lease back.
#[derive(Debug)]
pub struct Embedded {
    pub(super) home: Home,
    pub(super) socket_dir: PathBuf,
    pub(super) linger: Duration,
    pub(super) was_created: bool,
    pub(super) lease: Lock,
}

impl Embedded {
    /// The directory of the unix socket: the "host" of a connection.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    pub const fn port(&self) -> u16 {
        PORT
    }

    /// Where the cluster, its socket and its logs are; not always [`super::Options::dir`].
    pub fn home(&self) -> &Path {
        self.home.root()
    }

    /// Whether opening it found no cluster and made one.
    pub const fn was_created(&self) -> bool {
        self.was_created
    }

    /// How to connect to `database` as `role`.
    pub fn config(&self, role: Role, database: &str) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config
            .host_path(&self.socket_dir)
            .port(PORT)
            .user(role.as_str())
            .dbname(database)
            .application_name("trunkline")
            .connect_timeout(CONNECT_MAX);
        config
    }

    /// The same as [`Self::config`] for a person: `psql` takes it.
    pub fn url(&self, role: Role, database: &str) -> String {
        let host = percent_encoded(&self.socket_dir);
        format!("postgresql://{role}@/{database}?host={host}&port={PORT}")
    }

    /// Gives the lease back and, if nobody else holds one and the server need not linger, waits until the
    /// server has shut down. A process that is the first of a container takes the server with it otherwise.
    pub fn close(self) -> Result<()> {
        self.lease.release()?;
        if !self.linger.is_zero() {
            return Ok(());
        }
        let begun = Instant::now();
        while supervisor::is_running(&self.home)? && begun.elapsed() < CLOSE_MAX {
            if self.lease.is_shared_by_others()? {
                return Ok(());
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }
}

fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy().bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(byte.into());
        } else {
            write!(text, "%{byte:02X}").expect("a string takes everything");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_directory_becomes_the_host_of_a_url() {
        assert_eq!(percent_encoded(Path::new("/a b/c-1.d")), "%2Fa%20b%2Fc-1.d");
    }
}
