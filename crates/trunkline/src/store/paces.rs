//! How fast numbers, line pools and provider accounts may be used, as the agency sets it. The next claim goes by it.

use super::audit::{self, Change, Entry};
use super::dialing_settings::SetBy;
use super::statement::sql;
use super::{Db, PlainTx, Result, TenantTx, across, organization_turns};
use crate::domain::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;

/// How fast a number may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberPace {
    pub calls_per_day_max: i32,
    /// `None`: no limit.
    pub calls_per_hour_max: Option<i32>,
    /// The first day of its warm-up; `None`: it needs none.
    pub warm_up_from: Option<Date>,
}

/// The lines of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolLines {
    pub lines_max: i32,
    /// Lines that are left free for the next incoming calls.
    pub inbound_reserve: i32,
}

/// How fast an account may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPace {
    pub requests_per_minute_max: i32,
    /// `None`: no limit.
    pub requests_per_second_max: Option<i32>,
    /// In how many minutes it comes to its full pace after a rest, 0 to 60.
    pub slow_start_minutes: i32,
}

/// The names of these changes in the audit.
const NUMBER_SET: &str = "number.pace_set";
const POOL_SET: &str = "pool.lines_set";
const ACCOUNT_SET: &str = "account.pace_set";

sql!(
    NUMBER,
    "select number, calls_per_day_max, calls_per_hour_max, warm_up_from from phone_numbers
     where organization_id = $1 and id = $2"
);
sql!(
    SET_NUMBER,
    "update phone_numbers
     set calls_per_day_max = $3, calls_per_hour_max = $4, warm_up_from = $5
     where organization_id = $1 and id = $2"
);
sql!(POOL, "select name, lines_max, inbound_reserve from line_pools where id = $1");
sql!(SET_POOL, "update line_pools set lines_max = $2, inbound_reserve = $3 where id = $1");
sql!(
    ACCOUNT,
    "select name, requests_per_minute_max, requests_per_second_max, slow_start_minutes from provider_accounts
     where id = $1"
);
sql!(
    SET_ACCOUNT,
    "update provider_accounts
     set requests_per_minute_max = $2, requests_per_second_max = $3, slow_start_minutes = $4
     where id = $1"
);

/// The number, in E.164, and its pace.
pub async fn number(tx: &TenantTx, id: PhoneNumberId) -> Result<(String, NumberPace)> {
    let row = tx.one(NUMBER, &[&tx.organization, &id]).await?;
    let pace = NumberPace { calls_per_day_max: row.get(1), calls_per_hour_max: row.get(2), warm_up_from: row.get(3) };
    Ok((row.get(0), pace))
}

/// The caller holds the organization's lock.
pub async fn set_number(tx: &TenantTx, id: PhoneNumberId, pace: NumberPace, by: SetBy) -> Result<()> {
    let (number, before) = number(tx, id).await?;
    let NumberPace { calls_per_day_max, calls_per_hour_max, warm_up_from } = pace;
    tx.run(SET_NUMBER, &[&tx.organization, &id, &calls_per_day_max, &calls_per_hour_max, &warm_up_from]).await?;
    let detail = told(&number, &before, &pace);
    let entry = Entry { by: by.user, action: NUMBER_SET, subject: subject_of_number(id), detail };
    audit::add(tx, &entry, by.at).await?;
    organization_turns::wake(tx, by.at).await
}

pub async fn number_change(tx: &TenantTx, id: PhoneNumberId) -> Result<Option<Change>> {
    audit::latest(tx, NUMBER_SET, &subject_of_number(id)).await
}

/// Name and lines of a pool.
pub async fn pool(tx: &PlainTx, id: LinePoolId) -> Result<(String, PoolLines)> {
    let row = tx.one(POOL, &[&id]).await?;
    Ok((row.get(0), PoolLines { lines_max: row.get(1), inbound_reserve: row.get(2) }))
}

pub async fn set_pool(db: &Db, id: LinePoolId, lines: PoolLines, by: SetBy) -> Result<()> {
    let tx = db.plain().await?;
    let (name, before) = pool(&tx, id).await?;
    tx.run(SET_POOL, &[&id, &lines.lines_max, &lines.inbound_reserve]).await?;
    let entry =
        Entry { by: by.user, action: POOL_SET, subject: subject_of_pool(id), detail: told(&name, &before, &lines) };
    end(db, tx, entry, by.at).await
}

pub async fn pool_change(tx: &PlainTx, id: LinePoolId) -> Result<Option<Change>> {
    audit::latest_of_agency(tx, POOL_SET, &subject_of_pool(id)).await
}

/// Name and pace of an account.
pub async fn account(tx: &PlainTx, id: ProviderAccountId) -> Result<(String, AccountPace)> {
    let row: Row = tx.one(ACCOUNT, &[&id]).await?;
    let pace = AccountPace {
        requests_per_minute_max: row.get(1),
        requests_per_second_max: row.get(2),
        slow_start_minutes: row.get(3),
    };
    Ok((row.get(0), pace))
}

pub async fn set_account(db: &Db, id: ProviderAccountId, pace: AccountPace, by: SetBy) -> Result<()> {
    let tx = db.plain().await?;
    let (name, before) = account(&tx, id).await?;
    let AccountPace { requests_per_minute_max, requests_per_second_max, slow_start_minutes } = pace;
    tx.run(SET_ACCOUNT, &[&id, &requests_per_minute_max, &requests_per_second_max, &slow_start_minutes]).await?;
    let entry = Entry {
        by: by.user,
        action: ACCOUNT_SET,
        subject: subject_of_account(id),
        detail: told(&name, &before, &pace),
    };
    end(db, tx, entry, by.at).await
}

pub async fn account_change(tx: &PlainTx, id: ProviderAccountId) -> Result<Option<Change>> {
    audit::latest_of_agency(tx, ACCOUNT_SET, &subject_of_account(id)).await
}

/// What organizations share was changed: whoever waits for it looks again at once.
async fn end(db: &Db, tx: PlainTx, entry: Entry<'_>, now: Timestamp) -> Result<()> {
    audit::add_of_agency(&tx, &entry, now).await?;
    tx.commit().await?;
    across::wake_waiting(db, now).await
}

fn told(name: &str, from: &impl Serialize, to: &impl Serialize) -> Value {
    json!({ "name": name, "from": from, "to": to })
}

fn subject_of_number(id: PhoneNumberId) -> String {
    format!("number/{id}")
}

fn subject_of_pool(id: LinePoolId) -> String {
    format!("pool/{id}")
}

fn subject_of_account(id: ProviderAccountId) -> String {
    format!("account/{id}")
}
