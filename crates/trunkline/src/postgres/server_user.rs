//! The user without privileges as whom the server runs when the program is root, which PostgreSQL refuses to
//! be.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};
use nix::unistd::{Gid, Uid, User, geteuid};

/// The name of a user that exists on nearly every machine comes second.
const NAMES: [&str; 2] = ["postgres", "nobody"];

#[derive(Clone, Copy, Debug)]
pub(super) struct ServerUser {
    uid: Uid,
    /// `None` when the server simply runs as who we are.
    drop_to: Option<Gid>,
}

impl ServerUser {
    pub(super) fn find() -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self { uid: geteuid(), drop_to: None });
        }
        for name in NAMES {
            if let Some(user) = User::from_name(name)?
                && !user.uid.is_root()
            {
                return Ok(Self { uid: user.uid, drop_to: Some(user.gid) });
            }
        }
        bail!(
            "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as. \
             Add one with: useradd --system postgres"
        )
    }

    pub(super) const fn uid(self) -> Uid {
        self.uid
    }

    /// The user and group to give new directories to, if they are not ours already.
    pub(super) fn new_owner(self) -> Option<(Uid, Gid)> {
        self.drop_to.map(|gid| (self.uid, gid))
    }

    /// Lets `command` run as this user, without our environment and out of our directory.
    pub(super) fn run(self, command: &mut Command) {
        if let Some(gid) = self.drop_to {
            // The standard library drops the supplementary groups, too.
            command.uid(self.uid.as_raw()).gid(gid.as_raw());
        }
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
    }

    /// Whether this user can walk to `path`, which must exist: every directory on the way must let it pass.
    pub(super) fn reaches(self, path: &Path) -> bool {
        let Some(gid) = self.drop_to else { return true };
        path.ancestors().all(|directory| {
            directory.metadata().is_ok_and(|of| {
                let bit = passing_bit(of.uid() == self.uid.as_raw(), of.gid() == gid.as_raw());
                of.mode() & bit != 0
            })
        })
    }
}

/// The permission bit that decides: the first class that a user is in counts, even if a later one allows
/// more.
const fn passing_bit(is_owner: bool, is_in_group: bool) -> u32 {
    match (is_owner, is_in_group) {
        (true, _) => 0o100,
        (false, true) => 0o010,
        (false, false) => 0o001,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_judged_by_the_bits_of_the_owner() {
        assert_eq!(passing_bit(true, true), 0o100);
        assert_eq!(passing_bit(false, true), 0o010);
        assert_eq!(passing_bit(false, false), 0o001);
    }
}
