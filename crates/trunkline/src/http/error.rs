//! What goes wrong for a person, and the one place where it is translated, logged and drawn.
//!
//! A handler's error travels in its response's extensions up to [`draw`], which knows the request's id and who looks.

use super::asked::Asked;
use super::{App, context, security};
use crate::store;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode};
use std::error::Error;
use std::sync::Arc;
use tower_http::csrf::ProtectionError;
use ui::view::Trouble;

/// One variant for each thing that a browser is told.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    /// Nothing is there, or nothing that this person may know of.
    #[error("nothing is there for this person")]
    NotFound,
    /// It is known to them, but not theirs to change.
    #[error("not theirs to change")]
    Forbidden,
    /// They have to sign in first, and then go on to this address.
    #[error("not signed in")]
    SignedOut { to: String, is_script: bool },
    /// As much of this is going on as can be.
    #[error("too many at once")]
    Busy,
    /// What was sent cannot be read.
    #[error("what was sent cannot be read")]
    Unreadable,
    /// Our own fault.
    #[error("our own fault")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl PageError {
    /// `had_session`: they were signed in once, and are told that it is over.
    pub(super) fn signed_out(asked: &Asked, had_session: bool) -> Self {
        let next = if asked.path == "/" { "" } else { &asked.path };
        let why = if had_session { "session_over" } else { "" };
        let to = ui::url::with_query("/signin", &[("next", next), ("why", why)]);
        Self::SignedOut { to, is_script: asked.is_htmx || asked.is_stream }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::SignedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<store::Error> for PageError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::NotFound => Self::NotFound,
            // A conflict that means something to a person is read by its handler; one that comes here is not foreseen.
            store::Error::Conflict(_) | store::Error::Database(_) => Self::Internal(error.into()),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if let Self::SignedOut { to, is_script: false } = &self {
            return Redirect::to(to).into_response();
        }
        let mut response = self.status().into_response();
        if let Self::SignedOut { to, .. } = &self {
            let to = HeaderValue::from_str(to).expect("an encoded address is visible ASCII");
            response.headers_mut().insert("hx-redirect", to);
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// What is no route.
pub(super) async fn not_found() -> PageError {
    PageError::NotFound
}

/// Draws the page of an error that came from below, and logs it if it is ours.
pub(super) async fn draw(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (asked, headers) = (Asked::of(&parts), parts.headers.clone());
    let id = security::request_id(&parts.extensions);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        response.extensions_mut().insert(Arc::new(PageError::Forbidden));
    }
    let Some(error) = response.extensions_mut().remove::<Arc<PageError>>() else {
        return response;
    };
    if let PageError::Internal(cause) = &*error {
        tracing::error!(request.id = %id, path = %matched(&asked), error = %chain(cause.as_ref()), "a page could not be served");
    }
    let Some(trouble) = trouble(&error) else {
        return response;
    };
    let page = match context::for_trouble(&app, &headers, &asked).await {
        Some(context) => ui::pages::trouble::page(trouble, &id, &context),
        None => ui::pages::trouble::visitor_page(trouble, &id, &context::visitor(&app, asked.theme)),
    };
    let mut drawn = (response.status(), Html(page.into_string())).into_response();
    drawn.headers_mut().extend(std::mem::take(response.headers_mut()));
    security::is_html(&mut drawn);
    drawn
}

/// The address without its query, which may hold what a person typed, and without tokens.
fn matched(asked: &Asked) -> &str {
    let path = asked.path.split('?').next().unwrap_or_default();
    if path.starts_with("/signin/link/") { "/signin/link/…" } else { path }
}

fn trouble(error: &PageError) -> Option<Trouble> {
    match error {
        PageError::NotFound => Some(Trouble::NotFound),
        PageError::Forbidden => Some(Trouble::Forbidden),
        PageError::Internal(_) => Some(Trouble::Internal),
        PageError::SignedOut { .. } | PageError::Busy | PageError::Unreadable => None,
    }
}

/// An error with its causes, the outermost first.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
