//! A call is asked for at most once, and the outcome says no more than is known.

use std::time::Duration;

use serde_json::json;
use vapi::{AssistantOverrides, Blame, CallStatus, CreateCall, CreatedCall, CustomerTarget, Error, Label, Unanswered};

use crate::provider::{Provider, Reply, client};

const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
const SOON: Duration = Duration::from_millis(100);

fn call() -> CreateCall {
    CreateCall {
        assistant_id: "assistant".into(),
        assistant_overrides: AssistantOverrides::default(),
        phone_number_id: "number".into(),
        customer: CustomerTarget {
            number: "+15555550101".into(),
            name: Some(Label::truncated("Ada Lovelace")),
            external_id: Some("lead".into()),
        },
        name: Some(Label::truncated("attempt")),
        metadata: Some(json!({"attempt": "7"}).as_object().unwrap().clone()),
        schedule_plan: None,
    }
}

async fn place(provider: &Provider, answer_timeout: Duration) -> Result<CreatedCall, Error> {
    provider.client().connect().await.unwrap().create_call(&call(), answer_timeout).await
}

/// The outcome of one reply, after which the server has been asked exactly once.
async fn outcome(reply: Reply) -> Result<CreatedCall, Error> {
    let provider = Provider::start([reply]).await;
    let outcome = place(&provider, ANSWER_TIMEOUT).await;
    assert_eq!(provider.asked().len(), 1);
    outcome
}

async fn refusal(status: u16, body: &str) -> vapi::Refusal {
    match outcome(Reply::Json(status, body.to_owned())).await {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

async fn unknown(reply: Reply) -> Unanswered {
    match outcome(reply).await {
        Err(Error::Unknown(unanswered)) => unanswered,
        other => panic!("not unknown: {other:?}"),
    }
}

fn raw(status: &str, content_type: &str, length: usize, body: &str) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
    Reply::Raw(head + body)
}

#[tokio::test]
async fn a_created_call_has_an_id_and_tells_of_the_lines() {
    let body = r#"{"subscriptionLimits":{"concurrencyBlocked":false,"concurrencyLimit":10,"remainingConcurrentCalls":-1},
                   "id":"c1","orgId":"o","status":"queued","monitor":{"listenUrl":"wss://l"}}"#;

    let created = outcome(Reply::Json(201, body.into())).await.unwrap();

    let limits = created.subscription_limits.clone().unwrap();
    assert_eq!((created.id.as_str(), created.status.clone()), ("c1", Some(CallStatus::Queued)));
    assert_eq!((limits.concurrency_limit, limits.remaining_concurrent_calls), (Some(10), Some(-1)));
    assert!(!created.concurrency_blocked());
    assert!(created.raw.get().contains("wss://l"));
}

#[tokio::test]
async fn a_call_that_was_created_and_blocked_says_so() {
    let body = r#"{"id":"c1","subscriptionLimits":{"concurrencyBlocked":true}}"#;

    let created = outcome(Reply::Json(201, body.into())).await.unwrap();

    assert!(created.concurrency_blocked());
}

