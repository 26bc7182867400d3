//! The one choice of cryptography for TLS: ring, which builds without a C toolchain's help.

use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// Makes it the process's default, for libraries that ask for one. Harmless when repeated.
pub fn install() {
    // An error means that a default is there already, and ours is the only one in the tree.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// For asking the web: with Mozilla's roots, which are compiled in, because a bare machine has no certificates of its own.
pub fn web() -> ClientConfig {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the cipher suites of every protocol version")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
