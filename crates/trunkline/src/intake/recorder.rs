//! Keeping events before they are answered: a group commit without a timer. What arrives while a commit is under way
//! shares the next one, so that a flood costs few commits and a single event waits for none but its own.
//!
//! Invariant: who is told that an event is kept is told so after its commit (`a_webhook_is_kept_before_it_is_answered`).

use crate::domain::ids::OrganizationId;
use crate::domain::protocol::{Commit, may_acknowledge};
use crate::store::events::{self, Kept, NewEvent};
use crate::store::{Db, Error};
use futures_util::FutureExt as _;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Events that wait for their commit. When full, the provider is told to come again (503).
const WAITING_MAX: usize = 2048;
const EVENTS_PER_COMMIT_MAX: usize = 256;
/// Bytes of bodies, compressed, that share a commit: one of the largest does not make the small ones wait for others like it.
const BYTES_PER_COMMIT_MAX: usize = 4 * 1024 * 1024;
/// A commit that is not answered by then: the database is away. The event is asked for again, and known if it was kept.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(10);

type Receipt = oneshot::Sender<Result<Option<OrganizationId>, NotKept>>;
type Batch = Vec<(NewEvent, Receipt)>;

#[derive(Clone)]
pub(super) struct Recorder {
    queue: mpsc::Sender<(NewEvent, Receipt)>,
    /// The last commit failed because of the database: until one succeeds, one event at a time tries.
    is_away: Arc<AtomicBool>,
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
        Self::with(move |events| {
            let db = db.clone();
            async move { events::keep(&db, &events).await }
        })
    }

    fn with<K, F>(keep: K) -> Self
    where
        K: Fn(Arc<[NewEvent]>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Vec<Kept>, Error>> + Send,
    {
        let (queue, mut waiting) = mpsc::channel(WAITING_MAX);
        let is_away = Arc::new(AtomicBool::new(false));
        let away = is_away.clone();
        tokio::spawn(async move {
            while let Some(batch) = next_batch(&mut waiting).await {
                // Whoever waits for an event of a batch that panicked is told that it is not kept: its receipt is gone.
                if AssertUnwindSafe(keep_all(&keep, batch, &away)).catch_unwind().await.is_err() {
                    tracing::error!("keeping a batch of events panicked; the writer goes on");
                }
            }
        });
        Self { queue, is_away }
    }

    /// Returns once the event is committed, and only then: whose it is, as the ledger says.
    pub(super) async fn keep(&self, event: NewEvent) -> Result<Option<OrganizationId>, NotKept> {
        let somebody_tries = self.queue.capacity() < WAITING_MAX;
        if self.is_away.load(Ordering::Relaxed) && somebody_tries {
            return Err(NotKept::Database);
        }
        let (receipt, kept) = oneshot::channel();
        self.queue.try_send((event, receipt)).map_err(|_| NotKept::Full)?;
        kept.await.unwrap_or(Err(NotKept::Database))
    }
}

/// What waits, as far as it fits in one commit; `None` when nobody will send any more.
async fn next_batch(waiting: &mut mpsc::Receiver<(NewEvent, Receipt)>) -> Option<Batch> {
    let mut batch = vec![waiting.recv().await?];
    let mut bytes = batch[0].0.body.len();
    while batch.len() < EVENTS_PER_COMMIT_MAX && bytes < BYTES_PER_COMMIT_MAX {
        let Ok(next) = waiting.try_recv() else { break };
        bytes += next.0.body.len();
        batch.push(next);
    }
    Some(batch)
}

/// Keeps a batch. One that the database refuses is tried by halves, so that a bad event is alone in not being kept.
async fn keep_all<K, F>(keep: &K, batch: Batch, is_away: &AtomicBool)
where
    K: Fn(Arc<[NewEvent]>) -> F,
    F: Future<Output = Result<Vec<Kept>, Error>>,
{
    let (events, receipts): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
    let mut parts = vec![(events, receipts)];
    // At most twice as many rounds as there are events.
    while let Some((events, mut receipts)) = parts.pop() {
        let events: Arc<[NewEvent]> = events.into();
        failpoint!("intake.keeping");
        let kept = tokio::time::timeout(COMMIT_TIMEOUT, keep(events.clone())).await;
        failpoint!("intake.kept");
        let kept = kept.unwrap_or_else(|late| Err(Error::Database(late.into())));
        is_away.store(kept.as_ref().is_err_and(Error::is_passing), Ordering::Relaxed);
        match kept {
            Ok(kept) => tell_kept(&events, receipts, &kept),
            Err(error) if error.is_passing() || events.len() == 1 => {
                tracing::error!(event.id = %events[0].id, events = events.len(), ?error, "events were not kept");
                for receipt in receipts {
                    tell(receipt, not_committed());
                }
            }
            Err(error) => {
                tracing::warn!(?error, events = events.len(), "a batch of events was not kept; trying it by halves");
                let half = events.len() / 2;
                let later = receipts.split_off(half);
                parts.push((events[half..].to_vec(), later));
                parts.push((events[..half].to_vec(), receipts));
            }
        }
    }
}

