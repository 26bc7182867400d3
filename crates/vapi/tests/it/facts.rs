//! Where recorded facts about Vapi lie: beside the repository, not in it. Tests that need them say so and pass
//! without.

use std::path::{Path, PathBuf};

/// The path of `name` among the facts, if there is one.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vapi").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no recorded facts about Vapi beside the repository ({name})");
    None
}

/// The JSON of `name` among the facts.
pub(crate) fn json(name: &str) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(path(name)?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}
