//! A way to Postgres that can be cut between a commit and its answer: then nobody but Postgres knows whether it happened.

use anyhow::Context as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinSet;

/// The message with which every transaction of the program is committed (simple query, PostgreSQL protocol 3.0).
const COMMIT: &[u8] = b"Q\0\0\0\x0bcommit\0";
const CHUNK_BYTES: usize = 64 * 1024;
/// Postgres gets this long to answer a commit whose answer nobody will hear.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// Where the next commit is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Postgres never sees it.
    Before = 1,
    /// Postgres has done it, and its answer is lost.
    After = 2,
}

/// Listens on a port of 127.0.0.1 and passes on to the server's unix socket.
pub(crate) struct CuttingProxy {
    pub(crate) port: u16,
    wish: Arc<Wish>,
    serving: Mutex<JoinSet<()>>,
}

#[derive(Default)]
struct Wish {
    next: AtomicU8,
    cut_before: AtomicU64,
    cut_after: AtomicU64,
}

impl CuttingProxy {
    pub(crate) async fn start(socket: PathBuf) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the proxy")?;
        let port = listener.local_addr()?.port();
        let wish = Arc::new(Wish::default());
        let (wishes, mut serving) = (wish.clone(), JoinSet::new());
        serving.spawn(async move {
            // Ends with the proxy; a connection ends with either of its sides.
            while let Ok((client, _)) = listener.accept().await {
                let (socket, wish) = (socket.clone(), wishes.clone());
                tokio::spawn(async move {
                    if let Ok(server) = UnixStream::connect(&socket).await {
                        let _ = pass_on(client, server, &wish).await;
                    }
                });
            }
        });
        Ok(Self { port, wish, serving: Mutex::new(serving) })
    }

    /// The next commit of any connection is cut.
    pub(crate) fn cut_next(&self, cut: Cut) {
        self.wish.next.store(cut as u8, Ordering::Relaxed);
    }

    /// Commits cut so far, before and after Postgres did them.
    pub(crate) fn cuts(&self) -> (u64, u64) {
        (self.wish.cut_before.load(Ordering::Relaxed), self.wish.cut_after.load(Ordering::Relaxed))
    }

    /// Takes no more connections.
    pub(crate) fn stop(&self) {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }
}

impl Wish {
    fn take(&self) -> Option<Cut> {
        match self.next.swap(0, Ordering::Relaxed) {
            1 => {
                self.cut_before.fetch_add(1, Ordering::Relaxed);
                Some(Cut::Before)
            }
            2 => {
                self.cut_after.fetch_add(1, Ordering::Relaxed);
                Some(Cut::After)
            }
            _ => None,
        }
    }
}

async fn pass_on(mut client: TcpStream, mut server: UnixStream, wish: &Wish) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let (mut up, mut down) = (vec![0; CHUNK_BYTES], vec![0; CHUNK_BYTES]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let sent = &up[..read?];
                let cut = if is_commit(sent) { wish.take() } else { None };
                if sent.is_empty() || cut == Some(Cut::Before) {
                    return Ok(());
                }
                server.write_all(sent).await?;
                if cut == Some(Cut::After) {
                    let _ = tokio::time::timeout(ANSWER_MAX, server.read(&mut down)).await;
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let sent = &down[..read?];
                if sent.is_empty() {
                    return Ok(());
                }
                client.write_all(sent).await?;
            }
        }
    }
}

/// One that is spread over two chunks is missed: there are others.
fn is_commit(bytes: &[u8]) -> bool {
    bytes.windows(COMMIT.len()).any(|window| window == COMMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_seen_among_other_messages() {
        assert!(is_commit(b"P\0\0\0\x05sQ\0\0\0\x0bcommit\0"));
        assert!(!is_commit(b"Q\0\0\0\x0drollback\0"));
    }
}
