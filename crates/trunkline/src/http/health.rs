//! Whether the program lives, and whether it can serve.

use super::App;
use super::caller::Anyone;
use crate::store::{migrations, quarantine};
use axum::extract::State;
use http::StatusCode;

/// `GET /healthz`: the program runs. Asks nothing else, so a database that is away restarts nobody.
pub(super) async fn alive(State(_): State<App>, _: Anyone) -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the database answers and has this version's schema.
pub(super) async fn ready(State(app): State<App>, _: Anyone) -> (StatusCode, &'static str) {
    match migrations::missing(&app.db).await {
        Ok(missing) if missing.is_empty() => (StatusCode::OK, ready_words(&app).await),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database has not been migrated to this version\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// A node in quarantine serves pages and takes webhooks in, so it is ready.
async fn ready_words(app: &App) -> &'static str {
    match quarantine::state(&app.db).await {
        Ok(Some(_)) => "ready; nothing is dialed: the database is in quarantine after a restore\n",
        Ok(None) | Err(_) => "ready\n",
    }
}
