//! What the command palette found.

/// The answer to `GET /search?q=…`.
#[derive(Debug, Clone)]
pub struct SearchResults {
    pub q: String,
    /// Groups without a hit are left out.
    pub groups: Vec<SearchGroup>,
}

#[derive(Debug, Clone)]
pub struct SearchGroup {
    pub kind: SearchKind,
    pub hits: Vec<SearchHit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchKind {
    Organizations,
    Campaigns,
    Leads,
    Calls,
}

#[derive(Debug, Clone)]
pub struct SearchHit {
    pub title: String,
    /// "+1 312 555 0146", "Running", the organization.
    pub detail: String,
    pub href: String,
}
