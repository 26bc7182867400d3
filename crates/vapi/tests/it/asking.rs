//! Everything but the creation of a call: lists, single objects, changes.

use serde_json::{Map, Value, json};
use vapi::{CallFilter, CallStatus, Error, ListingError, MessageKind, Unanswered};

use crate::provider::{Provider, Reply};

fn json_reply(body: &Value) -> Reply {
    Reply::Json(200, body.to_string())
}

fn call_at(id: &str, created_at: &str) -> Value {
    json!({"id": id, "orgId": "o", "createdAt": created_at, "updatedAt": created_at, "status": "queued"})
}

fn page(calls: &[(&str, &str)]) -> Reply {
    json_reply(&calls.iter().map(|(id, second)| call_at(id, &format!("2026-11-24T10:00:{second}Z"))).collect())
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[tokio::test]
async fn a_call_has_its_facts_its_marks_and_its_report() {
    let mut stored = call_at("c1", "2026-11-24T10:00:00.000Z");
    stored["status"] = "ended".into();
    stored["endedReason"] = "customer-ended-call".into();
    stored["cost"] = serde_json::from_str("0.0394").unwrap();
    stored["assistantOverrides"] = json!({"metadata": {"attempt": "7"}});
    stored["artifact"] = json!({"transcript": "AI: Hi."});
    let provider = Provider::start([json_reply(&stored)]).await;

    let call = provider.client().get_call("c1").await.unwrap();

    assert!(call.has_ended());
    assert_eq!(call.status, Some(CallStatus::Ended));
    assert_eq!(call.mark("attempt"), Some("7"));
    assert_eq!(call.cost.unwrap().to_string(), "0.0394");
    assert_eq!(call.report().transcript.as_deref(), Some("AI: Hi."));
    assert_eq!(call.report().ended_reason, call.ended_reason);
    assert_eq!(serde_json::from_str::<Value>(call.raw.get()).unwrap(), stored);
    let asked = provider.asked().remove(0);
    assert_eq!(asked.line, "GET /call/c1 HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some("bearer private-key"));
    assert!(asked.header("user-agent").unwrap().starts_with("trunkline/"));
}

#[tokio::test]
async fn a_call_that_is_not_there_is_told_from_a_failure() {
    let provider = Provider::start([
        Reply::Json(404, r#"{"message":"not found","statusCode":404}"#.into()),
        Reply::Json(500, "{}".into()),
    ])
    .await;
    let client = provider.client();

    assert!(client.get_call("c1").await.unwrap_err().is_not_found());
    assert!(!client.get_call("c1").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn nothing_is_retried_and_no_redirect_followed() {
    let elsewhere = "HTTP/1.1 302 x\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
    let provider = Provider::start([Reply::Json(503, "{}".into()), Reply::Raw(elsewhere.into()), Reply::Reset]).await;
    let client = provider.client();

    for _ in 0..3 {
        assert!(matches!(client.get_call("c1").await, Err(Error::Unknown(_))));
    }

    assert_eq!(provider.asked().len(), 3);
}

#[tokio::test]
async fn all_eleven_filters_and_the_limit_are_sent() {
    let provider = Provider::start([json_reply(&json!([]))]).await;
    let at = |hour: &str| Some(format!("2026-11-24T{hour}:00:00Z").parse().unwrap());
    let filter = CallFilter {
        id: Some("c&1".into()),
        assistant_id: Some("a".into()),
        phone_number_id: Some("p".into()),
        limit: Some(1000),
        created_at_gt: at("01"),
        created_at_lt: at("02"),
        created_at_ge: at("03"),
        created_at_le: at("04"),
        updated_at_gt: at("05"),
        updated_at_lt: at("06"),
        updated_at_ge: at("07"),
        updated_at_le: at("08"),
    };

    provider.client().list_calls(&filter).await.unwrap();

    let line = provider.asked().remove(0).line;
    let query = line.strip_prefix("GET /call?").unwrap().strip_suffix(" HTTP/1.1").unwrap();
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    let expected = [
        "assistantId=a",
        "createdAtGe=2026-11-24T03%3A00%3A00.000Z",
        "createdAtGt=2026-11-24T01%3A00%3A00.000Z",
        "createdAtLe=2026-11-24T04%3A00%3A00.000Z",
        "createdAtLt=2026-11-24T02%3A00%3A00.000Z",
        "id=c%261",
        "limit=1000",
        "phoneNumberId=p",
        "updatedAtGe=2026-11-24T07%3A00%3A00.000Z",
        "updatedAtGt=2026-11-24T05%3A00%3A00.000Z",
        "updatedAtLe=2026-11-24T08%3A00%3A00.000Z",
        "updatedAtLt=2026-11-24T06%3A00%3A00.000Z",
    ];
    assert_eq!(pairs, expected);
}

async fn list_all(
    script: impl IntoIterator<Item = Reply>,
    pages_max: usize,
) -> (Result<Vec<String>, ListingError>, Provider) {
    let provider = Provider::start(script).await;
    let filter = CallFilter { limit: Some(2), ..CallFilter::default() };
    let listed = provider.client().list_all_calls(&filter, pages_max).await;
    (listed.map(|calls| calls.iter().map(|call| call.id.clone()).collect()), provider)
}

#[tokio::test]
async fn a_listing_moves_its_bound_and_has_each_call_once() {
    let pages = [page(&[("c4", "04"), ("c3", "03")]), page(&[("c3", "03"), ("c2", "02")]), page(&[("c2", "02")])];

    let (listed, provider) = list_all(pages, 5).await;

    assert_eq!(listed.unwrap(), ["c4", "c3", "c2"]);
    let lines: Vec<_> = provider.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines[0], "GET /call?limit=2 HTTP/1.1");
    // One millisecond later than shown: what Vapi compares with may be finer than what it shows.
    assert!(lines[1].contains("createdAtLe=2026-11-24T10%3A00%3A03.001Z"), "{}", lines[1]);
    assert!(lines[2].contains("createdAtLe=2026-11-24T10%3A00%3A02.001Z"), "{}", lines[2]);
}

#[tokio::test]
async fn an_empty_listing_is_complete() {
    let (listed, provider) = list_all([page(&[])], 1).await;

    assert_eq!(listed.unwrap(), Vec::<String>::new());
    assert_eq!(provider.asked().len(), 1);
}

#[tokio::test]
async fn a_short_page_is_complete_in_any_order() {
    let provider = Provider::start([page(&[("c1", "01"), ("c2", "02")])]).await;

    let calls = provider.client().list_all_calls(&CallFilter::default(), 1).await.unwrap();

    assert_eq!(calls[0].id, "c2");
}

#[tokio::test]
async fn a_listing_with_a_failed_page_is_no_listing() {
    let (listed, _provider) = list_all([page(&[("c4", "04"), ("c3", "03")]), Reply::Json(503, "{}".into())], 5).await;

    assert!(matches!(listed, Err(ListingError::Page(Error::Unknown(Unanswered::Status(_))))));
}

#[tokio::test]
async fn a_listing_longer_than_allowed_is_no_listing() {
    let pages = [page(&[("c4", "04"), ("c3", "03")]), page(&[("c3", "03"), ("c2", "02")])];

    let (listed, _provider) = list_all(pages, 2).await;

    assert!(matches!(listed, Err(ListingError::TooLong { pages_max: 2 })));
}

#[tokio::test]
async fn a_listing_that_does_not_move_is_no_listing() {
    let same = || page(&[("c4", "04"), ("c3", "04")]);

    let (listed, provider) = list_all([same(), same()], 50).await;

    assert!(matches!(listed, Err(ListingError::TooLong { .. })));
    assert_eq!(provider.asked().len(), 2);
}

#[tokio::test]
async fn a_full_page_in_the_wrong_order_is_no_listing() {
    let (listed, _provider) = list_all([page(&[("c1", "01"), ("c2", "02")])], 5).await;

    assert!(matches!(listed, Err(ListingError::Unordered)));
}

#[tokio::test]
async fn a_page_with_one_unreadable_call_is_no_page() {
    let (listed, _provider) = list_all([json_reply(&json!([{"orgId": "o"}]))], 5).await;

    assert!(matches!(listed, Err(ListingError::Page(Error::Unknown(Unanswered::Unreadable(_))))));
}

#[tokio::test]
async fn a_change_is_sent_as_complete_nested_objects() {
    let stored = json!({
        "id": "a1", "name": "Front desk", "model": {"provider": "openai"},
        "server": {"url": "https://old", "timeoutSeconds": 20}, "serverMessages": ["hang"], "voicemailDetection": "off",
    });
    let provider = Provider::start([json_reply(&stored), json_reply(&stored)]).await;
    let change = object(&json!({"name": "Front desk", "server": {"url": "https://new"}}));

    let assistant = provider.client().update_assistant("a1", &change).await.unwrap();

    assert_eq!(assistant.server_messages, [MessageKind::Hang]);
    assert!(!assistant.detects_voicemail());
    let asked = provider.asked();
    assert_eq!(asked[0].line, "GET /assistant/a1 HTTP/1.1");
    assert_eq!(asked[1].line, "PATCH /assistant/a1 HTTP/1.1");
    assert_eq!(asked[1].json(), json!({"server": {"url": "https://new", "timeoutSeconds": 20}}));
}

#[tokio::test]
async fn a_change_that_is_already_so_is_not_sent() {
    let stored = json!({"id": "p1", "provider": "vapi", "number": "+15555550100", "server": {"url": "https://hooks"}});
    let provider = Provider::start([json_reply(&stored)]).await;
    let change = object(&json!({"server": {"url": "https://hooks"}}));

    let number = provider.client().update_phone_number("p1", &change).await.unwrap();

    assert!(number.is_free_vapi_number() && number.asks_who_answers());
    assert_eq!(provider.asked().len(), 1);
}

#[tokio::test]
async fn assistants_and_numbers_are_listed_created_and_deleted_calls_told() {
    let provider = Provider::start([
        json_reply(&json!([{"id": "a1", "voicemailDetection": {"provider": "vapi"}}])),
        json_reply(&json!([{"id": "p1", "status": "active", "assistantId": "a1"}])),
        json_reply(&json!({"id": "p1"})),
        json_reply(&json!({"id": "a1"})),
        Reply::Json(201, r#"{"id":"a2"}"#.into()),
        json_reply(&json!({"id": "c1"})),
    ])
    .await;
    let client = provider.client();

    assert!(client.list_assistants().await.unwrap()[0].detects_voicemail());
    assert!(!client.list_phone_numbers().await.unwrap()[0].asks_who_answers());
    assert_eq!(client.get_phone_number("p1").await.unwrap().id, "p1");
    assert_eq!(client.get_assistant("a1").await.unwrap().id, "a1");
    assert_eq!(client.create_assistant(&object(&json!({"name": "n"}))).await.unwrap().id, "a2");
    assert_eq!(client.delete_call("c1").await.unwrap().id, "c1");

    let lines: Vec<_> = provider.asked().into_iter().map(|asked| asked.line).collect();
    let expected = [
        "GET /assistant?limit=1000 HTTP/1.1",
        "GET /phone-number?limit=1000 HTTP/1.1",
        "GET /phone-number/p1 HTTP/1.1",
        "GET /assistant/a1 HTTP/1.1",
        "POST /assistant HTTP/1.1",
        "DELETE /call/c1 HTTP/1.1",
    ];
    assert_eq!(lines, expected);
}
