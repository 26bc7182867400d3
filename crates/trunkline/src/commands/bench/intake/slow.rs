//! Others' latency while a thousand senders are slow and one sends without end.

use super::load::Load;
use super::messages::{Kind, Senders};
use super::server::Server;
use crate::commands::bench::figures::Figures;
use anyhow::Result;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const SLOW: usize = 1000;
const LARGE_BYTES: usize = 100_000_000;
const UPDATES_PER_SECOND: f64 = 500.0;

pub(super) async fn slow_senders(
    server: &Server,
    senders: &Senders,
    run: Duration,
    figures: &mut Figures,
) -> Result<()> {
    let secret = senders.secret()?;
    let head = |framing: &str| {
        format!("POST /webhooks/vapi HTTP/1.1\r\nhost: b\r\nx-vapi-secret: {secret}\r\n{framing}\r\n\r\n")
    };
    let mut slow = Vec::with_capacity(SLOW);
    for nth in 0..SLOW {
        let mut stream = TcpStream::connect(server.address).await?;
        // Half of them stop within the head, half within the body.
        let sent = if nth % 2 == 0 {
            "POST /webhooks/vapi HTTP/1.1\r\nho".to_owned()
        } else {
            head("content-length: 50000") + "{"
        };
        stream.write_all(sent.as_bytes()).await?;
        slow.push(stream);
    }
    let large = async {
        let mut stream = TcpStream::connect(server.address).await?;
        stream.write_all(head("transfer-encoding: chunked").as_bytes()).await?;
        let piece = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        // Until it is cut off, as it should be.
        for _ in 0..LARGE_BYTES / 0x10000 {
            if stream.write_all(piece.as_bytes()).await.is_err() {
                break;
            }
        }
        anyhow::Ok(())
    };
    let load = Load {
        connections: 16,
        rate: Some(UPDATES_PER_SECOND),
        ..Load::closed(server, senders, Kind::StatusUpdate, run)
    };
    let (outcome, ()) = tokio::try_join!(load.run(), large)?;
    drop(slow);
    figures.set("slow_senders_p99_ms", outcome.latencies.percentile_ms(99.0));
    figures.set_fact("slow_senders_all_answered", outcome.failed == 0);
    server.acknowledge(outcome.ok);
    Ok(())
}
