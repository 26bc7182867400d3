//! Provider accounts, their line pools and the secrets of their webhooks. They belong to the agency, so no organization
//! is named here.

use super::statement::sql;
use super::{Bound, Db, Result, TenantTx};
use crate::domain::ids::{LinePoolId, ProviderAccountId};
use crate::domain::request_pace::RequestPace;
use jiff::Timestamp;

/// An account as it is dialed with.
#[derive(Debug, Clone)]
pub struct ProviderAccount {
    pub id: ProviderAccountId,
    pub name: String,
    pub base_url: String,
    pub sealed_key: Vec<u8>,
    pub swept_until: Option<Timestamp>,
}

/// A way in which webhooks of an account prove where they come from.
#[derive(Debug, Clone)]
pub struct WebhookCredential {
    pub id: uuid::Uuid,
    pub account: ProviderAccountId,
    pub kind: String,
    pub sealed_secret: Vec<u8>,
    pub settings: serde_json::Value,
    pub expires_at: Option<Timestamp>,
}

/// An account to be written.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    pub id: ProviderAccountId,
    pub pool: LinePoolId,
    pub name: &'a str,
    pub base_url: &'a str,
    pub sealed_key: &'a [u8],
    pub key_ending: &'a str,
    pub requests_per_minute_max: i32,
}

sql!(ALL, "select id, name, base_url, sealed_key, swept_until from provider_accounts order by name");
sql!(
    CREDENTIALS,
    "select id, provider_account_id, kind, sealed_secret, settings, expires_at
     from webhook_credentials
     where expires_at is null or expires_at > $1
     order by created_at desc"
);
sql!(
    PUT_POOL,
    "insert into line_pools (id, name, lines_max, created_at)
     values ($1, $2, $3, $4)
     on conflict (name) do update set lines_max = excluded.lines_max
     returning id"
);
sql!(
    PUT_ACCOUNT,
    "insert into provider_accounts (id, line_pool_id, name, base_url, sealed_key, key_ending, requests_per_minute_max,
                                    created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update
     set base_url = excluded.base_url, sealed_key = excluded.sealed_key, key_ending = excluded.key_ending"
);
sql!(FIND, "select id from provider_accounts where name = $1");
sql!(
    ADD_CREDENTIAL,
    "insert into webhook_credentials (id, provider_account_id, kind, sealed_secret, settings, created_at)
     values ($1, $2, $3, $4, $5, $6)"
);
sql!(
    EXPIRE_OLDER,
    "update webhook_credentials
     set expires_at = least(coalesce(expires_at, 'infinity'), $4)
     where provider_account_id = $1 and kind = $2 and id <> $3"
);
sql!(
    PAUSE,
    "update provider_accounts
     set status = 'paused', paused_until = $2, pause_reason = $3, status_since = $4, status_by = null
     where id = $1 and (status = 'active' or (paused_until is not null and paused_until < $2))"
);
// The pool first, as everybody who locks both: the line of the call that is to blame may follow in this transaction.
sql!(
    LOCK_POOL_OF,
    "select p.id from line_pools p
     join provider_accounts a on a.line_pool_id = p.id
     where a.id = $1
     for update of p"
);
sql!(
    STOP,
    "update provider_accounts
     set status = 'paused', paused_until = null, pause_reason = $2, status_since = $3, status_by = null
     where id = $1 and (status = 'active' or paused_until is not null)"
);
sql!(
    RESUME_DUE,
    "update provider_accounts
     set status = 'active', paused_until = null, pause_reason = null, status_since = $1, status_by = null
     where status = 'paused' and paused_until <= $1"
);
sql!(
    COUNT_FRUITLESS,
    "update provider_accounts
     set unknowns_in_a_row = unknowns_in_a_row + 1
     where id = $1
     returning unknowns_in_a_row"
);
sql!(FORGET_FRUITLESS, "update provider_accounts set unknowns_in_a_row = 0 where id = $1 and unknowns_in_a_row > 0");
sql!(
    PACE,
    "select requests_per_minute_max, slowed_to, slowed_at, slow_start_minutes, busy_since, minute_at, unknowns_in_a_row,
            second_at
     from provider_accounts
     where id = $1
     for no key update"
);
// By what this organization sees: whose calls of the minute were other organizations' alone takes a busy account for one
// that is away, and asks it once a minute until it serves.
sql!(
    HAS_SERVED,
    "select exists (
         select from attempts
         where organization_id = $1 and provider_account_id = $2 and accepted_at >= $3
           and state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
     )"
);
sql!(SLOW_DOWN, "update provider_accounts set slowed_to = $2, slowed_at = $3 where id = $1");
sql!(COOL_POOL, "update line_pools set cooling_until = greatest(cooling_until, $2) where id = $1");
sql!(
    COOL_POOL_OF,
    "update line_pools p
     set cooling_until = greatest(p.cooling_until, $2)
     from provider_accounts a
     where a.id = $1 and p.id = a.line_pool_id"
);
sql!(
    SPEND_REQUEST,
    "update provider_accounts
     set minute_requests = case when minute_at = $2 then minute_requests else 0 end + 1, minute_at = $2
     where id = $1 and (minute_at <> $2 or minute_requests < requests_per_minute_max)"
);
sql!(SWEPT, "update provider_accounts set swept_until = greatest(swept_until, $2) where id = $1");
// In the order of their ids: whoever locks several pools does so.
sql!(
    LOCK_POOLS_OF,
    "select p.id from line_pools p
     where p.id in (select a.line_pool_id from provider_accounts a where a.id = any ($1))
     order by p.id
     for no key update"
);
sql!(
    MOVE_LINES,
    "update line_pools p
     set lines_in_use = greatest(0, p.lines_in_use + t.lines)
     from (
         select a.line_pool_id as id, sum(r.lines)::int as lines
         from unnest($1::uuid[], $2::int[]) as r (account_id, lines)
         join provider_accounts a on a.id = r.account_id
         group by a.line_pool_id
     ) t
     where p.id = t.id"
);

