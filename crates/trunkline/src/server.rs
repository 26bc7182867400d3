//! Connections in: their number is bounded, who is slow with the head of a request is cut off, and at the end what is under
//! way is let finish.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections at once; further ones wait in the system's queue until one ends.
const CONNECTIONS_MAX: usize = 8192;
/// Files beside connections: those of the database, the log, the embedded server.
const FILES_BESIDE: u64 = 256;
/// From the first byte of a connection, or from its last answer, to the end of the next request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// What a connection may hold of a request before it is taken.
const BUFFER_BYTES_MAX: usize = 64 * 1024;
/// After the system refused a connection, as it does when there are too many open files.
const AFTER_A_REFUSAL: Duration = Duration::from_millis(100);
/// Requests under way at the end get this long.
const END_MAX: Duration = Duration::from_secs(20);

/// Serves until `stop`, then lets the requests that are under way finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(connections_max()));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = room.clone().acquire_owned().await.expect("the semaphore is never closed");
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        let connection = match accepted {
            Ok((stream, _)) => graceful.watch(connection(stream, router.clone())),
            Err(error) => {
                tracing::warn!(?error, "a connection was not accepted");
                tokio::time::sleep(AFTER_A_REFUSAL).await;
                continue;
            }
        };
        tokio::spawn(async move {
            // A peer that goes away or is too slow is its own trouble.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(END_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests did not end in time and are cut off");
    }
}

type Connection = http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>>;

fn connection(stream: TcpStream, router: Router) -> Connection {
    // An answer is written at once, not when more comes to be written.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(?error, "a connection gathers what it writes");
    }
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}

/// As many as the system lets us have open, which is asked for as many as it grants.
fn connections_max() -> usize {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let wanted = CONNECTIONS_MAX as u64 + FILES_BESIDE;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return CONNECTIONS_MAX };
    let granted = if soft >= wanted { wanted } else { wanted.min(hard) };
    if soft < granted
        && let Err(error) = setrlimit(Resource::RLIMIT_NOFILE, granted, hard)
    {
        tracing::warn!(?error, soft, "no more than these files may be open");
        return usize::try_from(soft.saturating_sub(FILES_BESIDE)).unwrap_or(CONNECTIONS_MAX).max(1);
    }
    usize::try_from(granted.saturating_sub(FILES_BESIDE)).unwrap_or(CONNECTIONS_MAX).max(1)
}
