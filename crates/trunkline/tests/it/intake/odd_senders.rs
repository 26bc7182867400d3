//! Senders that are slow, endless or strange: none of them keeps another waiting, and none costs memory.

use super::status_update;
use crate::support::World;
use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const SLOW: usize = 100;

async fn open(world: &World, head: &str) -> TcpStream {
    let address = world.base_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// The status of the answer that comes though the request never ends.
async fn answered(mut stream: TcpStream) -> String {
    let mut answer = vec![0; "HTTP/1.1 000".len()];
    stream.read_exact(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap().split_off("HTTP/1.1 ".len())
}

fn head(secret: &str, length: usize) -> String {
    format!("POST /webhooks/vapi HTTP/1.1\r\nhost: h\r\nx-vapi-secret: {secret}\r\ncontent-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn slow_senders_keep_nobody_waiting() {
    let world = World::new().await;
    let secret = world.webhook_secret().await;
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        slow.push(open(&world, "POST /webhooks/vapi HTTP/1.1\r\nx-vapi").await);
        slow.push(open(&world, &(head(&secret, 1_000_000) + "{\"message\":")).await);
    }

    let (status, _) = world.webhook(&status_update("call", "ringing", 1)).await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(slow.len(), 2 * SLOW);
}

#[tokio::test]
async fn a_body_is_read_only_if_it_is_small_enough_and_its_sender_may_be_known() {
    let world = World::new().await;
    let secret = world.webhook_secret().await;

    assert_eq!(answered(open(&world, &head(&secret, 100_000_000)).await).await, "413");
    assert_eq!(answered(open(&world, &head("guess", 100_000_000)).await).await, "401");
    let chunked = head(&secret, 0).replace("content-length: 0", "transfer-encoding: chunked");
    let mut endless = open(&world, &chunked).await;
    let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    // The server answers and closes before the end: then no more can be written.
    for _ in 0..100 {
        if endless.write_all(piece.as_bytes()).await.is_err() {
            break;
        }
    }
    assert_eq!(world.sql("select count(*) from events").await, ["0"]);
}

#[tokio::test]
async fn deep_nesting_is_kept_and_stops_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let secret = world.webhook_secret().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let place = json!({ "type": "TYPE", "status": "ringing", "timestamp": 1, "artifact": "DEEP", "toolCallList": "DEEP",
                        "call": { "id": "deep", "assistantId": acme.assistant_id, "metadata": "DEEP" } });

    for kind in ["status-update", "end-of-call-report", "tool-calls", "assistant-request", "conversation-update"] {
        let body = json!({ "message": place }).to_string().replace("TYPE", kind).replace("\"DEEP\"", &deep);
        assert_eq!(world.webhook_with(&[("x-vapi-secret", &secret)], body).await.0, StatusCode::OK, "{kind}");
    }
    let mut plain = status_update("plain", "ringing", 2);
    plain["message"]["call"]["assistantId"] = acme.assistant_id.into();
    world.webhook(&plain).await;
    world.apply().await;

    let states = "select state || ' ' || count(*) from events group by state order by 1";
    assert_eq!(world.sql(states).await, ["applied 6"]);
    assert_eq!(world.sql("select status from calls where provider_call_id = 'plain'").await, ["ringing"]);
}
