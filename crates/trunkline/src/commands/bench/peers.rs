//! The programs beside which Trunkline is measured: of the checkout, with what they need from npm.

use super::figures::tell;
use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

const INSTALL_MAX: Duration = Duration::from_secs(300);

/// Installs them if need be.
pub(super) async fn install(dir: &Path) -> Result<()> {
    if !dir.join("package-lock.json").exists() {
        bail!("{} has no package-lock.json; run it from a checkout, or say where they are with --peers", dir.display());
    }
    if ["bullmq", "fastify"].iter().all(|peer| dir.join("node_modules").join(peer).exists()) {
        return Ok(());
    }
    tell("Fetching the peers from npm.");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(dir);
    let done = tokio::time::timeout(INSTALL_MAX, npm.kill_on_drop(true).output()).await.context("npm took too long")?;
    let output = done.context("npm is not here")?;
    if !output.status.success() {
        bail!("npm could not install them: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
