//! `POST /theme`: light, dark, or as the system; kept by the browser.

use crate::http::caller::Anyone;
use crate::http::{App, cookie, way_back};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;
use ui::Theme;

const YEAR_SECONDS: i64 = 365 * 24 * 60 * 60;

#[derive(Debug, serde::Deserialize)]
pub(crate) struct Choice {
    theme: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn choose(State(app): State<App>, _: Anyone, Form(choice): Form<Choice>) -> Response {
    let theme = Theme::from_name(&choice.theme);
    let back = way_back::ours(&choice.back).unwrap_or("/");
    let mut response = Redirect::to(back).into_response();
    let cookie = cookie::set(cookie::THEME, theme.name(), app.is_secure(), YEAR_SECONDS);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
