//! Webhooks that were refused because no credential fits, counted by minute and reason over all nodes.

use super::statement::sql;
use super::{AgencyTx, Db, Result, columns};
use crate::domain::text_enum::text_enum;
use jiff::{SignedDuration, Timestamp};

/// Counts older than this are of no use to anybody.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

text_enum! {
    /// Why a webhook was not taken for the provider's.
    pub enum Reason ("reason of a refusal") {
        /// No header that a credential looks at.
        Missing = "missing",
        /// A wrong token or signature.
        Wrong = "wrong",
        /// Signed too long ago, or in the future.
        Stale = "stale",
    }
}

sql!(
    ADD,
    "insert into webhook_refusals (minute, reason, count)
     select date_trunc('minute', $1::timestamptz), r.reason, r.count
     from unnest($2::text[], $3::bigint[]) as r (reason, count)
     on conflict (minute, reason) do update set count = webhook_refusals.count + excluded.count"
);
sql!(FORGET, "delete from webhook_refusals where minute < $1");
sql!(SINCE, "select coalesce(sum(count), 0)::bigint from webhook_refusals where minute >= $1");

pub async fn add(db: &Db, counted: &[(Reason, u64)], now: Timestamp) -> Result<()> {
    if counted.is_empty() {
        return Ok(());
    }
    let reasons: Vec<&str> = counted.iter().map(|(reason, _)| reason.as_str()).collect();
    let counts: Vec<i64> = counted.iter().map(|(_, count)| i64::try_from(*count).unwrap_or(i64::MAX)).collect();
    let tx = db.plain().await?;
    tx.run(ADD, &[&now, &reasons, &counts]).await?;
    tx.run(FORGET, &[&(now - KEPT)]).await?;
    tx.commit().await
}

/// How many since then.
pub async fn since(tx: &AgencyTx, at: Timestamp) -> Result<u64> {
    Ok(columns::count(&tx.one(SINCE, &[&at]).await?, 0))
}
