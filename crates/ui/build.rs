//! Stops the build with one sentence when the front-end packages have not been fetched.

use std::path::Path;

const VENDOR: [&str; 6] = ["htmx.js", "hx-sse.js", "icons.svg", "inter.woff2", "inter-ext.woff2", "mono.woff2"];

fn main() {
    let vendor = Path::new("assets/vendor");
    println!("cargo::rerun-if-changed={}", vendor.display());
    if VENDOR.iter().any(|name| !vendor.join(name).is_file()) {
        println!("cargo::error=front-end packages are missing: run `make assets`");
    }
}