pub async fn all(db: &Db) -> Result<Vec<ProviderAccount>> {
    let rows = db.plain().await?.all(ALL, &[]).await?;
    let read = |row: &tokio_postgres::Row| ProviderAccount {
        id: row.get(0),
        name: row.get(1),
        base_url: row.get(2),
        sealed_key: row.get(3),
        swept_until: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}

/// The credentials that count at `now`, newest first.
pub async fn credentials(db: &Db, now: Timestamp) -> Result<Vec<WebhookCredential>> {
    let rows = db.plain().await?.all(CREDENTIALS, &[&now]).await?;
    let read = |row: &tokio_postgres::Row| WebhookCredential {
        id: row.get(0),
        account: row.get(1),
        kind: row.get(2),
        sealed_secret: row.get(3),
        settings: row.get(4),
        expires_at: row.get(5),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn find(db: &Db, name: &str) -> Result<Option<ProviderAccountId>> {
    Ok(db.plain().await?.one_or_none(FIND, &[&name]).await?.map(|row| row.get(0)))
}

/// Makes the pool, or changes its size; returns its id.
pub async fn put_pool(db: &Db, name: &str, lines_max: i32, now: Timestamp) -> Result<LinePoolId> {
    let tx = db.plain().await?;
    let id = tx.one(PUT_POOL, &[&LinePoolId::new(), &name, &lines_max, &now]).await?.get(0);
    tx.commit().await?;
    Ok(id)
}

/// Makes the account, or replaces its key and address.
pub async fn put(db: &Db, account: &NewAccount<'_>, now: Timestamp) -> Result<()> {
    let NewAccount { id, pool, name, base_url, sealed_key, key_ending, requests_per_minute_max } = account;
    let tx = db.plain().await?;
    tx.run(PUT_ACCOUNT, &[id, pool, name, base_url, sealed_key, key_ending, requests_per_minute_max, &now]).await?;
    tx.commit().await
}

/// Adds a credential; older ones stay valid until they expire or are deleted.
pub async fn add_credential(db: &Db, credential: &WebhookCredential, now: Timestamp) -> Result<()> {
    let WebhookCredential { id, account, kind, sealed_secret, settings, expires_at: _ } = credential;
    let tx = db.plain().await?;
    tx.run(ADD_CREDENTIAL, &[id, account, kind, sealed_secret, settings, &now]).await?;
    tx.commit().await
}

/// Ends all credentials of an account and kind but `newest` at `until`, unless they end earlier; returns how many.
pub async fn expire_older(
    db: &Db,
    (account, kind, newest): (ProviderAccountId, &str, uuid::Uuid),
    until: Timestamp,
) -> Result<u64> {
    let tx = db.plain().await?;
    let expired = tx.run(EXPIRE_OLDER, &[&account, &kind, &newest, &until]).await?;
    tx.commit().await?;
    Ok(expired)
}

/// Stops dialing with the account until `until`, and says why. A longer pause stays.
pub async fn pause(
    tx: &impl Bound,
    account: ProviderAccountId,
    until: Timestamp,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    tx.run(PAUSE, &[&account, &until, &reason, &now]).await?;
    Ok(())
}

/// Stops dialing with the account until a person takes it up again.
pub async fn stop(tx: &impl Bound, account: ProviderAccountId, reason: &str, now: Timestamp) -> Result<()> {
    tx.one_or_none(LOCK_POOL_OF, &[&account]).await?;
    tx.run(STOP, &[&account, &reason, &now]).await?;
    Ok(())
}

/// Takes up accounts whose pause is over.
pub async fn resume_due(db: &Db, now: Timestamp) -> Result<u64> {
    let tx = db.plain().await?;
    let resumed = tx.run(RESUME_DUE, &[&now]).await?;
    tx.commit().await?;
    Ok(resumed)
}

/// Counts a send that came to nothing; returns how many did in a row.
pub async fn count_fruitless(tx: &TenantTx, account: ProviderAccountId) -> Result<i32> {
    Ok(tx.one(COUNT_FRUITLESS, &[&account]).await?.get(0))
}

/// The account serves; true if there was reason to doubt it.
pub async fn forget_fruitless(tx: &TenantTx, account: ProviderAccountId) -> Result<bool> {
    Ok(tx.run(FORGET_FRUITLESS, &[&account]).await? == 1)
}

/// Whether a call of this organization was accepted since, and goes on.
pub async fn has_served(tx: &TenantTx, account: ProviderAccountId, since: Timestamp) -> Result<bool> {
    Ok(tx.one(HAS_SERVED, &[&tx.organization, &account, &since]).await?.get(0))
}

/// The provider refused a request for want of pace: the account is asked less from now on (`domain::request_pace`).
pub async fn slow_down(tx: &TenantTx, account: ProviderAccountId, now: Timestamp) -> Result<()> {
    let row = tx.one(PACE, &[&account]).await?;
    let pace = RequestPace {
        per_minute_max: row.get(0),
        slowed: row.get::<_, Option<i32>>(1).zip(row.get(2)),
        slow_start_minutes: row.get(3),
        busy_since: row.get(4),
        last_minute_at: row.get(5),
        fruitless_in_a_row: row.get(6),
        last_call_at: row.get(7),
    };
    tx.run(SLOW_DOWN, &[&account, &pace.slowed_by_refusal(now), &now]).await?;
    Ok(())
}

/// Takes no new line from the pool until `until`: the provider says that it has none.
pub async fn cool_pool(tx: &TenantTx, pool: LinePoolId, until: Timestamp) -> Result<()> {
    tx.run(COOL_POOL, &[&pool, &until]).await?;
    Ok(())
}

/// The same for the pool of an account.
pub async fn cool_pool_of(tx: &impl Bound, account: ProviderAccountId, until: Timestamp) -> Result<()> {
    tx.run(COOL_POOL_OF, &[&account, &until]).await?;
    Ok(())
}

/// Spends one of the account's requests of this minute on something else than a call; false if none is left.
pub async fn spend_request(db: &Db, account: ProviderAccountId, now: Timestamp) -> Result<bool> {
    let tx = db.plain().await?;
    let spent = tx.run(SPEND_REQUEST, &[&account, &super::reservations::minute_of(now)]).await? == 1;
    tx.commit().await?;
    Ok(spent)
}

/// Remembers that all calls that changed at the provider before `until` were seen.
pub async fn swept(db: &Db, account: ProviderAccountId, until: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(SWEPT, &[&account, &until]).await?;
    tx.commit().await
}

/// Locks the pools of accounts, for whoever moves lines of several.
pub async fn lock_pools_of(tx: &impl Bound, accounts: &[ProviderAccountId]) -> Result<()> {
    if !accounts.is_empty() {
        tx.all(LOCK_POOLS_OF, &[&accounts]).await?;
    }
    Ok(())
}

/// Calls that no attempt has a line for, such as inbound ones, take lines of their accounts' pools, or give them back where
/// the count is negative. The pools are locked.
pub async fn move_lines(tx: &impl Bound, lines: &[(ProviderAccountId, i32)]) -> Result<()> {
    let (accounts, lines): (Vec<ProviderAccountId>, Vec<i32>) = lines.iter().copied().unzip();
    if !accounts.is_empty() {
        tx.run(MOVE_LINES, &[&accounts, &lines]).await?;
    }
    Ok(())
}
