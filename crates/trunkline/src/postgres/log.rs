//! What the server and its supervisor say: appended to files in the home, which do not grow for ever.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::home::Home;

/// A log that has grown beyond this is put aside at the next start; the one before it is forgotten.
const BYTES_MAX: u64 = 8 << 20;
const TAIL_BYTES_MAX: i64 = 1_500;

/// Opens a log for appending, after having put a large one aside.
pub(super) fn open(path: &Path) -> Result<File> {
    if path.metadata().is_ok_and(|log| log.len() > BYTES_MAX) {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    log.with_context(|| format!("cannot open {}", path.display()))
}

/// The last words of the server and then of the supervisor, for an error message.
pub(super) fn tail(home: &Home) -> String {
    [home.server_log(), home.supervisor_log()].iter().map(|log| end_of(log)).collect()
}

fn end_of(log: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let bytes = i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX);
        file.seek(SeekFrom::End(-bytes.min(TAIL_BYTES_MAX)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    read().map(|end| String::from_utf8_lossy(&end).into_owned()).unwrap_or_default()
}
