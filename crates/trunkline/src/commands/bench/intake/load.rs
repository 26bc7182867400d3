//! The generator of load: plain sockets that are kept open, one request at a time on each.

use super::messages::{Kind, Senders};
use super::server::Server;
use anyhow::{Context as _, Result, bail};
use futures_util::future::try_join_all;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const ANSWER_MAX: Duration = Duration::from_secs(20);
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

pub(super) struct Load<'a> {
    pub address: SocketAddr,
    pub senders: &'a Senders,
    pub kind: Kind,
    pub connections: usize,
    pub run: Duration,
    /// A second, over all connections, whether or not answers come; `None`: each connection sends when it was answered.
    pub rate: Option<f64>,
}

#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Answered with 200.
    pub ok: u64,
    pub failed: u64,
    pub latencies: Latencies,
}

/// From when a request should have been sent, so that a server that stalls is not spared those that wait.
#[derive(Debug, Default)]
pub(super) struct Latencies(Vec<u32>);

impl Latencies {
    /// Milliseconds that so many of a hundred did not exceed.
    pub(super) fn percentile_ms(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a place"
        )]
        let place = ((sorted.len() as f64 * percent / 100.0) as usize).min(sorted.len().saturating_sub(1));
        sorted.get(place).map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
    }
}

impl<'a> Load<'a> {
    /// As many as it takes in, on one connection.
    pub(super) fn closed(server: &Server, senders: &'a Senders, kind: Kind, run: Duration) -> Self {
        Self { address: server.address, senders, kind, connections: 1, run, rate: None }
    }

    pub(super) async fn run(&self) -> Result<Outcome> {
        let began = Instant::now();
        let connections = (0..self.connections).map(|nth| self.connection(nth, began));
        let mut all = Outcome::default();
        for outcome in try_join_all(connections).await? {
            all.ok += outcome.ok;
            all.failed += outcome.failed;
            all.latencies.0.extend(outcome.latencies.0);
        }
        Ok(all)
    }

    async fn connection(&self, nth: usize, began: Instant) -> Result<Outcome> {
        let mut stream = TcpStream::connect(self.address).await.context("the server is not reached")?;
        stream.set_nodelay(true)?;
        let mut requests = self.senders.requests(self.kind, nth);
        let mut outcome = Outcome::default();
        let mut answer = Vec::new();
        let share = f64::from(u32::try_from(self.connections)?);
        let every = self.rate.map(|rate| Duration::from_secs_f64(share / rate));
        let mut due = began + every.unwrap_or_default().mul_f64(f64::from(u32::try_from(nth)?) / share);
        while due < began + self.run {
            let request = requests.next_request();
            match every {
                Some(_) => tokio::time::sleep_until(due.into()).await,
                None => due = Instant::now(),
            }
            let status = tokio::time::timeout(ANSWER_MAX, exchange(&mut stream, &request, &mut answer)).await;
            match status.context("an answer did not come")? {
                Ok(200) => outcome.ok += 1,
                Ok(_) => outcome.failed += 1,
                Err(error) => return Err(error),
            }
            outcome.latencies.0.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
            due = every.map_or_else(Instant::now, |every| due + every);
        }
        Ok(outcome)
    }
}

/// Sends a request and reads its answer to the end; returns its status.
pub(super) async fn exchange(stream: &mut TcpStream, request: &[u8], answer: &mut Vec<u8>) -> Result<u16> {
    stream.write_all(request).await?;
    read_answer(stream, answer).await
}

async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<u16> {
    answer.clear();
    while answer.len() < ANSWER_BYTES_MAX {
        if stream.read_buf(answer).await? == 0 {
            bail!("the server closed the connection");
        }
        let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end])?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).context("no content-length")?;
        let whole = end + 4 + length.trim().parse::<usize>()?;
        while answer.len() < whole && whole < ANSWER_BYTES_MAX {
            if stream.read_buf(answer).await? == 0 {
                bail!("the server closed the connection");
            }
        }
        return Ok(head.get(9..12).context("no status")?.parse()?);
    }
    bail!("an answer is too large")
}
