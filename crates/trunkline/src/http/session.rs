//! Signing in for a while: the cookie, what it stands for, and links that sign in once.
//!
//! The table knows the SHA-256 of a token, never the token. Times are real ones: on a clock that runs faster they grow
//! with its speed.

use super::{App, cookie};
use crate::domain::ids::UserId;
use crate::store::sessions::{self, Lifetime, SessionUser, TokenHash};
use crate::store::{self, Result};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};
use jiff::{SignedDuration, Timestamp};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const TOKEN_BYTES: usize = 32;
/// A session ends when it was not used for this long.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(24 * 3);
/// A session ends this long after signing in, whatever happens.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How often the use of a session is written down.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Wrong passwords in a row until signing in is blocked.
pub(super) const TRIES_MAX: i32 = 5;
/// For how long it is blocked then.
pub(super) const BLOCK: SignedDuration = SignedDuration::from_mins(5);
/// E-mails of nobody that are remembered.
const UNKNOWN_EMAILS_MAX: usize = 10_000;

/// A session that is alive.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub token: TokenHash,
    pub user: SessionUser,
}

/// A real duration on the installation's clock.
pub(super) fn real(app: &App, duration: SignedDuration) -> SignedDuration {
    duration * i32::try_from(app.clock.speed()).unwrap_or(i32::MAX)
}

/// Begins a session and returns its cookie.
pub(super) async fn begin(app: &App, user: UserId) -> Result<HeaderValue> {
    let token = new_token();
    let now = app.clock.now();
    let life = Lifetime { now, expires_at: now + real(app, AGE_MAX) };
    sessions::begin(&app.db, &hash(&token), user, life).await?;
    Ok(cookie::set(cookie_name(app), &token, app.is_secure(), AGE_MAX.as_secs()))
}

/// The session that the request's cookie stands for.
pub(super) async fn of_request(app: &App, headers: &HeaderMap) -> Result<Option<Session>> {
    let Some(token) = cookie::get(headers, cookie_name(app)) else {
        return Ok(None);
    };
    of_token(app, hash(token)).await
}

pub(super) async fn of_token(app: &App, token: TokenHash) -> Result<Option<Session>> {
    let now = app.clock.now();
    let Some(user) = sessions::get(&app.db, &token, now, now - real(app, IDLE_MAX)).await? else {
        return Ok(None);
    };
    if now - real(app, SEEN_EVERY) > user.seen_at {
        sessions::touch(&app.db, &token, now).await?;
    }
    Ok(Some(Session { token, user }))
}

/// True if the request brings a cookie of ours, whatever it is worth.
pub(super) fn has_cookie(app: &App, headers: &HeaderMap) -> bool {
    cookie::get(headers, cookie_name(app)).is_some()
}

/// The cookie that ends the browser's part of a session.
pub(super) fn no_cookie(app: &App) -> HeaderValue {
    cookie::set(cookie_name(app), "", app.is_secure(), 0)
}

/// An address that signs `user` in once, within `lives` of real time.
pub async fn signin_link(app: &App, user: UserId, lives: SignedDuration) -> Result<String> {
    let token = new_token();
    let now = app.clock.now();
    sessions::add_link(&app.db, &hash(&token), user, Lifetime { now, expires_at: now + real(app, lives) }).await?;
    Ok(format!("{}/signin/link/{token}", app.public_url))
}

/// Uses up the link of `token`; `None` if it was used, is too old, or never was.
pub(super) async fn use_link(app: &App, token: &str) -> Result<Option<UserId>> {
    sessions::use_link(&app.db, &hash(token), app.clock.now()).await
}

/// `__Host-` makes a browser refuse the cookie unless it came over TLS from this very host.
fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-trunkline" } else { "trunkline_session" }
}

fn new_token() -> String {
    let mut bytes = [0; TOKEN_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hash(token: &str) -> TokenHash {
    Sha256::digest(token).into()
}

/// Wrong passwords for e-mails of nobody, so that being blocked does not tell who has an account. In memory, because
/// anybody can make as many of them as they like.
#[derive(Default)]
pub(super) struct UnknownEmails(Mutex<HashMap<TokenHash, (i32, Option<Timestamp>)>>);

impl UnknownEmails {
    /// Counts a try at `now`; until when signing in is blocked, if it is.
    pub(super) fn count(&self, email: &str, now: Timestamp, block: SignedDuration) -> Option<Timestamp> {
        let mut emails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if emails.len() >= UNKNOWN_EMAILS_MAX {
            emails.clear();
        }
        let (tries, blocked_until) = emails.entry(hash(&email.to_lowercase())).or_default();
        if let Some(until) = blocked_until.filter(|until| *until > now) {
            return Some(until);
        }
        *tries += 1;
        if *tries >= TRIES_MAX {
            (*tries, *blocked_until) = (0, Some(now + block));
        }
        None
    }
}

/// Ends the session, at the server too.
pub(super) async fn end(app: &App, session: &Session) -> std::result::Result<(), store::Error> {
    sessions::end(&app.db, &session.token).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_of_nobody_is_blocked_like_that_of_somebody() {
        let emails = UnknownEmails::default();
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();

        for _ in 0..TRIES_MAX {
            assert_eq!(emails.count("ann@example.com", now, BLOCK), None);
        }

        assert_eq!(emails.count("Ann@example.com", now, BLOCK), Some(now + BLOCK));
        assert_eq!(emails.count("bob@example.com", now, BLOCK), None);
        assert_eq!(emails.count("ann@example.com", now + BLOCK, BLOCK), None);
    }

    #[test]
    fn no_two_tokens_are_alike() {
        assert_ne!(new_token(), new_token());
        assert_eq!(new_token().len(), 43);
    }
}
