//! What is remembered of each organization for live answers.

use super::in_time;
use crate::domain::ids::OrganizationId;
use crate::store::cached::Cached;
use crate::store::changes::{Changes, Topic};
use crate::store::reception::{self, Reception};
use crate::store::{Db, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Organizations that are remembered, a few kilobytes each; when there are more, all are forgotten and read again.
const ORGANIZATIONS_MAX: usize = 10_000;

pub(super) struct Receptions {
    db: Db,
    changes: Changes,
    known: Mutex<HashMap<OrganizationId, Arc<Cached<Reception>>>>,
}

impl Receptions {
    pub(super) fn new(db: Db, changes: &Changes) -> Self {
        Self { db, changes: changes.clone(), known: Mutex::default() }
    }

    /// As it is, or as it was read last if the database does not answer in time.
    pub(super) async fn of(&self, organization: OrganizationId) -> Option<Arc<Reception>> {
        let cached = self.cached(organization);
        let read = in_time("what is new of its organization", cached.get(|| self.read(organization))).await;
        read.or_else(|| cached.last())
    }

    async fn read(&self, organization: OrganizationId) -> Result<Reception> {
        let tx = self.db.tenant(organization).await?;
        let reception = reception::get(&tx).await?;
        tx.commit().await?;
        Ok(reception)
    }

    fn cached(&self, organization: OrganizationId) -> Arc<Cached<Reception>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ORGANIZATIONS_MAX && !known.contains_key(&organization) {
            known.clear();
        }
        known.entry(organization).or_insert_with(|| Arc::new(Cached::new(&self.changes, Topic::Reception))).clone()
    }
}
