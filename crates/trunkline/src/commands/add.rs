//! `trunkline add`: what an installation needs before its first campaign: people, organizations, agents, numbers and secrets.

use super::reach::{Installation, Reached};
use super::webhook_secret::WebhookSecret;
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::{AgentId, OrganizationId, PhoneNumberId, ProviderAccountId};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::role::{AgencyRole, Role};
use crate::domain::time_zone;
use crate::http;
use crate::store::agents::{self, NewAgent, NewDeployment};
use crate::store::organizations::{self, NewOrganization, OrganizationLimits};
use crate::store::phone_numbers::{self, NewPhoneNumber};
use crate::store::users::{self, NewUser};
use crate::store::{Db, across, memberships, provider_accounts};
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use secrecy::SecretString;
use std::io::{Write as _, stdin, stdout};

/// Adds people, organizations, agents and phone numbers.
#[derive(clap::Args, Debug)]
pub struct Add {
    #[command(flatten)]
    installation: Installation,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    User(User),
    Organization(Organization),
    Agent(Agent),
    Number(Number),
    WebhookSecret(WebhookSecret),
}

/// Adds a person, or changes one. The password is read from standard input, so that it is in no shell history.
#[derive(clap::Args, Debug)]
struct User {
    email: String,
    #[arg(long, default_value = "")]
    name: String,
    /// Gives the person a place in the agency: sees and steers every organization.
    #[arg(long, value_name = "ROLE", value_parser = agency_role, conflicts_with = "organization")]
    agency: Option<AgencyRole>,
    /// Gives the person a place in one organization.
    #[arg(long, value_name = "SLUG", requires = "role")]
    organization: Option<String>,
    /// manager or viewer
    #[arg(long, value_parser = role)]
    role: Option<Role>,
}

/// Adds a client organization.
#[derive(clap::Args, Debug)]
struct Organization {
    /// Its part of addresses, such as `northwind-dental`.
    slug: String,
    #[arg(long)]
    name: String,
    /// IANA name, such as America/Chicago.
    #[arg(long)]
    time_zone: String,
    /// Two letters: how a phone without a country code is read.
    #[arg(long, default_value = "US")]
    country: String,
    /// When its leads may be called at all, on each day, in the lead's own zone.
    #[arg(long, default_value = "08:00-21:00", value_name = "HH:MM-HH:MM")]
    hours: String,
    #[arg(long, default_value_t = 1000, value_name = "N")]
    calls_per_day_max: i32,
    /// Calls at once.
    #[arg(long, default_value_t = 5, value_name = "N")]
    lines_max: i32,
}

/// Ties an assistant at Vapi to an organization, as its agent.
#[derive(clap::Args, Debug)]
struct Agent {
    /// The assistant's id at Vapi.
    assistant_id: String,
    #[arg(long, value_name = "SLUG")]
    organization: String,
    #[arg(long)]
    name: String,
    /// Provider account at which the assistant lives.
    #[arg(long, default_value = "vapi")]
    account: String,
    /// Calls of this agent at once.
    #[arg(long, default_value_t = 5, value_name = "N")]
    lines_max: i32,
    /// The assistant has voicemail detection switched on.
    #[arg(long)]
    detects_voicemail: bool,
}

/// Ties a number at Vapi to an organization.
#[derive(clap::Args, Debug)]
struct Number {
    /// The number's id at Vapi.
    phone_number_id: String,
    /// The number itself, such as +13125550146.
    #[arg(value_name = "NUMBER")]
    e164: String,
    #[arg(long, value_name = "SLUG")]
    organization: String,
    /// Provider account at which the number lives.
    #[arg(long, default_value = "vapi")]
    account: String,
    #[arg(long, default_value_t = 100, value_name = "N")]
    calls_per_day_max: i32,
}

pub async fn run(add: Add) -> anyhow::Result<()> {
    let reached = &add.installation.reach().await?;
    let Reached { db, now, .. } = reached;
    let now = *now;
    let said = match add.what {
        What::User(user) => add_user(db, user, now).await?,
        What::Organization(organization) => add_organization(db, organization, now).await?,
        What::Agent(agent) => add_agent(db, agent, now).await?,
        What::Number(number) => add_number(db, number, now).await?,
        What::WebhookSecret(secret) => secret.add(reached).await?,
    };
    writeln!(stdout(), "{said}")?;
    Ok(())
}

