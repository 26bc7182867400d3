//! Style, behaviour, icons and fonts, each under an address that carries its hash.
//!
//! Ours are written in `assets/`; the others come from npm by the lock file in `web/`, and `build.rs` says how.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file to be served under [`asset_url`], for ever: its address changes with its content.
#[derive(Debug)]
pub struct Asset {
    pub bytes: &'static [u8],
    pub content_type: &'static str,
    name: &'static str,
    address: String,
}

/// The `cache-control` of every asset.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

const CONTENTS: &[(&str, &[u8])] = &[];

static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| CONTENTS.iter().map(|(name, bytes)| asset(name, bytes)).collect());

/// The file whose address is `/assets/{file_name}`.
pub fn get(file_name: &str) -> Option<&'static Asset> {
    ASSETS
        .iter()
        .find(|asset| asset.address.strip_prefix("/assets/") == Some(file_name))
}

/// The address of an asset by its plain name: `asset_url("app.css")` is `/assets/app.1f0c9a3b.css`.
///
/// Panics on a name that is not ours.
pub fn asset_url(name: &str) -> &'static str {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    &asset
        .unwrap_or_else(|| panic!("there is no asset {name}"))
        .address
}

fn asset(name: &'static str, bytes: &'static [u8]) -> Asset {
    let (stem, extension) = name.split_once('.').expect("every asset has one extension");
    let hash = Sha256::digest(bytes);
    let address = format!(
        "/assets/{stem}.{:02x}{:02x}{:02x}{:02x}.{extension}",
        hash[0], hash[1], hash[2], hash[3]
    );
    Asset {
        bytes,
        content_type: content_type(extension),
        name,
        address,
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
