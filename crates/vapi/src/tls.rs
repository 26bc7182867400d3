//! How connections to Vapi are secured.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto};

/// TLS with the ring provider and Mozilla's roots, which are compiled in: a bare machine has no certificates of its own.
/// Early data stays off, as is the default: a request sent as early data may be replayed.
pub(crate) fn config() -> Result<ClientConfig, rustls::Error> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
