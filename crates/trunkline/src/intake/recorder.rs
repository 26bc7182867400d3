//! Keeping events before they are answered: a group commit without a timer. What arrives while a commit is under way
//! shares the next one, so that a flood costs few commits and a single event waits for none but its own.

use crate::store::events::{self, NewEvent};
use crate::store::{Db, Error};
use tokio::sync::{mpsc, oneshot};

/// Events that wait for their commit. When full, the provider is told to come again (503).
const WAITING_MAX: usize = 2048;
const EVENTS_PER_COMMIT_MAX: usize = 256;

type Receipt = oneshot::Sender<Result<(), NotKept>>;

#[derive(Clone)]
pub(super) struct Recorder {
    queue: mpsc::Sender<(NewEvent, Receipt)>,
}

/// The event is not kept; the provider must send it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotKept {
    #[error("too many events wait to be kept")]
    Full,
    #[error("the database did not keep it")]
    Database,
}

impl Recorder {
    /// Starts the writer, which ends with the last clone of the recorder.
    pub(super) fn start(db: Db) -> Self {
        let (queue, mut waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(EVENTS_PER_COMMIT_MAX);
            while waiting.recv_many(&mut batch, EVENTS_PER_COMMIT_MAX).await > 0 {
                keep(&db, std::mem::take(&mut batch)).await;
            }
        });
        Self { queue }
    }

    /// Returns once the event is committed, and only then.
    pub(super) async fn keep(&self, event: NewEvent) -> Result<(), NotKept> {
        let (receipt, kept) = oneshot::channel();
        self.queue.try_send((event, receipt)).map_err(|_| NotKept::Full)?;
        kept.await.unwrap_or(Err(NotKept::Database))
    }
}

async fn keep(db: &Db, batch: Vec<(NewEvent, Receipt)>) {
    let (new, receipts): (Vec<NewEvent>, Vec<Receipt>) = batch.into_iter().unzip();
    match events::keep(db, &new).await {
        Ok(_) => tell(receipts, Ok(())),
        Err(error) if new.len() == 1 => {
            tracing::error!(event.id = %new[0].id, ?error, "an event was not kept");
            tell(receipts, Err(NotKept::Database));
        }
        // One of them is bad, or the database is away: each for itself, so that the good ones are kept.
        Err(error) => keep_each(db, new, receipts, &error).await,
    }
}

async fn keep_each(db: &Db, new: Vec<NewEvent>, receipts: Vec<Receipt>, cause: &Error) {
    tracing::warn!(error = ?cause, events = new.len(), "a batch of events was not kept; trying one by one");
    for (event, receipt) in new.into_iter().zip(receipts) {
        let kept = events::keep(db, std::slice::from_ref(&event)).await;
        if let Err(error) = &kept {
            tracing::error!(event.id = %event.id, ?error, "an event was not kept");
        }
        tell(vec![receipt], kept.map(drop).map_err(|_| NotKept::Database));
    }
}

/// A sender that has gone meanwhile does not hear it; its event is kept all the same, and is known when it comes again.
fn tell(receipts: Vec<Receipt>, kept: Result<(), NotKept>) {
    for receipt in receipts {
        let _ = receipt.send(kept);
    }
}