fn tell_kept(events: &[NewEvent], receipts: Vec<Receipt>, kept: &[Kept]) {
    let owners: HashMap<_, _> = kept.iter().map(|kept| (kept.id, kept.organization)).collect();
    for (event, receipt) in events.iter().zip(receipts) {
        tell(receipt, owners.get(&event.id).copied().ok_or(NotKept::Database));
    }
}

/// What is said of an event whose commit failed, or of which nobody knows.
fn not_committed() -> Result<Option<OrganizationId>, NotKept> {
    if may_acknowledge(Commit::Unacknowledged) { Ok(None) } else { Err(NotKept::Database) }
}

/// A sender that has gone meanwhile does not hear it; its event is kept all the same, and is known when it comes again.
fn tell(receipt: Receipt, kept: Result<Option<OrganizationId>, NotKept>) {
    let _ = receipt.send(kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{EventId, ProviderAccountId};
    use crate::store::events::{PackedBody, Source};
    use futures_util::future::join_all;
    use jiff::Timestamp;
    use std::sync::Mutex;

    fn event(kind: &str) -> NewEvent {
        NewEvent {
            id: EventId::new(),
            organization: None,
            account: ProviderAccountId::new(),
            source: Source::Webhook,
            kind: kind.to_owned(),
            provider_call_id: None,
            attempt: None,
            dedupe_key: kind.to_owned(),
            received_at: Timestamp::UNIX_EPOCH,
            body: PackedBody::new(b"{}").unwrap(),
        }
    }

    /// A recorder over a store that refuses or panics at events of that name, and the sizes of the batches it was given.
    fn recorder() -> (Recorder, Arc<Mutex<Vec<usize>>>) {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let given = sizes.clone();
        let keep = move |events: Arc<[NewEvent]>| {
            given.lock().unwrap().push(events.len());
            async move {
                assert!(events.iter().all(|event| event.kind != "panic"), "as it is asked to");
                match events.iter().find(|event| event.kind != "good") {
                    Some(bad) if bad.kind == "away" => {
                        let late = tokio::time::timeout(Duration::ZERO, std::future::pending::<()>()).await;
                        Err(Error::Database(late.expect_err("nothing comes").into()))
                    }
                    Some(_) => Err(Error::Conflict("a bad one".to_owned())),
                    None => Ok(events.iter().map(|e| Kept { id: e.id, organization: None, is_new: true }).collect()),
                }
            }
        };
        (Recorder::with(keep), sizes)
    }

    async fn keep_all_of(recorder: &Recorder, kinds: &[&str]) -> Vec<bool> {
        join_all(kinds.iter().map(|kind| recorder.keep(event(kind)))).await.iter().map(Result::is_ok).collect()
    }

    #[tokio::test]
    async fn what_arrives_together_shares_a_commit() {
        let (recorder, sizes) = recorder();

        assert_eq!(keep_all_of(&recorder, &["good"; 300]).await, [true; 300]);
        assert_eq!(*sizes.lock().unwrap(), [256, 44]);
    }

    #[tokio::test]
    async fn a_bad_event_is_alone_in_not_being_kept() {
        let (recorder, sizes) = recorder();
        let mut kinds = ["good"; 64];
        kinds[37] = "bad";

        let kept = keep_all_of(&recorder, &kinds).await;

        assert!(kept.iter().enumerate().all(|(place, kept)| *kept == (place != 37)), "{kept:?}");
        assert_eq!(*sizes.lock().unwrap(), [64, 32, 32, 16, 8, 4, 4, 2, 1, 1, 2, 8, 16]);
    }

    #[tokio::test]
    async fn the_writer_outlives_a_panic() {
        let (recorder, _) = recorder();

        assert_eq!(keep_all_of(&recorder, &["good", "panic"]).await, [false, false]);
        assert_eq!(keep_all_of(&recorder, &["good"]).await, [true]);
    }

    #[tokio::test]
    async fn while_the_database_is_away_nobody_waits() {
        let (recorder, sizes) = recorder();
        assert_eq!(keep_all_of(&recorder, &["away", "good"]).await, [false, false]);
        assert_eq!(*sizes.lock().unwrap(), [2], "halves would fare no better");

        let kept = keep_all_of(&recorder, &["good", "good", "good"]).await;

        assert_eq!(kept, [true, false, false], "one tries, the others are told at once");
        assert_eq!(keep_all_of(&recorder, &["good", "good"]).await, [true, true]);
    }

    #[tokio::test]
    async fn more_than_may_wait_are_told_to_come_again() {
        let (recorder, _) = recorder();

        let kept = keep_all_of(&recorder, &vec!["good"; WAITING_MAX + 10]).await;

        assert_eq!(kept.iter().filter(|kept| **kept).count(), WAITING_MAX);
    }
}
