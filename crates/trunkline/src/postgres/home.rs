//! The directory of a cluster and what lies in it: `data`, the socket, locks, logs and the access rules.
//!
//! The directory itself is ours; of its contents only `data` and the socket's directory belong to the
//! server's user.

use std::fmt::Display;
use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use nix::unistd::{chown, geteuid};

use super::PORT;
use super::server_user::ServerUser;

/// Where homes are moved that the server's user cannot reach, such as those in the home directory of root.
const REACHABLE_DIR: &str = "/var/lib/trunkline";
/// The address of a unix socket holds 104 bytes on macOS and 108 on Linux; `/.s.PGSQL.5432.lock` takes 19.
const SOCKET_DIR_BYTES_MAX: usize = 80;
/// Short, and to be found on every unix machine.
const SHORT_DIR: &str = "/tmp";

#[derive(Clone, Debug)]
pub(super) struct Home {
    root: PathBuf,
    server_user: ServerUser,
}

impl Display for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.root.display().fmt(f)
    }
}

impl Home {
    /// The home at `dir`, or at the place `dir` stands for if the server's user cannot reach it. Creates it.
    pub(super) fn at(dir: &Path) -> Result<Self> {
        let server_user = ServerUser::find()?;
        let wished = std::path::absolute(dir)?;
        create_passable(&wished, server_user)?;
        // One directory must not be two homes because a link leads to it.
        let wished = wished.canonicalize()?;
        if server_user.reaches(&wished) {
            return Ok(Self { root: wished, server_user });
        }
        let root = Path::new(REACHABLE_DIR).join(short_hash(&wished));
        create_passable(Path::new(REACHABLE_DIR), server_user)?;
        create_passable(&root, server_user)?;
        point_to(&wished.join("moved"), &root)?;
        Ok(Self { root, server_user })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) const fn server_user(&self) -> ServerUser {
        self.server_user
    }

    pub(super) fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    pub(super) fn start_lock(&self) -> PathBuf {
        self.root.join("start.lock")
    }

    pub(super) fn lease_lock(&self) -> PathBuf {
        self.root.join("lease.lock")
    }

    pub(super) fn supervisor_lock(&self) -> PathBuf {
        self.root.join("supervisor.lock")
    }

    pub(super) fn server_log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    pub(super) fn supervisor_log(&self) -> PathBuf {
        self.root.join("supervisor.log")
    }

    pub(super) fn host_rules(&self) -> PathBuf {
        self.root.join("pg_hba.conf")
    }

    pub(super) fn ident_rules(&self) -> PathBuf {
        self.root.join("pg_ident.conf")
    }

    /// Where the server should put its socket.
    pub(super) fn socket_dir(&self) -> PathBuf {
        let inside = self.root.join("socket");
        if inside.as_os_str().len() <= SOCKET_DIR_BYTES_MAX {
            return inside;
        }
        Path::new(SHORT_DIR).join(format!("trunkline-{}-{}", geteuid(), short_hash(&self.root)))
    }

    /// The files by which a running server holds its data and its socket, and which one that was killed
    /// leaves.
    pub(super) fn server_files(&self) -> [PathBuf; 3] {
        let socket = self.socket_dir().join(format!(".s.PGSQL.{PORT}"));
        [self.postmaster_pid(), socket.with_extension(format!("{PORT}.lock")), socket]
    }

    pub(super) fn postmaster_pid(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// Makes a directory that the server's user alone may enter.
    pub(super) fn create_private(&self, path: &Path) -> Result<()> {
        match DirBuilder::new().mode(0o700).create(path) {
            Ok(()) => {
                if let Some((uid, gid)) = self.server_user.new_owner() {
                    chown(path, Some(uid), Some(gid))?;
                }
                Ok(())
            }
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => self.check_private(path),
            Err(cause) => Err(cause).with_context(|| format!("cannot create {}", path.display())),
        }
    }

    /// In a directory where all may write, somebody else may have been there first.
    fn check_private(&self, path: &Path) -> Result<()> {
        let found = fs::symlink_metadata(path)?;
        if !found.is_dir() || found.uid() != self.server_user.uid().as_raw() {
            bail!("{} belongs to somebody else. Remove it and try again.", path.display());
        }
        Ok(fs::set_permissions(path, Permissions::from_mode(0o700))?)
    }
}

/// Creates a directory that the server's user may pass through, whatever the umask; leaves one that exists
/// alone.
fn create_passable(path: &Path, server_user: ServerUser) -> Result<()> {
    let is_new = !path.exists();
    fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))?;
    if is_new && server_user.new_owner().is_some() {
        fs::set_permissions(path, Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Leaves a link for people and for `make clean-demo`; nothing here follows it.
fn point_to(link: &Path, target: &Path) -> Result<()> {
    match symlink(target, link) {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => Err(cause.into()),
        _ => Ok(()),
    }
}

/// Eight hex digits that stand for a path (FNV-1a, which stays the same from release to release).
fn short_hash(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(root: &str) -> Home {
        Home { root: root.into(), server_user: ServerUser::find().unwrap() }
    }

    #[test]
    fn a_socket_lies_in_its_home() {
        assert_eq!(home("/srv/demo").socket_dir(), Path::new("/srv/demo/socket"));
    }

    #[test]
    fn the_socket_of_a_home_with_a_long_name_lies_in_a_short_place() {
        let long = home(&format!("/srv/{}", "long".repeat(30)));

        let socket = &long.server_files()[1];

        assert!(socket.as_os_str().len() < 100, "{}", socket.display());
        assert!(socket.ends_with(".s.PGSQL.5432.lock"), "{}", socket.display());
    }

    #[test]
    fn a_path_keeps_its_hash() {
        assert_eq!(short_hash(Path::new("/srv/demo")), "c3520183");
    }
}