async fn add_user(db: &Db, user: User, now: Timestamp) -> anyhow::Result<String> {
    let User { email, name, agency, organization, role } = user;
    if agency.is_none() && organization.is_none() {
        bail!("say where the person belongs: --agency owner, or --organization SLUG --role manager");
    }
    let mut password = String::new();
    stdin().read_line(&mut password).context("the password is read from standard input, on one line")?;
    let password = SecretString::from(password.trim_end_matches(['\r', '\n']));
    let hash = http::hash_password(&password).context("a password has at most 1,000 bytes")?;
    let new = NewUser { email: &email, name: &name, password_hash: Some(&hash), agency_role: agency };
    let id = users::put(db, &new, now).await?;
    if let (Some(slug), Some(role)) = (organization, role) {
        let tx = db.tenant(organization_of(db, &slug).await?).await?;
        memberships::put(&tx, id, role, now).await?;
        tx.commit().await?;
    }
    Ok(format!("{email} can sign in."))
}

async fn add_organization(db: &Db, new: Organization, now: Timestamp) -> anyhow::Result<String> {
    let Organization { slug, name, time_zone, country, hours, calls_per_day_max, lines_max } = new;
    time_zone::named(&time_zone)?;
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), serde_json::json!([hours]))).collect();
    let calling_hours: CallingHours = serde_json::from_value(week.into()).context("the hours cannot be used")?;
    let new = NewOrganization {
        slug: slug.clone(),
        name: name.clone(),
        time_zone,
        country,
        limits: OrganizationLimits {
            calling_hours,
            calls_per_day_max,
            calls_per_lead_and_day_max: 2,
            ring_gap_minutes_min: 60,
            lines_max,
        },
        weight: 1,
    };
    let tx = db.tenant(OrganizationId::new()).await?;
    organizations::create(&tx, &new, now).await.with_context(|| {
        format!("{slug} cannot be added: is there one already, or is it no slug such as northwind-dental?")
    })?;
    tx.commit().await?;
    Ok(format!("{name} is there, at /o/{slug}."))
}

async fn add_agent(db: &Db, new: Agent, now: Timestamp) -> anyhow::Result<String> {
    let Agent { assistant_id, organization, name, account, lines_max, detects_voicemail } = new;
    let account = account_of(db, &account).await?;
    let tx = db.tenant(organization_of(db, &organization).await?).await?;
    let agent = AgentId::new();
    let new_agent = NewAgent { id: agent, name: name.clone(), lines_max, detects_voicemail };
    agents::create(&tx, &[new_agent], now).await.context("an organization's agents have different names")?;
    let deployment = NewDeployment { agent, account, assistant_id };
    agents::deploy(&tx, &[deployment], now).await.context("the assistant is another agent's already")?;
    tx.commit().await?;
    Ok(format!("{name} speaks for {organization}."))
}

async fn add_number(db: &Db, new: Number, now: Timestamp) -> anyhow::Result<String> {
    let Number { phone_number_id, e164, organization, account, calls_per_day_max } = new;
    let number = PhoneNumber::from_e164(&e164).context("the number is written like +13125550146")?;
    let account = account_of(db, &account).await?;
    let tx = db.tenant(organization_of(db, &organization).await?).await?;
    let new = NewPhoneNumber {
        id: PhoneNumberId::new(),
        account,
        provider_number_id: phone_number_id,
        number: number.to_string(),
        label: String::new(),
        calls_per_day_max,
    };
    phone_numbers::create(&tx, &[new], now).await.context("the number is an organization's already")?;
    tx.commit().await?;
    Ok(format!("{} calls from {}.", organization, number.international()))
}

async fn organization_of(db: &Db, slug: &str) -> anyhow::Result<OrganizationId> {
    across::organization_by_slug(db, slug)
        .await?
        .with_context(|| format!("there is no organization {slug}: add it with `trunkline add organization {slug} …`"))
}

async fn account_of(db: &Db, name: &str) -> anyhow::Result<ProviderAccountId> {
    provider_accounts::find(db, name)
        .await?
        .with_context(|| format!("there is no provider account {name}: `trunkline serve` makes it from VAPI_API_KEY"))
}

fn agency_role(text: &str) -> Result<AgencyRole, String> {
    text.parse().map_err(|_| "owner and operator are the roles of the agency".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| "manager and viewer are the roles in an organization".to_owned())
}
