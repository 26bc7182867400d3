//! Everything that people and their browsers ask for. No SQL, no rules, no provider types: a handler proves who asks (its
//! arguments do), reads or changes through the store, and draws a page of crate `ui`.

mod asked;
mod assets;
mod caller;
mod context;
mod cookie;
mod day;
mod error;
mod health;
mod last_change;
mod notice;
mod off;
mod pages;
mod password;
mod path_id;
mod path_organization;
mod posted;
mod routes;
mod security;
mod session;
mod stream;
mod way_back;

use crate::clock::Clock;
use crate::store::Db;
use crate::vault::Vault;
use jiff::tz::TimeZone;
use std::sync::Arc;
use tokio::sync::watch;

pub use caller::Who;
pub use password::hash as hash_password;
pub use routes::{Route, table as routes};
pub use session::signin_link;

/// What every handler is given: the installation. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Installation>);

pub struct Installation {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    /// Where people and the provider reach this installation, without a slash at its end.
    pub public_url: String,
    /// What the agency is called.
    pub agency: String,
    /// The agency's zone: its times and its midnight.
    pub zone: TimeZone,
    /// True where the phones are made up.
    pub simulated: bool,
    passwords: password::Passwords,
    streams: stream::Streams,
    unknown_emails: session::UnknownEmails,
    recordings: pages::call::recording::Recordings,
}

/// What [`App::new`] takes.
pub struct Settings {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    pub public_url: String,
    pub agency: String,
    pub zone: TimeZone,
    pub simulated: bool,
    /// Becomes true when the program ends; the streams then end too.
    pub ending: watch::Receiver<bool>,
}

impl App {
    pub fn new(settings: Settings) -> Self {
        let Settings { db, clock, vault, public_url, agency, zone, simulated, ending } = settings;
        Self(Arc::new(Installation {
            db,
            clock,
            vault,
            public_url: public_url.trim_end_matches('/').to_owned(),
            agency,
            zone,
            simulated,
            passwords: password::Passwords::default(),
            streams: stream::Streams::new(ending),
            unknown_emails: session::UnknownEmails::default(),
            recordings: pages::call::recording::Recordings::default(),
        }))
    }

    /// True where browsers come over TLS, so that a cookie may demand it.
    fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl std::ops::Deref for App {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.0
    }
}

/// All pages, with everything that protects them.
pub fn router(app: App) -> axum::Router {
    let router = routes::table().into_iter().fold(axum::Router::new(), routes::Route::mount);
    security::protect(router.fallback(error::not_found).method_not_allowed_fallback(error::not_found), &app)
        .with_state(app)
}
