//! Addresses to go back to that came in with a request. Only paths of ours count: anything else would send people away.

/// The address, if it is a path of this host.
pub(super) fn ours(address: &str) -> Option<&str> {
    // A browser reads a backslash as a slash, and two slashes as another host.
    let is_ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains('\\')
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    is_ours.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_host_lead_back() {
        assert_eq!(ours("/o/northwind/calls?when=1h"), Some("/o/northwind/calls?when=1h"));
        for away in ["", "https://example.com", "//example.com", "/\\example.com", "/a b", "/a\r\nset-cookie: x"] {
            assert_eq!(ours(away), None, "{away}");
        }
    }
}
