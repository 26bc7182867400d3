//! Webhooks that were refused for their credential: counted in memory, told and kept once a minute. A flood of them costs
//! three numbers, one line of the log and three rows a minute.

use crate::store::webhook_refusals::{self, Reason};
use crate::store::{Db, Result};
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
pub(super) struct Refusals {
    /// In the order of [`Reason::ALL`].
    counts: [AtomicU64; Reason::ALL.len()],
}

impl Refusals {
    pub(super) fn count(&self, reason: Reason) {
        self.counts[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Tells and keeps what was refused since the last time. What cannot be kept is counted again.
    pub(super) async fn tell(&self, db: &Db, now: Timestamp) -> Result<()> {
        let counted =
            Reason::ALL.iter().map(|reason| (*reason, self.counts[*reason as usize].swap(0, Ordering::Relaxed)));
        let counted: Vec<(Reason, u64)> = counted.filter(|(_, count)| *count > 0).collect();
        for (reason, count) in &counted {
            tracing::warn!(reason = reason.as_str(), count, "webhooks were refused for their credential");
        }
        let kept = webhook_refusals::add(db, &counted, now).await;
        if kept.is_err() {
            for (reason, count) in counted {
                self.counts[reason as usize].fetch_add(count, Ordering::Relaxed);
            }
        }
        kept
    }
}
