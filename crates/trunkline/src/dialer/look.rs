//! An organization's books for whoever asks why, and not for a claim: read without a lock, and nothing is changed.

use super::books::Books;
use super::ground::Ground;
use super::shared_lines::SharedLines;
use crate::domain::dispatch_policy::Facts;
use crate::domain::ids::CampaignId;
use crate::store::called_phones::CalledPhone;
use crate::store::claims::{self, Candidate};
use crate::store::organization_turns::{self, Turn};
use crate::store::quarantine::{self, Quarantine};
use crate::store::{Result, TenantTx, dialing_lines};
use jiff::Timestamp;

/// An organization's books as they stand, and when its turn comes.
pub(crate) struct Look {
    pub turn: Turn,
    pub turn_at: Timestamp,
    pub organization: String,
    pub quarantine: Option<Quarantine>,
    books: Books,
    lines: SharedLines,
}

/// Looks at `campaigns` as a claim would, whether they run or not.
pub(crate) async fn look(tx: &TenantTx, now: Timestamp, campaigns: &[CampaignId]) -> Result<Look> {
    let (turn, turn_at, organization) = organization_turns::look(tx).await?;
    let campaigns = claims::campaigns(tx, campaigns).await?;
    let ground = Ground::read(tx, std::slice::from_ref(&turn), campaigns, now).await?;
    let accounts = dialing_lines::accounts(tx, &ground.accounts()).await?;
    let lines = SharedLines::new(now, &accounts, ground.owed.clone());
    let quarantine = quarantine::of(tx).await?;
    Ok(Look { books: ground.books(&turn), turn, turn_at, organization, quarantine, lines })
}

impl Look {
    /// What there is to decide about one candidate.
    pub(crate) fn facts<'a>(&'a self, candidate: &Candidate, phone: &'a CalledPhone) -> Facts<'a> {
        self.books.facts(candidate, phone, &self.lines)
    }
}
