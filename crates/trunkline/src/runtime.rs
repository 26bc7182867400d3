//! Loops that never end by themselves: each is run again after a panic, and all end when the program does.

use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// After a round that failed: long enough not to flood a log, short enough not to be missed.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// Rounds under way at the end get this long.
const END_MAX: Duration = Duration::from_secs(20);

/// The loops of a program, and the sign that it ends.
pub struct Loops {
    tasks: JoinSet<()>,
    ending: watch::Receiver<bool>,
}

impl Loops {
    pub fn new(ending: watch::Receiver<bool>) -> Self {
        Self { tasks: JoinSet::new(), ending }
    }

    /// Runs `round` again and again. It returns how long to wait until the next one; an error or a panic is logged, and
    /// the loop goes on.
    pub fn add<F, R>(&mut self, name: &'static str, mut round: F)
    where
        F: FnMut() -> R + Send + 'static,
        R: Future<Output = anyhow::Result<Duration>> + Send + 'static,
    {
        let mut ending = self.ending.clone();
        self.tasks.spawn(async move {
            while !*ending.borrow() {
                let wait = match AssertUnwindSafe(round()).catch_unwind().await {
                    Ok(Ok(wait)) => wait,
                    Ok(Err(error)) => {
                        tracing::error!(%name, error = format!("{error:#}"), "a round failed; the loop goes on");
                        AFTER_A_FAILURE
                    }
                    Err(_) => {
                        tracing::error!(%name, "a round panicked; the loop goes on");
                        AFTER_A_FAILURE
                    }
                };
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    _ = ending.changed() => {}
                }
            }
        });
    }

    /// Waits for the rounds that are under way, for a while.
    pub async fn end(mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(END_MAX, all).await.is_err() {
            tracing::warn!("a loop did not end in time and is cut off");
        }
    }
}

/// Ctrl-C, or the signal with which a service manager stops a program.
pub fn stop_sign() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
