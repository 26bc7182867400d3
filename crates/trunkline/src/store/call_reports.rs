//! What is told after calls: the large texts, apart from the rows that lists read, and costs by part. Each table is written
//! for many calls at once.

use super::statement::sql;
use super::{Bound, Result};
use crate::domain::call_evidence::Report;
use crate::domain::ids::{CallId, OrganizationId};
use rust_decimal::Decimal;
use serde_json::Value;

/// A report of a call that is in the ledger.
#[derive(Debug, Clone, Copy)]
pub struct ReportOf<'a> {
    pub organization: OrganizationId,
    pub call: CallId,
    pub report: &'a Report,
}

sql!(
    TEXTS,
    "insert into call_reports as t (organization_id, call_id, transcript, messages, analysis)
     select r.organization_id, r.call_id, r.transcript, r.messages, r.analysis
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::jsonb[])
         as r (organization_id, call_id, transcript, messages, analysis)
     on conflict (organization_id, call_id) do update
     set transcript = coalesce(excluded.transcript, t.transcript),
         messages = case when excluded.messages = '[]' then t.messages else excluded.messages end,
         analysis = case when excluded.analysis = 'null' then t.analysis else excluded.analysis end"
);
sql!(
    COSTS,
    "insert into call_costs (organization_id, call_id, part, amount)
     select r.organization_id, r.call_id, r.part, r.amount
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[]) as r (organization_id, call_id, part, amount)
     on conflict (organization_id, call_id, part) do update set amount = excluded.amount"
);

/// Enters reports, at most one of each call; what a later one tells anew replaces what an earlier one told.
pub async fn enter(tx: &impl Bound, reports: &[ReportOf<'_>]) -> Result<()> {
    enter_texts(tx, reports).await?;
    enter_costs(tx, reports).await
}

async fn enter_texts(tx: &impl Bound, reports: &[ReportOf<'_>]) -> Result<()> {
    let has_texts =
        |report: &Report| report.transcript.is_some() || !report.turns.is_empty() || !report.structured_data.is_null();
    let told: Vec<_> = reports.iter().filter(|one| has_texts(one.report)).collect();
    if told.is_empty() {
        return Ok(());
    }
    let turns =
        |report: &Report| serde_json::to_value(&report.turns).expect("turns have only text keys and finite numbers");
    let organizations: Vec<OrganizationId> = told.iter().map(|one| one.organization).collect();
    let calls: Vec<CallId> = told.iter().map(|one| one.call).collect();
    let transcripts: Vec<Option<&str>> = told.iter().map(|one| one.report.transcript.as_deref()).collect();
    let messages: Vec<Value> = told.iter().map(|one| turns(one.report)).collect();
    let analyses: Vec<&Value> = told.iter().map(|one| &one.report.structured_data).collect();
    tx.run(TEXTS, &[&organizations, &calls, &transcripts, &messages, &analyses]).await?;
    Ok(())
}

async fn enter_costs(tx: &impl Bound, reports: &[ReportOf<'_>]) -> Result<()> {
    let parts = || reports.iter().flat_map(|one| one.report.cost_parts.iter().map(move |part| (one, part)));
    let organizations: Vec<OrganizationId> = parts().map(|(one, _)| one.organization).collect();
    if organizations.is_empty() {
        return Ok(());
    }
    let calls: Vec<CallId> = parts().map(|(one, _)| one.call).collect();
    let names: Vec<&str> = parts().map(|(_, (name, _))| name.as_str()).collect();
    let amounts: Vec<Decimal> = parts().map(|(_, (_, amount))| *amount).collect();
    tx.run(COSTS, &[&organizations, &calls, &names, &amounts]).await?;
    Ok(())
}
