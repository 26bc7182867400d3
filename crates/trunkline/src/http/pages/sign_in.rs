//! Signing in and out.

use crate::domain::ids::UserId;
use crate::http::caller::{Anyone, SignedIn};
use crate::http::error::PageError;
use crate::http::{App, context, session, way_back};
use crate::store::users;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::{HeaderMap, Method, StatusCode, header};
use jiff::SignedDuration;
use secrecy::SecretString;
use ui::view::{SignIn, SignInProblem};

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Arrival {
    next: String,
    why: String,
}

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Credentials {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// `GET /signin`
pub(crate) async fn form(
    State(app): State<App>,
    caller: Anyone,
    headers: HeaderMap,
    Query(arrival): Query<Arrival>,
) -> Result<Response, PageError> {
    let next = way_back::ours(&arrival.next);
    if session::of_request(&app, &headers).await?.is_some() {
        return Ok(Redirect::to(next.unwrap_or("/")).into_response());
    }
    let problem = (arrival.why == "session_over").then_some(SignInProblem::SessionOver);
    let view = SignIn { email: String::new(), next: next.map(str::to_owned), problem };
    Ok(page(&app, &caller, &view, StatusCode::OK))
}

/// `POST /signin`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: Anyone,
    Form(Credentials { email, password, next }): Form<Credentials>,
) -> Result<Response, PageError> {
    let next = way_back::ours(&next);
    match authenticate(&app, email.trim(), password).await? {
        Ok(user) => begin(&app, user, next.unwrap_or("/")).await,
        Err(problem) => {
            let status = match problem {
                SignInProblem::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
                SignInProblem::Wrong | SignInProblem::LinkSpent | SignInProblem::SessionOver => {
                    StatusCode::UNAUTHORIZED
                }
            };
            let view = SignIn { email, next: next.map(str::to_owned), problem: Some(problem) };
            Ok(page(&app, &caller, &view, status))
        }
    }
}

/// `GET /signin/link/{token}`: signs in once. What only looks, such as a preview of the link, does not use it up.
pub(crate) async fn link(
    State(app): State<App>,
    caller: Anyone,
    method: Method,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let is_a_look = method == Method::HEAD || headers.contains_key("sec-purpose");
    if is_a_look {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    if let Some(user) = session::use_link(&app, &token).await? {
        return begin(&app, user, "/").await;
    }
    let view = SignIn { problem: Some(SignInProblem::LinkSpent), ..SignIn::default() };
    Ok(page(&app, &caller, &view, StatusCode::GONE))
}

/// `POST /signout`
pub(crate) async fn sign_out(State(app): State<App>, caller: SignedIn) -> Result<Response, PageError> {
    session::end(&app, &caller.session).await?;
    let mut response = Redirect::to("/signin").into_response();
    response.headers_mut().append(header::SET_COOKIE, session::no_cookie(&app));
    Ok(response)
}

async fn begin(app: &App, user: UserId, to: &str) -> Result<Response, PageError> {
    let cookie = session::begin(app, user).await?;
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The person, or what to tell them; the same for an e-mail of nobody as for a wrong password.
async fn authenticate(
    app: &App,
    email: &str,
    password: SecretString,
) -> Result<Result<UserId, SignInProblem>, PageError> {
    let now = app.clock.now();
    let block = session::real(app, session::BLOCK);
    let Some(facts) = users::by_email(&app.db, email).await? else {
        app.passwords.verify(password, None).await;
        let blocked_until = app.unknown_emails.count(email, now, block);
        return Ok(Err(blocked_until.map_or(SignInProblem::Wrong, |until| too_many(app, until.duration_since(now)))));
    };
    if let Some(until) = facts.blocked_until.filter(|until| *until > now) {
        app.passwords.verify(password, None).await;
        return Ok(Err(too_many(app, until.duration_since(now))));
    }
    if app.passwords.verify(password, facts.password_hash).await {
        return Ok(Ok(facts.id));
    }
    users::count_failed_signin(&app.db, facts.id, session::TRIES_MAX, block, now).await?;
    Ok(Err(SignInProblem::Wrong))
}

/// The wait is told in real seconds.
fn too_many(app: &App, left: SignedDuration) -> SignInProblem {
    let seconds = left.as_secs() / i64::from(app.clock.speed()) + 1;
    SignInProblem::TooManyTries { wait_seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
}

fn page(app: &App, caller: &Anyone, view: &SignIn, status: StatusCode) -> Response {
    let markup = ui::pages::sign_in::page(view, &context::visitor(app, caller.asked.theme));
    (status, Html(markup.into_string())).into_response()
}
