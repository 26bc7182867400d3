//! What the organizations of a claim share: provider accounts, and the lines of their pools. Brought forward with each
//! attempt that is chosen, whosever it is.

use crate::domain::dispatch_policy::{AccountFacts, Dial};
use crate::domain::ids::{LinePoolId, OrganizationId, ProviderAccountId};
use crate::store::dialing_lines::Account;
use crate::store::reservations::{minute_of, second_of};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

pub(super) struct SharedLines {
    /// With all lines that are kept or promised, whoever they were promised to.
    accounts: HashMap<ProviderAccountId, AccountFacts>,
    /// Lines that were promised to an organization and that it has not taken up.
    owed: HashMap<(OrganizationId, LinePoolId), i32>,
    /// Accounts whose next request is the first after a rest.
    pub rested: Vec<ProviderAccountId>,
    /// True if the last line of a pool that anybody may have was taken in this claim.
    pub have_run_out: bool,
}

impl SharedLines {
    pub(super) fn new(now: Timestamp, accounts: &[Account], owed: HashMap<(OrganizationId, LinePoolId), i32>) -> Self {
        let rested = accounts.iter().filter(|account| account.pace.begins_after_rest(now)).map(|account| account.id);
        Self {
            rested: rested.collect(),
            accounts: accounts.iter().map(|account| (account.id, account_facts(now, account))).collect(),
            owed,
            have_run_out: false,
        }
    }

    /// The account as it is for an organization: what was promised to itself is not kept from it.
    pub(super) fn account(&self, organization: OrganizationId, account: ProviderAccountId) -> Option<AccountFacts> {
        let facts = *self.accounts.get(&account)?;
        let own = self.owed.get(&(organization, facts.pool)).copied().unwrap_or(0);
        Some(AccountFacts { pool_lines_kept: facts.pool_lines_kept - own, ..facts })
    }

    pub(super) fn enter(&mut self, organization: OrganizationId, dial: &Dial) {
        let owed = self.owed.entry((organization, dial.pool)).or_default();
        let paid = (*owed).min(1);
        *owed -= paid;
        for account in self.accounts.values_mut() {
            if account.pool == dial.pool {
                account.pool_lines_free -= 1;
                account.pool_lines_kept -= paid;
                self.have_run_out |= account.pool_lines_free <= account.pool_lines_kept;
            }
            if account.id == dial.account {
                account.requests_left_this_minute -= 1;
                account.requests_left_this_second = account.requests_left_this_second.map(|left| left - 1);
            }
        }
    }
}

fn account_facts(now: Timestamp, account: &Account) -> AccountFacts {
    let (minute, second) = (minute_of(now), second_of(now));
    let asked = if account.pace.last_minute_at == minute { account.minute_requests } else { 0 };
    let asked_now = if account.second_at == second { account.second_requests } else { 0 };
    AccountFacts {
        id: account.id,
        pool: account.pool,
        paused_until: account.paused_until,
        requests_left_this_minute: account.pace.calls_left(now, asked),
        requests_per_minute: Some(account.pace.allowed(now)),
        next_minute_at: minute + SignedDuration::from_mins(1),
        requests_left_this_second: account.requests_per_second_max.map(|max| max - asked_now),
        requests_per_second: account.requests_per_second_max,
        next_second_at: second + SignedDuration::from_secs(1),
        pool_lines_free: account.pool_lines_free,
        pool_lines_kept: account.pool_lines_kept,
        pool_cooling_until: account.pool_cooling_until,
    }
}