#[tokio::test]
async fn the_request_is_authorized_named_and_strict() {
    let provider = Provider::start([Reply::Json(201, r#"{"id":"c1"}"#.into())]).await;

    place(&provider, ANSWER_TIMEOUT).await.unwrap();

    let asked = provider.asked().remove(0);
    assert_eq!(asked.line, "POST /call HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some("bearer private-key"));
    assert!(asked.header("user-agent").unwrap().starts_with("trunkline/"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert!(asked.header("host").unwrap().starts_with("127.0.0.1:"));
    let expected = json!({
        "assistantId": "assistant",
        "assistantOverrides": {},
        "phoneNumberId": "number",
        "customer": {"number": "+15555550101", "name": "Ada Lovelace", "externalId": "lead"},
        "name": "attempt",
        "metadata": {"attempt": "7"},
    });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn a_refusal_is_definite_and_blames_someone() {
    for status in [400, 401, 402, 403, 404, 422] {
        assert_eq!(refusal(status, r#"{"message":"no"}"#).await.status.as_u16(), status);
    }
    let daily = r#"{"message":"Numbers Bought On Vapi Have A Daily Outbound Call Limit.","statusCode":400}"#;
    let refused = refusal(400, daily).await;
    assert_eq!(refused.blame, Blame::Number);
    assert_eq!(refused.messages, ["Numbers Bought On Vapi Have A Daily Outbound Call Limit."]);
}

#[tokio::test]
async fn a_full_line_pool_tells_its_limits() {
    let body = r#"{"message":"Over Concurrency Limit","subscriptionLimits":{"concurrencyBlocked":true,"concurrencyLimit":10}}"#;

    let refused = refusal(400, body).await;

    assert_eq!(refused.blame, Blame::LinePool);
    assert_eq!(refused.subscription_limits.unwrap().concurrency_limit, Some(10));
}

#[tokio::test]
async fn a_limited_key_tells_how_long_to_wait() {
    let limited = "HTTP/1.1 429 x\r\nretry-after: 21\r\ncontent-length: 0\r\n\r\n";

    let outcome = outcome(Reply::Raw(limited.into())).await;

    assert!(matches!(outcome, Err(Error::RateLimited { retry_after: Some(wait) }) if wait.as_secs() == 21));
}

#[tokio::test]
async fn a_server_error_is_unknown_and_not_asked_again() {
    for status in [500, 502, 503, 408, 409, 200, 202, 302] {
        let cause = unknown(Reply::Json(status, r#"{"id":"c1"}"#.into())).await;
        assert!(matches!(cause, Unanswered::Status(odd) if odd.as_u16() == status), "{cause:?}");
    }
}

#[tokio::test]
async fn a_reset_after_the_request_is_unknown_and_not_asked_again() {
    assert!(matches!(unknown(Reply::Reset).await, Unanswered::Broken(_)));
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_unknown() {
    assert!(matches!(unknown(Reply::Raw(String::new())).await, Unanswered::Broken(_)));
}

#[tokio::test]
async fn an_answer_that_does_not_prove_a_call_is_unknown() {
    let json = "application/json";
    unknown(raw("201 x", json, 2, "{}")).await;
    unknown(raw("201 x", json, 9, r#"{"id":""} "#)).await;
    unknown(raw("201 x", json, 8, r#"{"id":7}"#)).await;
    unknown(raw("201 x", json, 12, r#"[{"id":"c"}]"#)).await;
    unknown(raw("201 x", json, 9, r#"{"id":"c1"#)).await;
    unknown(raw("201 x", json, 500, r#"{"id":"c1"}"#)).await;
    unknown(raw("201 x", "text/html", 11, r#"{"id":"c1"}"#)).await;
    unknown(Reply::Raw("no http at all\r\n\r\n".into())).await;
}

#[tokio::test]
async fn a_refusal_whose_body_is_cut_is_still_a_refusal() {
    let outcome = outcome(raw("400 x", "application/json", 500, r#"{"message":"#)).await;

    assert!(matches!(outcome, Err(Error::Refused(_))));
}

#[tokio::test]
async fn silence_is_unknown_and_the_connection_is_reset() {
    let mut provider = Provider::start([Reply::Silence]).await;

    let outcome = place(&provider, SOON).await;

    assert!(matches!(outcome, Err(Error::Unknown(Unanswered::TimedOut))));
    assert_eq!(provider.ending().await.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(provider.asked().len(), 1);
}

#[tokio::test]
async fn no_connection_means_that_nothing_was_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let refused = client(&format!("http://{address}")).connect().await.unwrap_err();
    let nameless = client("http://nobody.invalid").connect().await.unwrap_err();

    assert_eq!(refused.to_string(), "could not connect to vapi: tcp failed");
    assert_eq!(nameless.to_string(), "could not connect to vapi: name lookup failed");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_sent_anything() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 x\r\n\r\n").await.unwrap();
    });

    let failed = client(&format!("https://{address}")).connect().await.unwrap_err();

    assert_eq!(failed.to_string(), "could not connect to vapi: tls failed");
    server.await.unwrap();
}

#[tokio::test]
async fn a_connection_that_vapi_closed_meanwhile_can_be_seen() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();

    let connection = client(&format!("http://{address}")).connect().await.unwrap();
    assert!(!connection.is_closed());
    drop(listener.accept().await.unwrap());

    while !connection.is_closed() {
        tokio::task::yield_now().await;
    }
}
