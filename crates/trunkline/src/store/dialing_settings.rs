//! Rules and paces that people set. The next claim goes by them; who set them stands in the audit.

use super::audit::{self, Entry};
use super::statement::sql;
use super::{Db, Result, TenantTx, organization_turns};
use crate::domain::dialing_rules::{CampaignRules, OrganizationRules};
use crate::domain::ids::{CampaignId, LinePoolId, PhoneNumberId, ProviderAccountId, UserId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use tokio_postgres::types::Json;

/// Who sets it, `None` is the program itself, and when.
#[derive(Debug, Clone, Copy)]
pub struct SetBy {
    pub user: Option<UserId>,
    pub at: Timestamp,
}

/// How fast a number may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberPace {
    /// `None`: no limit.
    pub calls_per_hour_max: Option<i32>,
    /// The first day of its warm-up; `None`: it needs none.
    pub warm_up_from: Option<Date>,
}

/// How fast an account may be asked, besides its requests a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountPace {
    /// `None`: no limit.
    pub requests_per_second_max: Option<i32>,
    /// In how many minutes it comes to its full pace after a rest, 0 to 60.
    pub slow_start_minutes: i32,
}

sql!(SET_ORGANIZATION, "update organizations set dialing_rules = $2 where id = $1 returning id");
sql!(
    SET_CAMPAIGN,
    "update campaigns set dialing_rules = $3
     where organization_id = $1 and id = $2
     returning id"
);
sql!(
    SET_NUMBER,
    "update phone_numbers set calls_per_hour_max = $3, warm_up_from = $4
     where organization_id = $1 and id = $2
     returning id"
);
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
sql!(SET_RESERVE, "update line_pools set inbound_reserve = $2 where id = $1 returning name");
sql!(
    SET_ACCOUNT,
    "update provider_accounts set requests_per_second_max = $2, slow_start_minutes = $3
     where id = $1
     returning name"
);

/// Replaces the organization's rules.
pub async fn set_organization_rules(tx: &TenantTx, rules: &OrganizationRules, by: SetBy) -> Result<()> {
    tx.one(SET_ORGANIZATION, &[&tx.organization, &Json(rules)]).await?;
    set(tx, "organization.rules_set", format!("organization/{}", tx.organization), json!(rules), by).await
}

/// Replaces the campaign's rules.
pub async fn set_campaign_rules(tx: &TenantTx, id: CampaignId, rules: &CampaignRules, by: SetBy) -> Result<()> {
    tx.one(SET_CAMPAIGN, &[&tx.organization, &id, &Json(rules)]).await?;
    set(tx, "campaign.rules_set", format!("campaign/{id}"), json!(rules), by).await
}

pub async fn set_number_pace(tx: &TenantTx, id: PhoneNumberId, pace: NumberPace, by: SetBy) -> Result<()> {
    let NumberPace { calls_per_hour_max, warm_up_from } = pace;
    tx.one(SET_NUMBER, &[&tx.organization, &id, &calls_per_hour_max, &warm_up_from]).await?;
    let detail = json!({ "calls_per_hour_max": calls_per_hour_max, "warm_up_from": warm_up_from });
    set(tx, "number.pace_set", format!("number/{id}"), detail, by).await
}

/// Promises the organization so many lines of the pool: no other takes them. The caller holds the organization's lock.
pub async fn promise_lines(tx: &TenantTx, pool: LinePoolId, lines_min: i32, by: SetBy) -> Result<()> {
    tx.one(LOCK_POOL, &[&pool]).await?;
    let owed_before: i32 = tx.one(OWED, &[&tx.organization, &pool]).await?.get(0);
    let owed: i32 = tx.one(PROMISE, &[&tx.organization, &pool, &lines_min]).await?.get(0);
    tx.run(OWE, &[&pool, &(owed - owed_before)]).await?;
    let subject = format!("organization/{}", tx.organization);
    set(tx, "organization.lines_promised", subject, json!({ "pool": pool, "lines_min": lines_min }), by).await
}

async fn set(tx: &TenantTx, action: &'static str, subject: String, detail: Value, by: SetBy) -> Result<()> {
    audit::add(tx, &Entry { by: by.user, action, subject, detail }, by.at).await?;
    organization_turns::wake(tx, by.at).await
}

/// Leaves so many lines of the pool free for the next incoming calls.
pub async fn set_inbound_reserve(db: &Db, pool: LinePoolId, lines: i32, by: SetBy) -> Result<()> {
    let tx = db.plain().await?;
    let name: String = tx.one(SET_RESERVE, &[&pool, &lines]).await?.get(0);
    let detail = json!({ "name": name, "inbound_reserve": lines });
    let entry = Entry { by: by.user, action: "pool.reserve_set", subject: format!("pool/{pool}"), detail };
    audit::add_of_agency(&tx, &entry, by.at).await?;
    tx.commit().await
}

pub async fn set_account_pace(db: &Db, account: ProviderAccountId, pace: AccountPace, by: SetBy) -> Result<()> {
    let AccountPace { requests_per_second_max, slow_start_minutes } = pace;
    let tx = db.plain().await?;
    let name: String = tx.one(SET_ACCOUNT, &[&account, &requests_per_second_max, &slow_start_minutes]).await?.get(0);
    let detail = json!({
        "name": name,
        "requests_per_second_max": requests_per_second_max,
        "slow_start_minutes": slow_start_minutes,
    });
    let entry = Entry { by: by.user, action: "account.pace_set", subject: format!("account/{account}"), detail };
    audit::add_of_agency(&tx, &entry, by.at).await?;
    tx.commit().await
}
