//! Connections over which webhooks are sent, each until it has its 200, as the provider does.

use super::story::{Message, Story};
use anyhow::{Context as _, bail};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECTIONS: usize = 32;
/// After which a webhook that is still not taken in is a failure of the drill.
const TRIES_MAX: usize = 2_000;
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(30);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
const HEAD_BYTES_MAX: usize = 16 * 1024;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How far the senders have come.
#[derive(Default)]
pub(super) struct Progress {
    taken: AtomicUsize,
    sent: AtomicUsize,
    repeated: AtomicUsize,
}

impl Progress {
    /// Webhooks that have their 200.
    pub(super) fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }

    /// Sendings that came to nothing.
    pub(super) fn repeated(&self) -> usize {
        self.repeated.load(Ordering::Relaxed)
    }

    pub(super) async fn until(&self, sent: usize) {
        while self.sent() < sent {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

pub(super) async fn send_all(port: u16, story: Arc<Story>, progress: Arc<Progress>) -> anyhow::Result<()> {
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        connections.spawn(send_some(port, story.clone(), progress.clone()));
    }
    while let Some(done) = connections.join_next().await {
        done??;
    }
    Ok(())
}

async fn send_some(port: u16, story: Arc<Story>, progress: Arc<Progress>) -> anyhow::Result<()> {
    let mut stream = None;
    while let Some(message) = story.messages.get(progress.taken.fetch_add(1, Ordering::Relaxed)) {
        let mut tries = 0;
        while !matches!(exchange(port, &mut stream, message).await, Ok(200)) {
            progress.repeated.fetch_add(1, Ordering::Relaxed);
            stream = None;
            tries += 1;
            if tries == TRIES_MAX {
                bail!("a webhook was not taken in: {}", message.body);
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
        progress.sent.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Sends it over the connection that is there, or a new one, and gives the status of the answer.
async fn exchange(port: u16, kept: &mut Option<TcpStream>, message: &Message) -> anyhow::Result<u16> {
    let mut stream = match kept.take() {
        Some(stream) => stream,
        None => TcpStream::connect(("127.0.0.1", port)).await?,
    };
    let Message { secret, body } = message;
    let request = format!(
        "POST /webhooks/vapi HTTP/1.1\r\nhost: flood\r\ncontent-type: application/json\r\nx-vapi-secret: {secret}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let status = tokio::time::timeout(ANSWER_TIMEOUT, status(&mut stream)).await??;
    *kept = Some(stream);
    Ok(status)
}

async fn status(stream: &mut TcpStream) -> anyhow::Result<u16> {
    let mut answer = Vec::new();
    while answer.len() < HEAD_BYTES_MAX {
        if stream.read_buf(&mut answer).await? == 0 {
            bail!("the node closed the connection");
        }
        let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end])?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).context("no content-length")?;
        if answer.len() >= end + 4 + length.trim().parse::<usize>()? {
            return Ok(head.get(9..12).context("no status")?.parse()?);
        }
    }
    bail!("an answer is too large")
}
