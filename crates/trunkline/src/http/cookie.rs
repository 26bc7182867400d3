//! Cookies in and out: the session, the theme, and what the last form did.

use http::{HeaderMap, HeaderValue, header};

pub(super) const THEME: &str = "theme";
pub(super) const NOTICE: &str = "notice";

/// Cookies of one request that are looked at, at most.
const COOKIES_MAX: usize = 50;

/// The value of a cookie of the request.
pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).take(COOKIES_MAX);
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A cookie to be kept. `value` has only characters that a cookie may have.
pub(super) fn set(name: &str, value: &str, is_secure: bool, seconds: i64) -> HeaderValue {
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).expect("names and values of our cookies are visible ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("not-theme=1; theme=dark; other=x"));

        assert_eq!(get(&headers, "theme"), Some("dark"));
        assert_eq!(get(&headers, "them"), None);
    }
}
