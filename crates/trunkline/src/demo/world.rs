//! The demo's world as it is written into an empty database: organizations with agents, numbers, leads and campaigns that
//! run. The same for a person and for a run without one.

use super::companies::{AGENT_NAMES, FIRST_NAMES, LAST_NAMES, company_name, trade};
use super::places::{PLACES, Place};
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::{AgentId, CampaignId, OrganizationId, PhoneNumberId, ProviderAccountId, UserId};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::retry_policy::RetryPlan;
use crate::domain::role::Role;
use crate::domain::status::CampaignStatus;
use crate::provision;
use crate::store::agents::{self, NewAgent, NewDeployment};
use crate::store::campaigns::{self, LeadGroup, NewCampaign, StatusChange};
use crate::store::leads::{self, NewLead};
use crate::store::organizations::{self, NewOrganization, OrganizationLimits};
use crate::store::phone_numbers::{self, NewPhoneNumber};
use crate::store::users::{self, NewUser};
use crate::store::{Db, TenantTx, memberships, organization_turns};
use crate::vault::Vault;
use anyhow::Context as _;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::json;

pub(super) const LEADS_PER_CLIENT: usize = 40;
pub(super) const NUMBERS_PER_CLIENT: usize = 2;
/// One client in so many has a second campaign.
const SECOND_CAMPAIGN_EVERY: usize = 5;
/// Lines of all pools together, for 50 clients: fewer than the clients could use, so that something sets the pace.
const LINES_PER_50_CLIENTS: usize = 36;
pub(super) const CALLS_PER_NUMBER_AND_DAY_MAX: i32 = 100;
pub(super) const CALLS_PER_CLIENT_AND_DAY_MAX: i32 = 400;
pub(super) const CALLS_PER_LEAD_AND_DAY_MAX: i32 = 2;
pub(super) const RING_GAP_MINUTES_MIN: i32 = 60;
pub(super) const REQUESTS_PER_MINUTE_MAX: i32 = 80;

/// A provider account of the demo, with the pool whose lines it shares.
#[derive(Debug, Clone, Copy)]
pub(super) struct DemoAccount {
    pub name: &'static str,
    pub pool: &'static str,
    pub key: &'static str,
}

pub(super) const ACCOUNTS: &[DemoAccount] = &[
    DemoAccount { name: "vapi-east-1", pool: "east", key: "sim-private-east-1" },
    DemoAccount { name: "vapi-east-2", pool: "east", key: "sim-private-east-2" },
    DemoAccount { name: "vapi-west-1", pool: "west", key: "sim-private-west-1" },
];

/// Lines of a pool in a world of `clients`.
pub(super) fn lines_of_pool(pool: &str, clients: usize) -> u32 {
    let all = (clients * LINES_PER_50_CLIENTS).div_ceil(50).max(4);
    let east = all * 2 / 3;
    u32::try_from(if pool == "east" { east } else { all - east }).unwrap_or(u32::MAX)
}

/// Where client `nth` is at home.
pub(super) fn home_of(nth: usize) -> &'static Place {
    &PLACES[nth % PLACES.len()]
}

/// Makes the accounts, with the base address of the simulated provider.
pub(super) async fn make_accounts(
    db: &Db,
    vault: &Vault,
    base_url: &str,
    clients: usize,
    now: Timestamp,
) -> anyhow::Result<()> {
    for account in ACCOUNTS {
        let made = provision::Account {
            name: account.name,
            pool: account.pool,
            lines_max: i32::try_from(lines_of_pool(account.pool, clients))?,
            base_url,
            key: &SecretString::from(account.key),
            requests_per_minute_max: REQUESTS_PER_MINUTE_MAX,
        };
        provision::account(db, vault, &made, now).await?;
    }
    Ok(())
}

