//! The one choice of cryptography for TLS: ring, which builds without a C toolchain's help.

/// Makes it the process's default, for libraries that ask for one. Harmless when repeated.
pub fn install() {
    // An error means that a default is there already, and ours is the only one in the tree.
    drop(rustls::crypto::ring::default_provider().install_default());
}
