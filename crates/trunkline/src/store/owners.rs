//! Whose assistants and numbers are, all at once: what tells whose a message is that no call of ours is about.

use super::across::Clues;
use super::statement::sql;
use super::{Db, Result};
use crate::domain::ids::{OrganizationId, ProviderAccountId};
use std::collections::HashMap;

/// Assistants and numbers that are kept in memory, at about 150 bytes each. Of more than these none is, and each message
/// is asked about.
const OWNERS_MAX: i32 = 300_000;

sql!(OWNERS, "select provider_account_id, kind, provider_id, organization_id from across.owners($1)");

type Place = (ProviderAccountId, Box<str>);

/// All assistants and numbers of all accounts.
#[derive(Debug, Default)]
pub struct Owners {
    assistants: HashMap<Place, OrganizationId>,
    numbers: HashMap<Place, OrganizationId>,
}

impl Owners {
    /// Whose the assistant is, else the number. What another account serves does not count.
    pub fn of(&self, account: ProviderAccountId, clues: Clues<'_>) -> Option<OrganizationId> {
        let owner =
            |owners: &HashMap<Place, OrganizationId>, id: Option<&str>| owners.get(&(account, Box::from(id?))).copied();
        owner(&self.assistants, clues.assistant_id).or_else(|| owner(&self.numbers, clues.provider_number_id))
    }
}

/// `None`: there are too many to keep in memory.
pub async fn all(db: &Db) -> Result<Option<Owners>> {
    let rows = db.plain().await?.all(OWNERS, &[&(OWNERS_MAX + 1)]).await?;
    if rows.len() > usize::try_from(OWNERS_MAX).unwrap_or(usize::MAX) {
        tracing::warn!(OWNERS_MAX, "there are too many assistants and numbers to keep in memory");
        return Ok(None);
    }
    let mut owners = Owners::default();
    for row in &rows {
        let place = (row.get(0), row.get::<_, &str>(2).into());
        let map = if row.get::<_, &str>(1) == "number" { &mut owners.numbers } else { &mut owners.assistants };
        map.insert(place, row.get(3));
    }
    Ok(Some(owners))
}
