//! Style, behaviour, icons and fonts, each under an address that carries its hash.
//!
//! Ours are written in `assets/`; the others come from npm by the lock file in `web/` and are copied to
//! `assets/vendor/`. All of them are part of the program.

use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A file to be served for ever under its address, which changes with its content.
#[derive(Debug)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    name: &'static str,
    address: String,
}

/// The `cache-control` of every asset.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// Files that name no other file.
const PLAIN: [(&str, &[u8]); 7] = [
    ("app.js", SCRIPT.as_bytes()),
    ("favicon.svg", include_bytes!("../assets/favicon.svg")),
    ("htmx.js", HTMX.as_bytes()),
    ("icons.svg", include_bytes!("../assets/vendor/icons.svg")),
    ("inter.woff2", include_bytes!("../assets/vendor/inter.woff2")),
    ("inter-ext.woff2", include_bytes!("../assets/vendor/inter-ext.woff2")),
    ("mono.woff2", include_bytes!("../assets/vendor/mono.woff2")),
];

/// One script: htmx begins its work as soon as it has a moment, and must know its extension by then. As two scripts the
/// second one comes too late every now and then, and the page never opens its stream.
const HTMX: &str = concat!(include_str!("../assets/vendor/htmx.js"), "\n", include_str!("../assets/vendor/hx-sse.js"),);

/// One style sheet, in the order of its layers. `url(asset:NAME)` becomes the address of that asset.
const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../assets/css/layout.css"),
    include_str!("../assets/css/controls.css"),
    include_str!("../assets/css/choices.css"),
    include_str!("../assets/css/forms.css"),
    include_str!("../assets/css/data.css"),
    include_str!("../assets/css/lists.css"),
    include_str!("../assets/css/tables.css"),
    include_str!("../assets/css/switches.css"),
    include_str!("../assets/css/charts.css"),
    include_str!("../assets/css/call.css"),
    include_str!("../assets/css/overlays.css"),
);

/// One module: the files share a scope and use what stands above them.
const SCRIPT: &str = concat!(
    include_str!("../assets/js/dom.js"),
    include_str!("../assets/js/peek.js"),
    include_str!("../assets/js/page.js"),
    include_str!("../assets/js/palette.js"),
    include_str!("../assets/js/live.js"),
    include_str!("../assets/js/keys.js"),
    include_str!("../assets/js/chart.js"),
    include_str!("../assets/js/player.js"),
);

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = PLAIN.into_iter().map(|(name, bytes)| asset(name, Cow::Borrowed(bytes))).collect();
    let style = assets.iter().fold(STYLE.to_owned(), |style, other| {
        style.replace(&format!("url(asset:{})", other.name), &format!("url({})", other.address))
    });
    assets.push(asset("app.css", Cow::Owned(style.into_bytes())));
    assets
});

/// The file whose address is `/assets/{file_name}`.
pub fn get(file_name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(file_name))
}

/// The address of an asset by its plain name: `asset_url("app.css")` is like `/assets/app.1f0c9a3b.css`.
///
/// Panics on a name that is not ours.
pub fn asset_url(name: &str) -> &'static str {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    &asset.unwrap_or_else(|| panic!("there is no asset {name}")).address
}

fn asset(name: &'static str, bytes: Cow<'static, [u8]>) -> Asset {
    let (stem, extension) = name.split_once('.').expect("every asset has one extension");
    let hash = Sha256::digest(&bytes);
    let address = format!("/assets/{stem}.{:02x}{:02x}{:02x}{:02x}.{extension}", hash[0], hash[1], hash[2], hash[3]);
    Asset { bytes, content_type: content_type(extension), name, address }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_its_address_only() {
        let name = asset_url("app.css").strip_prefix("/assets/").unwrap();

        assert_eq!(get(name).unwrap().content_type, "text/css; charset=utf-8");
        assert!(get("app.css").is_none() && get("../Cargo.toml").is_none());
    }

    #[test]
    fn the_style_sheet_names_fonts_by_their_hashed_addresses() {
        let name = asset_url("app.css").strip_prefix("/assets/").unwrap();
        let style = std::str::from_utf8(&get(name).unwrap().bytes).unwrap();

        assert!(style.contains(asset_url("inter.woff2")) && !style.contains("asset:"));
    }

    #[test]
    fn our_script_puts_no_data_into_markup_and_evaluates_nothing() {
        for word in [".innerHTML", ".outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write"] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