/// Makes client `nth` with all that is its own, in one transaction: a start that is killed leaves whole clients only.
pub(super) async fn make_client(
    db: &Db,
    nth: usize,
    accounts: &[ProviderAccountId],
    now: Timestamp,
) -> anyhow::Result<()> {
    let id = OrganizationId::new();
    let account = accounts[nth % accounts.len()];
    let tx = db.tenant(id).await?;
    organizations::create(&tx, &organization(nth), now).await?;
    memberships::put(&tx, manager(db, nth, now).await?, Role::Manager, now).await?;
    let agent = AgentId::new();
    let new_agent = NewAgent {
        id: agent,
        name: AGENT_NAMES[nth % AGENT_NAMES.len()].to_owned(),
        lines_max: 4,
        detects_voicemail: true,
    };
    agents::create(&tx, &[new_agent], now).await?;
    let deployment = NewDeployment { agent, account, assistant_id: uuid::Uuid::now_v7().to_string() };
    agents::deploy(&tx, &[deployment], now).await?;
    let numbers = numbers(nth, account);
    phone_numbers::create(&tx, &numbers, now).await?;
    leads::upsert_many(&tx, None, &leads_of(nth)?, now).await?;
    let numbers: Vec<PhoneNumberId> = numbers.iter().map(|number| number.id).collect();
    make_campaigns(&tx, nth, agent, &numbers, now).await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody of client `nth` who may steer its campaigns.
pub(super) async fn manager(db: &Db, nth: usize, now: Timestamp) -> anyhow::Result<UserId> {
    let email = format!("manager@{}.example", slug(nth));
    let name = manager_name(nth);
    let new = NewUser { email: &email, name: &name, password_hash: None, agency_role: None };
    Ok(users::put(db, &new, now).await?)
}

pub(super) fn manager_name(nth: usize) -> String {
    format!("{} {}", FIRST_NAMES[(nth * 5 + 18) % FIRST_NAMES.len()], LAST_NAMES[(nth * 3 + 6) % LAST_NAMES.len()])
}

fn slug(nth: usize) -> String {
    company_name(nth).to_lowercase().replace(' ', "-")
}

fn organization(nth: usize) -> NewOrganization {
    let home = home_of(nth);
    NewOrganization {
        slug: slug(nth),
        name: company_name(nth),
        time_zone: home.zone.to_owned(),
        country: home.country.to_owned(),
        limits: OrganizationLimits {
            calling_hours: daily("08:00", "21:00"),
            calls_per_day_max: CALLS_PER_CLIENT_AND_DAY_MAX,
            calls_per_lead_and_day_max: CALLS_PER_LEAD_AND_DAY_MAX,
            ring_gap_minutes_min: RING_GAP_MINUTES_MIN,
            lines_max: 4,
        },
        weight: 1,
    }
}

fn numbers(nth: usize, account: ProviderAccountId) -> Vec<NewPhoneNumber> {
    let number = |k: usize| NewPhoneNumber {
        id: PhoneNumberId::new(),
        account,
        provider_number_id: uuid::Uuid::now_v7().to_string(),
        number: home_of(nth).own_number(index(nth / PLACES.len() * NUMBERS_PER_CLIENT + k)),
        label: home_of(nth).city.to_owned(),
        calls_per_day_max: CALLS_PER_NUMBER_AND_DAY_MAX,
    };
    (0..NUMBERS_PER_CLIENT).map(number).collect()
}

/// Half of the leads live where the client is, the others anywhere: so campaigns cross zones.
fn leads_of(nth: usize) -> anyhow::Result<Vec<NewLead>> {
    (0..LEADS_PER_CLIENT)
        .map(|k| {
            let place = place_of_lead(nth, k);
            let overall = nth * LEADS_PER_CLIENT + k;
            let first = FIRST_NAMES[(overall * 7 + nth) % FIRST_NAMES.len()];
            let last = LAST_NAMES[(overall * 11 + k) % LAST_NAMES.len()];
            let phone = place.lead_phone(index(overall / PLACES.len()));
            Ok(NewLead {
                phone: PhoneNumber::from_e164(&phone).with_context(|| format!("{phone} is no phone"))?,
                name: format!("{first} {last}"),
                time_zone: None,
                postal_code: None,
                external_id: Some(format!("L-{:05}", overall + 1)),
                variables: json!({ "first_name": first, "company": company_name(nth), "city": place.city }),
            })
        })
        .collect()
}

/// Every place is used once in each round of as many leads, so that no phone comes twice.
fn place_of_lead(nth: usize, k: usize) -> &'static Place {
    &PLACES[(nth * LEADS_PER_CLIENT + k) % PLACES.len()]
}

async fn make_campaigns(
    tx: &TenantTx,
    nth: usize,
    agent: AgentId,
    numbers: &[PhoneNumberId],
    now: Timestamp,
) -> anyhow::Result<()> {
    let trade = trade(nth);
    make_campaign(tx, trade.campaign, (nth, agent, numbers), now).await?;
    if nth.is_multiple_of(SECOND_CAMPAIGN_EVERY) {
        // Its leads are in the first one too: one phone in two lists is one phone.
        make_campaign(tx, trade.other_campaign, (nth, agent, numbers), now).await?;
    }
    Ok(())
}

async fn make_campaign(
    tx: &TenantTx,
    name: &str,
    of: (usize, AgentId, &[PhoneNumberId]),
    now: Timestamp,
) -> anyhow::Result<()> {
    let (nth, agent, numbers) = of;
    let id = CampaignId::new();
    let trade = trade(nth);
    let campaign = NewCampaign {
        id,
        name: name.to_owned(),
        agent,
        priority: 100,
        calling_hours: daily(trade.opens, trade.closes),
        retry_plan: RetryPlan::default(),
        calls_per_lead_and_day_max: CALLS_PER_LEAD_AND_DAY_MAX,
        lines_max: 4,
        numbers: numbers.to_vec(),
        created_by: None,
    };
    campaigns::create(tx, &campaign, now).await?;
    campaigns::enroll(tx, id, &LeadGroup::All, now).await?;
    let start = StatusChange { to: CampaignStatus::Running, reason: None, by: None, starts_at: None };
    campaigns::set_status(tx, id, start, now).await?;
    Ok(())
}

/// The same window on all days, so that the demo has something to show on each.
fn daily(opens: &str, closes: &str) -> CallingHours {
    let window = [format!("{opens}-{closes}")];
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), json!(window))).collect();
    serde_json::from_value(week.into()).expect("the windows of companies.rs are windows")
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
