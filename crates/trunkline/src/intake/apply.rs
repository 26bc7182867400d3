//! Applying events: in one transaction calls move forward, attempts are settled, retries are planned, and the events are
//! marked. Order and repetition do not matter.
//!
//! Invariants: an event's effects and its mark are committed together (`an_event_applied_twice_has_one_effect`); one that
//! cannot be applied is alone in that (`an_event_that_cannot_be_applied_is_set_aside_and_the_others_go_on`).

use super::adopt::adopt;
use super::rounds;
use super::translate::{self, Meaning};
use crate::domain::call_evidence::Told;
use crate::domain::ids::{EventId, OrganizationId};
use crate::domain::protocol::Moment;
use crate::store::events::{self, Event};
use crate::store::{Bound, Db, Error, Result, organization_turns};
use futures_util::FutureExt as _;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;

/// Tries after which an event is set aside for a person.
const TRIES_MAX: i32 = 5;

/// An event to be applied, with its organization.
pub(super) type Due = (OrganizationId, EventId);

/// What became of a batch.
#[derive(Default)]
struct Applied {
    events: usize,
    /// To be applied each by itself: calls that a restored ledger does not know.
    alone: Vec<Due>,
}

/// Applies events in one transaction. If one of them cannot be applied, each half in its own, so that a bad one is alone in
/// being set aside in the end. Returns how many were applied.
pub(super) async fn apply(db: &Db, due: &[Due], moment: &Moment) -> Result<usize> {
    let mut applied = 0;
    let mut parts = vec![due.to_vec()];
    // At most twice as many rounds as there are events, and one for each that is applied alone.
    while let Some(part) = parts.pop() {
        match caught(Box::pin(apply_together(db, &part, moment))).await {
            Ok(done) => {
                applied += done.events;
                for one in done.alone {
                    applied += apply_alone(db, one, moment).await?;
                }
            }
            Err(error) if part.len() == 1 => set_back(db, part[0], &error).await?,
            Err(error) => {
                tracing::warn!(
                    events = part.len(),
                    ?error,
                    "events could not be applied together; trying it by halves"
                );
                let (first, second) = part.split_at(part.len() / 2);
                parts.extend([second.to_vec(), first.to_vec()]);
            }
        }
    }
    Ok(applied)
}

async fn apply_alone(db: &Db, one: Due, moment: &Moment) -> Result<usize> {
    match caught(Box::pin(adopt_one(db, one, moment))).await {
        Ok(applied) => Ok(applied),
        Err(error) => set_back(db, one, &error).await.map(|()| 0),
    }
}

/// Counts a failed try, unless the trouble is the database's and passes: then the event is as good as before.
async fn set_back(db: &Db, (organization, id): Due, error: &Error) -> Result<()> {
    if error.is_passing() {
        tracing::warn!(event.id = %id, ?error, "event {id} waits for the database");
        return Ok(());
    }
    tracing::error!(event.id = %id, ?error, "event {id} could not be applied");
    let tx = db.tenant(organization).await?;
    events::mark_failed(&tx, id, &describe(error), TRIES_MAX).await?;
    tx.commit().await
}

fn describe(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// A panic over one event is no reason to stop at the others: it is a failed try like any other. Its transaction was
/// dropped, and with it all that it had written.
async fn caught<T>(applying: impl Future<Output = Result<T>>) -> Result<T> {
    let panicked = |_| Err(Error::Database("the program panicked over it".into()));
    AssertUnwindSafe(applying).catch_unwind().await.unwrap_or_else(panicked)
}

async fn apply_together(db: &Db, due: &[Due], moment: &Moment) -> Result<Applied> {
    let organizations: BTreeSet<OrganizationId> = due.iter().map(|(organization, _)| *organization).collect();
    let organizations: Vec<OrganizationId> = organizations.into_iter().collect();
    let tx = organization_turns::lock_all(db, &organizations).await?;
    let kept = events::read(&tx, due).await?;
    failpoint!("apply.locked");
    let (mut told, mut marked, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for event in kept {
        let which = (event.organization, event.id);
        match translate::event(&event)? {
            Meaning::Unknown(..) => {
                alone.push(which);
                continue;
            }
            Meaning::Evidence(evidence) => {
                told.push(Told { organization: event.organization, account: event.account, evidence });
            }
            Meaning::Nothing => {}
        }
        marked.push(which);
    }
    rounds::take_in(&tx, told, moment).await?;
    mark(&tx, &marked, moment).await?;
    tx.commit().await?;
    failpoint!("apply.committed");
    Ok(Applied { events: marked.len(), alone })
}

/// An attempt is claimed and sent on paper before its call is taken in, as only the organization's own transaction may.
async fn adopt_one(db: &Db, one: Due, moment: &Moment) -> Result<usize> {
    let tx = db.tenant(one.0).await?;
    organization_turns::lock(&tx).await?;
    let Some(event) = events::read(&tx, &[one]).await?.pop() else { return Ok(0) };
    let Event { organization, account, .. } = event;
    if let Meaning::Unknown(call, evidence) = translate::event(&event)? {
        adopt(&tx, account, (&call, &evidence), moment).await?;
        rounds::take_in(&tx, vec![Told { organization, account, evidence }], moment).await?;
    }
    mark(&tx, &[one], moment).await?;
    tx.commit().await?;
    Ok(1)
}

async fn mark(tx: &impl Bound, events: &[Due], moment: &Moment) -> Result<()> {
    events::mark_applied(tx, events, moment.now).await?;
    failpoint!("apply.marked");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failed_try_that_does_not_pass_by_itself() {
        let error = caught::<()>(async { panic!("as it is asked to") }).await.unwrap_err();

        assert!(!error.is_passing());
        assert_eq!(describe(&error), "the database did not do it: the program panicked over it");
        assert_eq!(caught(async { Ok(7) }).await.unwrap(), 7);
    }
}
