//! An organization's rules of dialing, and lines that are promised to it. The next claim goes by them; who set them stands in
//! the audit.

use super::audit::{self, Change, Entry};
use super::statement::sql;
use super::{Result, TenantTx, columns, organization_turns};
use crate::domain::dialing_rules::OrganizationRules;
use crate::domain::ids::{LinePoolId, UserId};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_postgres::types::Json;

/// Who sets it, `None` is the program itself, and when.
#[derive(Debug, Clone, Copy)]
pub struct SetBy {
    pub user: Option<UserId>,
    pub at: Timestamp,
}

const RULES_SET: &str = "organization.rules_set";

sql!(ORGANIZATION, "select dialing_rules from organizations where id = $1");
sql!(SET_ORGANIZATION, "update organizations set dialing_rules = $2 where id = $1");
// Written when the organization's lock and then the pool's row are held: what is owed follows what is promised.
sql!(LOCK_POOL, "select id from line_pools where id = $1 for no key update");
sql!(
    OWED,
    "select coalesce(sum(greatest(0, lines_min - lines_in_use)), 0)::int from line_guarantees
     where organization_id = $1 and line_pool_id = $2"
);
sql!(
    PROMISE,
    "insert into line_guarantees as g (organization_id, line_pool_id, lines_min, lines_in_use)
     select $1, $2, $3, count(*)
     from attempts t
     join provider_accounts a on a.id = t.provider_account_id and a.line_pool_id = $2
     where t.organization_id = $1
       and (t.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
            or t.state = 'conflict' and t.settled_at is null)
     on conflict (organization_id, line_pool_id) do update set lines_min = excluded.lines_min
     returning greatest(0, lines_min - lines_in_use)"
);
sql!(OWE, "update line_pools set lines_owed = lines_owed + $2 where id = $1");

/// Replaces the organization's rules.
pub async fn set_organization_rules(tx: &TenantTx, rules: &OrganizationRules, by: SetBy) -> Result<()> {
    let before = organization_rules(tx).await?;
    tx.run(SET_ORGANIZATION, &[&tx.organization, &Json(rules)]).await?;
    set(tx, RULES_SET, json!({ "from": before, "to": rules }), by).await
}

pub async fn organization_rules(tx: &TenantTx) -> Result<OrganizationRules> {
    columns::json(&tx.one(ORGANIZATION, &[&tx.organization]).await?, 0)
}

/// How the organization's rules were changed last.
pub async fn organization_change(tx: &TenantTx) -> Result<Option<Change>> {
    audit::latest(tx, RULES_SET, &subject(tx)).await
}

/// Promises the organization so many lines of the pool: no other takes them. The caller holds the organization's lock.
pub async fn promise_lines(tx: &TenantTx, pool: LinePoolId, lines_min: i32, by: SetBy) -> Result<()> {
    tx.one(LOCK_POOL, &[&pool]).await?;
    let owed_before: i32 = tx.one(OWED, &[&tx.organization, &pool]).await?.get(0);
    let owed: i32 = tx.one(PROMISE, &[&tx.organization, &pool, &lines_min]).await?.get(0);
    tx.run(OWE, &[&pool, &(owed - owed_before)]).await?;
    set(tx, "organization.lines_promised", json!({ "pool": pool, "lines_min": lines_min }), by).await
}

fn subject(tx: &TenantTx) -> String {
    format!("organization/{}", tx.organization)
}

async fn set(tx: &TenantTx, action: &'static str, detail: Value, by: SetBy) -> Result<()> {
    audit::add(tx, &Entry { by: by.user, action, subject: subject(tx), detail }, by.at).await?;
    organization_turns::wake(tx, by.at).await
}
