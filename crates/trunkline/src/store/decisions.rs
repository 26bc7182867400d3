//! What was decided, kept with its facts. Written in the transaction that decides, a batch in one statement.

use super::events::{compress, decompress};
use super::statement::sql;
use super::{Db, Error, Result, TenantTx, TurnsTx};
use crate::domain::dispatch_policy::{Decision, Facts, KeptDecision, RULES_VERSION};
use crate::domain::ids::{AttemptId, OrganizationId};
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;
use serde::Serialize;

/// Decisions that are read at once.
const PAGE_MAX: i64 = 500;

text_enum! {
    /// What was decided.
    pub enum Verdict ("verdict") {
        Dial = "dial",
        Defer = "defer",
        Exclude = "exclude",
    }
}

/// A decision that is to be kept.
#[derive(Debug, Clone)]
pub struct NewDecision {
    organization: OrganizationId,
    attempt: AttemptId,
    verdict: Verdict,
    because: Option<&'static str>,
    kept: Vec<u8>,
}

/// A decision as it stands in the table.
#[derive(Debug, Clone)]
pub struct ListedDecision {
    pub attempt: AttemptId,
    pub verdict: Verdict,
    pub decided_at: Timestamp,
    pub rules_version: i32,
    /// `None` if this version cannot read what another has kept.
    pub kept: Option<KeptDecision>,
}

/// The form of [`KeptDecision`], borrowed: nothing is copied before it is compressed.
#[derive(Serialize)]
struct Written<'a> {
    rules_version: i32,
    facts: &'a Facts<'a>,
    decision: &'a Decision,
}

impl NewDecision {
    pub fn new(of: (OrganizationId, AttemptId), facts: &Facts<'_>, decision: &Decision) -> Result<Self> {
        let written = Written { rules_version: RULES_VERSION, facts, decision };
        let json = serde_json::to_vec(&written).map_err(|error| Error::Database(error.into()))?;
        let (verdict, because) = match decision {
            Decision::Dial(_) => (Verdict::Dial, None),
            Decision::Defer { because, .. } => (Verdict::Defer, Some(because.as_str())),
            Decision::Exclude(because) => (Verdict::Exclude, Some(because.as_str())),
        };
        let (organization, attempt) = of;
        Ok(Self { organization, attempt, verdict, because, kept: compress(&json)? })
    }
}

sql!(
    KEEP,
    "insert into decisions (organization_id, attempt_id, verdict, because, rules_version, decided_at, kept)
     select r.organization, r.attempt, r.verdict, r.because, $1, $2, r.kept
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bytea[])
         as r (organization, attempt, verdict, because, kept)
     on conflict (organization_id, attempt_id, verdict) do update
     set because = excluded.because, rules_version = excluded.rules_version, decided_at = excluded.decided_at,
         kept = excluded.kept"
);
sql!(
    PAGE,
    "select attempt_id, verdict, decided_at, rules_version, kept
     from decisions
     where organization_id = $1 and (attempt_id, verdict) > ($2, $3)
     order by attempt_id, verdict
     limit $4"
);
sql!(
    OF_ATTEMPT,
    "select attempt_id, verdict, decided_at, rules_version, kept
     from decisions
     where organization_id = $1 and attempt_id = $2
     order by decided_at desc
     limit 3"
);
sql!(WITH_OLD, "select across.organizations_with_decisions_before($1, $2)");
sql!(
    FORGET,
    "delete from decisions d
     using (
         select attempt_id, verdict from decisions
         where organization_id = $1 and decided_at < $2
         order by decided_at
         limit $3
     ) old
     where d.organization_id = $1 and d.attempt_id = old.attempt_id and d.verdict = old.verdict"
);

/// Keeps what a claim decided; a deferral replaces the one before it of the same attempt. No attempt comes twice.
pub async fn keep(tx: &TurnsTx, decisions: &[&NewDecision], now: Timestamp) -> Result<()> {
    if decisions.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = decisions.iter().map(|decision| decision.organization).collect();
    let attempts: Vec<AttemptId> = decisions.iter().map(|decision| decision.attempt).collect();
    let verdicts: Vec<&str> = decisions.iter().map(|decision| decision.verdict.as_str()).collect();
    let because: Vec<Option<&str>> = decisions.iter().map(|decision| decision.because).collect();
    let kept: Vec<&[u8]> = decisions.iter().map(|decision| decision.kept.as_slice()).collect();
    tx.run(KEEP, &[&RULES_VERSION, &now, &organizations, &attempts, &verdicts, &because, &kept]).await?;
    Ok(())
}

/// The decisions that follow `after`, in the order of their attempts; none when that was the last.
pub async fn page(tx: &TenantTx, after: Option<&ListedDecision>) -> Result<Vec<ListedDecision>> {
    let place = after.map_or((AttemptId(uuid::Uuid::nil()), ""), |last| (last.attempt, last.verdict.as_str()));
    let rows = tx.all(PAGE, &[&tx.organization, &place.0, &place.1, &PAGE_MAX]).await?;
    rows.iter().map(read).collect()
}

/// What was decided about an attempt, the latest first.
pub async fn of_attempt(tx: &TenantTx, attempt: AttemptId) -> Result<Vec<ListedDecision>> {
    let rows = tx.all(OF_ATTEMPT, &[&tx.organization, &attempt]).await?;
    rows.iter().map(read).collect()
}

/// Deletes at most `count_max` decisions that were made before `before`, of every organization that is found to have some;
/// returns how many went.
pub async fn forget(db: &Db, before: Timestamp, count_max: i32) -> Result<u64> {
    let rows = db.plain().await?.all(WITH_OLD, &[&before, &count_max]).await?;
    let organizations: Vec<OrganizationId> = rows.iter().map(|row| row.get(0)).collect();
    let mut forgotten = 0;
    for organization in organizations {
        let tx = db.tenant(organization).await?;
        forgotten += tx.run(FORGET, &[&organization, &before, &i64::from(count_max)]).await?;
        tx.commit().await?;
    }
    Ok(forgotten)
}

fn read(row: &tokio_postgres::Row) -> Result<ListedDecision> {
    let rules_version = row.get(3);
    let json = decompress(row.get(4))?;
    let kept = match serde_json::from_slice::<KeptDecision>(&json) {
        Ok(kept) => Some(kept),
        Err(error) if rules_version == RULES_VERSION => return Err(Error::Database(error.into())),
        // Facts of other rules may have lost a field that these want.
        Err(_) => None,
    };
    Ok(ListedDecision {
        attempt: row.get(0),
        verdict: super::columns::text(row, 1)?,
        decided_at: row.get(2),
        rules_version,
        kept,
    })
}
