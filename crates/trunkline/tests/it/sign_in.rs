//! Signing in by password and by link, being locked out, and what a session is worth.

use crate::support::{Answer, World};
use jiff::SignedDuration;
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use trunkline::domain::ids::UserId;
use trunkline::domain::role::AgencyRole;
use trunkline::http;
use trunkline::store::users::{self, NewUser};

const EMAIL: &str = "robin@relay.example";
const PASSWORD: &str = "correct horse battery";

/// An operator of the agency with a password.
async fn robin(world: &World) -> UserId {
    let hash = http::hash_password(&SecretString::from(PASSWORD)).unwrap();
    let new =
        NewUser { email: EMAIL, name: "Robin", password_hash: Some(&hash), agency_role: Some(AgencyRole::Operator) };
    users::put(&world.node.db, &new, world.now()).await.unwrap()
}

async fn try_password(world: &World, email: &str, password: &str) -> Answer {
    world.post(&world.stranger(), "/signin", &[("email", email), ("password", password), ("next", "/webhooks")]).await
}

/// The cookie that an answer sets, as a browser would send it back.
async fn cookie_of(world: &World, email: &str, password: &str) -> (String, String) {
    let form = [("email", email), ("password", password), ("next", "")];
    let response = world.request(&world.stranger(), Method::POST, "/signin").form(&form).send().await.unwrap();
    let whole = response.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    (whole.split(';').next().unwrap().to_owned(), whole)
}

async fn status_with(world: &World, cookie: &str, method: Method, path: &str) -> (StatusCode, Option<String>) {
    let request = world.request(&world.stranger(), method, path).header(COOKIE, cookie);
    let response = request.send().await.unwrap();
    let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    (response.status(), location)
}

#[tokio::test]
async fn a_password_signs_in_and_leads_on_to_where_one_wanted_to_go() {
    let world = World::new().await;
    robin(&world).await;

    let wanted = world.get(&world.stranger(), "/webhooks?state=all").await;
    let right = try_password(&world, "Robin@Relay.example", PASSWORD).await;
    let wrong = try_password(&world, EMAIL, "wrong").await;

    assert_eq!(wanted.location.as_deref(), Some("/signin?next=%2Fwebhooks%3Fstate%3Dall"));
    assert_eq!((right.status, right.location.as_deref()), (StatusCode::SEE_OTHER, Some("/webhooks")));
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains(EMAIL) && !wrong.body.contains("wrong\""));
}

#[tokio::test]
async fn nobody_is_sent_to_another_host_after_signing_in() {
    let world = World::new().await;
    robin(&world).await;

    for next in ["https://example.com/", "//example.com", "/\\example.com"] {
        let form = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = world.post(&world.stranger(), "/signin", &form).await;
        assert_eq!(answer.location.as_deref(), Some("/"), "{next}");
    }
}

#[tokio::test]
async fn five_wrong_passwords_block_for_five_minutes_whoever_it_is() {
    let world = World::new().await;
    robin(&world).await;

    for email in [EMAIL, "nobody@relay.example"] {
        for _ in 0..5 {
            assert_eq!(try_password(&world, email, "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        let blocked = try_password(&world, email, PASSWORD).await;
        assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS, "{email}");
    }
    world.advance(SignedDuration::from_mins(5));

    assert_eq!(try_password(&world, EMAIL, PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(try_password(&world, "nobody@relay.example", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_at_it_does_not_use_it_up() {
    let world = World::new().await;
    let user = robin(&world).await;
    let link = http::signin_link(&world.node.pages, user, SignedDuration::from_mins(15)).await.unwrap();
    let path = link.strip_prefix(&world.base_url).unwrap();
    let stranger = world.stranger();

    let looked = world.ask(&stranger, Method::HEAD, path, &[]).await;
    let first = world.get(&stranger, path).await;
    let second = world.get(&stranger, path).await;

    assert_eq!(looked.status, StatusCode::NO_CONTENT);
    assert_eq!((first.status, first.location.as_deref()), (StatusCode::SEE_OTHER, Some("/")));
    assert_eq!((second.status, second.location), (StatusCode::GONE, None));
}

#[tokio::test]
async fn a_link_is_worth_nothing_after_its_time() {
    let world = World::new().await;
    let user = robin(&world).await;
    let link = http::signin_link(&world.node.pages, user, SignedDuration::from_mins(15)).await.unwrap();

    world.advance(SignedDuration::from_mins(15));

    assert_eq!(world.browser.get(link).send().await.unwrap().status(), StatusCode::GONE);
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_server() {
    let world = World::new().await;
    robin(&world).await;
    let (cookie, whole) = cookie_of(&world, EMAIL, PASSWORD).await;

    assert!(whole.contains("HttpOnly") && whole.contains("SameSite=Lax"), "{whole}");
    assert_eq!(status_with(&world, &cookie, Method::GET, "/").await.0, StatusCode::OK);
    status_with(&world, &cookie, Method::POST, "/signout").await;

    let (status, location) = status_with(&world, &cookie, Method::GET, "/").await;
    assert_eq!((status, location.as_deref()), (StatusCode::SEE_OTHER, Some("/signin?why=session_over")));
    assert_eq!(world.sql("select count(*) from sessions").await, ["0"]);
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_and_the_oldest_ends_anyway() {
    let world = World::new().await;
    robin(&world).await;
    let (idle, _) = cookie_of(&world, EMAIL, PASSWORD).await;
    let (used, _) = cookie_of(&world, EMAIL, PASSWORD).await;
    let days = |count: i64| SignedDuration::from_hours(24 * count);

    for _ in 0..6 {
        world.advance(days(2));
        assert_eq!(status_with(&world, &used, Method::GET, "/").await.0, StatusCode::OK);
    }
    assert_eq!(status_with(&world, &idle, Method::GET, "/").await.0, StatusCode::SEE_OTHER);
    world.advance(days(2));

    assert_eq!(status_with(&world, &used, Method::GET, "/").await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_table_of_sessions_cannot_be_used_to_sign_in() {
    let world = World::new().await;
    robin(&world).await;
    let (cookie, _) = cookie_of(&world, EMAIL, PASSWORD).await;
    let token = cookie.split_once('=').unwrap().1;

    let kept = world.sql("select encode(token_hash, 'escape') from sessions").await;

    assert!(!kept[0].contains(token));
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let world = World::new().await;
    robin(&world).await;
    let form = [("email", EMAIL), ("password", PASSWORD), ("next", "")];

    let request = world.browser.post(format!("{}/signin", world.base_url)).form(&form);
    let response = request.header("sec-fetch-site", "cross-site").send().await.unwrap();

    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(response.headers().get(SET_COOKIE).is_none());
}

#[tokio::test]
async fn every_page_says_what_browsers_must_not_do_and_errors_have_a_number() {
    let world = World::new().await;
    let operator = world.operator().await;

    for (path, status) in
        [("/", StatusCode::OK), ("/nowhere", StatusCode::NOT_FOUND), ("/signin", StatusCode::SEE_OTHER)]
    {
        let response = world.request(&operator, Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let id = header("x-request-id");
        let body = response.text().await.unwrap();
        assert!(status != StatusCode::NOT_FOUND || body.contains(&id), "{path}");
    }
}
