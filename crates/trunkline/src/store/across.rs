//! The few questions across organizations. Each is a function of schema `across`, returns ids or totals, and is known by
//! name to the catalog test. What it finds is then worked on in the organization's own transaction.

use super::statement::sql;
use super::{Db, Result};
use crate::domain::ids::{AttemptId, CampaignId, EventId, OrganizationId, ProviderAccountId};
use crate::domain::status::{AttemptState, CallStatus};
use jiff::Timestamp;

/// An attempt that the provider has to be asked about.
#[derive(Debug, Clone)]
pub struct ToLookAt {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    pub account: Option<ProviderAccountId>,
    pub state: AttemptState,
    pub sending_at: Timestamp,
    pub provider_call_id: Option<String>,
    /// How far its call has come, as the ledger knows it.
    pub call_status: Option<CallStatus>,
}

/// What a message tells of whose it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clues<'a> {
    pub provider_call_id: Option<&'a str>,
    pub attempt: Option<AttemptId>,
    pub assistant_id: Option<&'a str>,
    pub provider_number_id: Option<&'a str>,
}

sql!(EXPIRED, "select organization_id, attempt_id from across.expired_reservations($1, $2)");
sql!(
    TO_LOOK_AT,
    "select organization_id, attempt_id, provider_account_id, state, sending_at, provider_call_id, call_status
     from across.attempts_to_look_at($1, $2)"
);
sql!(TO_START, "select organization_id, campaign_id from across.campaigns_to_start($1, $2)");
sql!(WITH_REPORT, "select across.calls_with_report($1, $2)");
sql!(ATTRIBUTE, "select across.attribute($1, $2, $3, $4, $5)");
sql!(TO_APPLY, "select organization_id, event_id from across.events_to_apply($1)");
sql!(UNATTRIBUTED, "select event_id, provider_account_id, body, attempt_id from across.unattributed_events($1)");
sql!(ADOPT, "select across.adopt_unattributed($1, $2)");
sql!(ORGANIZATION_BY_SLUG, "select across.organization_by_slug($1)");
sql!(TOTALS, "select name, label, count from across.totals()");

sql!(UNSENT, "select attempt_id, call_is_known from across.unsent_attempts($1, $2, $3)");
sql!(ADOPTIONS_LEFT, "select across.adoptions_left()");
sql!(WAKE_WAITING, "select across.wake_waiting($1)");

/// Something that held organizations back is gone: those that wait for anything take their turn at once.
pub async fn wake_waiting(db: &Db, now: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(WAKE_WAITING, &[&now]).await?;
    tx.commit().await
}

/// Of calls with the attempts that they are marked with, those whose attempt the ledger does not know to have been sent: it
/// lacks it, or it is planned or reserved. True beside it: the call itself is known, as nobody's try.
pub async fn unsent_attempts(
    db: &Db,
    account: ProviderAccountId,
    marked: &[(&str, AttemptId)],
) -> Result<Vec<(AttemptId, bool)>> {
    let (calls, attempts): (Vec<&str>, Vec<AttemptId>) = marked.iter().copied().unzip();
    let rows = db.plain().await?.all(UNSENT, &[&account, &calls, &attempts]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Calls that are kept for adoption and not yet in the ledger.
pub async fn adoptions_left(db: &Db) -> Result<i64> {
    Ok(db.plain().await?.one(ADOPTIONS_LEFT, &[]).await?.get(0))
}

pub async fn expired_reservations(db: &Db, now: Timestamp, count_max: i32) -> Result<Vec<(OrganizationId, AttemptId)>> {
    let rows = db.plain().await?.all(EXPIRED, &[&now, &count_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub async fn attempts_to_look_at(db: &Db, now: Timestamp, count_max: i32) -> Result<Vec<ToLookAt>> {
    let rows = db.plain().await?.all(TO_LOOK_AT, &[&now, &count_max]).await?;
    rows.iter()
        .map(|row| {
            Ok(ToLookAt {
                organization: row.get(0),
                attempt: row.get(1),
                account: row.get(2),
                state: super::columns::text(row, 3)?,
                sending_at: row.get(4),
                provider_call_id: row.get(5),
                call_status: row.get::<_, Option<&str>>(6).map(CallStatus::parse),
            })
        })
        .collect()
}

pub async fn campaigns_to_start(db: &Db, now: Timestamp, count_max: i32) -> Result<Vec<(OrganizationId, CampaignId)>> {
    let rows = db.plain().await?.all(TO_START, &[&now, &count_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Which of an account's calls have their report already.
pub async fn calls_with_report(db: &Db, account: ProviderAccountId, calls: &[String]) -> Result<Vec<String>> {
    let rows = db.plain().await?.all(WITH_REPORT, &[&account, &calls]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Whose a message of `account` is; the strongest clue wins.
pub async fn attribute(db: &Db, account: ProviderAccountId, clues: Clues<'_>) -> Result<Option<OrganizationId>> {
    let Clues { provider_call_id, attempt, assistant_id, provider_number_id } = clues;
    let tx = db.plain().await?;
    let row = tx.one(ATTRIBUTE, &[&account, &provider_call_id, &attempt, &assistant_id, &provider_number_id]).await?;
    Ok(row.get(0))
}

pub async fn events_to_apply(db: &Db, count_max: i32) -> Result<Vec<(OrganizationId, EventId)>> {
    let rows = db.plain().await?.all(TO_APPLY, &[&count_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// An event that is nobody's yet.
#[derive(Debug, Clone)]
pub struct Unattributed {
    pub id: EventId,
    pub account: ProviderAccountId,
    pub body: Vec<u8>,
    pub attempt: Option<AttemptId>,
}

/// The latest events that are nobody's yet.
pub async fn unattributed_events(db: &Db, count_max: i32) -> Result<Vec<Unattributed>> {
    let rows = db.plain().await?.all(UNATTRIBUTED, &[&count_max]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(Unattributed {
            id: row.get(0),
            account: row.get(1),
            body: super::events::decompress(row.get(2))?,
            attempt: row.get(3),
        })
    };
    rows.iter().map(read).collect()
}

/// Gives an unattributed event to its organization; it is applied like any other then.
pub async fn adopt(db: &Db, event: EventId, organization: OrganizationId) -> Result<bool> {
    let tx = db.plain().await?;
    let adopted: Option<bool> = tx.one(ADOPT, &[&event, &organization]).await?.get(0);
    tx.commit().await?;
    Ok(adopted == Some(true))
}

pub async fn organization_by_slug(db: &Db, slug: &str) -> Result<Option<OrganizationId>> {
    Ok(db.plain().await?.one(ORGANIZATION_BY_SLUG, &[&slug]).await?.get(0))
}

/// Rows by name and label, such as `attempts` by state.
pub async fn totals(db: &Db) -> Result<Vec<(String, String, i64)>> {
    let rows = db.plain().await?.all(TOTALS, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}
