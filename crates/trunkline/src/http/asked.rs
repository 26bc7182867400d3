//! What a request says beside what it asks for: its address, the theme, what the last form did, how it was sent.

use super::cookie;
use super::notice::Notice;
use http::request::Parts;
use ui::Theme;

/// Longer addresses are not repeated in pages.
const PATH_BYTES_MAX: usize = 2_000;

#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Path and query.
    pub path: String,
    pub theme: Theme,
    pub notice: Option<Notice>,
    /// Sent by htmx, to be swapped into a page that is open.
    pub is_htmx: bool,
    /// An event stream, which cannot be redirected to a page.
    pub is_stream: bool,
}

impl Asked {
    pub(super) fn of(parts: &Parts) -> Self {
        let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let accepts = parts.headers.get(http::header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            path: if path.len() > PATH_BYTES_MAX { "/".to_owned() } else { path.to_owned() },
            theme: Theme::from_name(cookie::get(&parts.headers, cookie::THEME).unwrap_or_default()),
            notice: cookie::get(&parts.headers, cookie::NOTICE).and_then(Notice::from_code),
            is_htmx: parts.headers.contains_key("hx-request"),
            is_stream: accepts.starts_with("text/event-stream"),
        }
    }
}
