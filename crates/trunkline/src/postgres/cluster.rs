//! Makes a cluster, and says who may connect to it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use nix::unistd::{User, geteuid};
use uuid::Uuid;

use super::Role;
use super::binaries::Binaries;
use super::home::Home;

/// How a cluster that is not whole yet is called.
const UNFINISHED: &str = "initdb-";

/// The major version that wrote the data of `home`; `None` when there is no cluster.
pub(super) fn major(home: &Home) -> Result<Option<u32>> {
    if !home.data().exists() {
        return Ok(None);
    }
    let file = home.data().join("PG_VERSION");
    let version = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Some(version.trim().parse()?))
}

/// Makes the cluster: all of it or nothing, whenever this is killed. The caller holds the start lock.
pub(super) fn create(home: &Home, binaries: &Binaries, durable: bool) -> Result<()> {
    sweep(home)?;
    // Its own name each time: the `initdb` of an opener that was killed may still be writing to its
    // directory.
    let unfinished = home.root().join(format!("{UNFINISHED}{}", Uuid::now_v7()));
    home.create_private(&unfinished)?;
    let output = initdb(home, binaries, &unfinished, durable).output().context("cannot run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&unfinished, home.data())?;
    Ok(File::open(home.root())?.sync_all()?)
}

fn sweep(home: &Home) -> Result<()> {
    for entry in fs::read_dir(home.root())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).or_else(still_written_to)?;
        }
    }
    Ok(())
}

/// An orphaned `initdb` can add a file while its directory is being removed: the next sweep gets it.
fn still_written_to(cause: std::io::Error) -> std::io::Result<()> {
    if cause.kind() == std::io::ErrorKind::DirectoryNotEmpty { Ok(()) } else { Err(cause) }
}

fn initdb(home: &Home, binaries: &Binaries, directory: &Path, durable: bool) -> Command {
    let mut initdb = Command::new(binaries.initdb());
    initdb.arg("-D").arg(directory).args(["-U", Role::Superuser.as_str(), "-E", "UTF8"]);
    initdb.args(["--auth-local=peer", "--auth-host=reject", "--locale=C"]);
    if binaries.major() >= 17 {
        // Sorts like C, knows upper and lower case of all letters, and is the same on Linux and macOS.
        initdb.args(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    }
    if !durable {
        initdb.arg("--no-sync");
    }
    home.server_user().run(&mut initdb);
    initdb
}

/// Writes who may connect: the user of this program, as any of our roles, through the socket, without a
/// password.
///
/// Written anew at each start, so that it follows who runs the program. The files are ours, not the server's.
pub(super) fn write_access_rules(home: &Home) -> Result<()> {
    let Some(me) = User::from_uid(geteuid())? else {
        bail!("The user {} who runs this has no name in the user database.", geteuid());
    };
    let ident = Role::ALL
        .map(|role| {
            format!(
                "trunkline \"{}\" {role}
",
                me.name
            )
        })
        .concat();
    fs::write(home.host_rules(), "local all all peer map=trunkline\n")?;
    fs::write(home.ident_rules(), ident)?;
    Ok(())
}
