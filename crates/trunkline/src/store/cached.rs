//! A copy of something in the database that is asked for all the time and changes when people change it.

use super::Result;
use super::changes::{Changes, Topic};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub struct Cached<T> {
    changes: Changes,
    topic: Topic,
    copy: Mutex<Option<Copy<T>>>,
    /// Held by the one who reads it; the others wait for what it reads.
    reading: tokio::sync::Mutex<()>,
}

struct Copy<T> {
    value: Arc<T>,
    version: u64,
    read_from: Instant,
}

impl<T> Cached<T> {
    pub fn new(changes: &Changes, topic: Topic) -> Self {
        Self { changes: changes.clone(), topic, copy: Mutex::new(None), reading: tokio::sync::Mutex::new(()) }
    }

    /// As it is, or was a moment ago: the copy if nothing of its topic has changed since, else by `read`. While changes
    /// go unheard it is read for everybody who asks, but for those who ask at the same time once.
    pub async fn get<R>(&self, read: impl FnOnce() -> R) -> Result<Arc<T>>
    where
        R: Future<Output = Result<T>>,
    {
        let asked_at = Instant::now();
        if let Some(value) = self.good_for(asked_at) {
            return Ok(value);
        }
        let _reading = self.reading.lock().await;
        if let Some(value) = self.good_for(asked_at) {
            return Ok(value);
        }
        // Before it is read: what changes meanwhile makes the copy old at once.
        let (version, read_from) = (self.changes.version(self.topic), Instant::now());
        let value = Arc::new(read().await?);
        *self.lock() = Some(Copy { value: value.clone(), version, read_from });
        Ok(value)
    }

    /// What was read last, however long ago: for answers that must be given while the database is away.
    pub fn last(&self) -> Option<Arc<T>> {
        self.lock().as_ref().map(|copy| copy.value.clone())
    }

    fn good_for(&self, asked_at: Instant) -> Option<Arc<T>> {
        let copy = self.lock();
        let copy = copy.as_ref()?;
        let is_good = self.changes.heard(self.topic) == Some(copy.version) || copy.read_from >= asked_at;
        is_good.then(|| copy.value.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Copy<T>>> {
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
