//! `trunkline answer`: what live calls are answered with: who takes a number's calls, where calls may be transferred to, an
//! organization's own tools and documents.

use super::reach::{Installation, Reached};
use crate::config::MasterKey;
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::{AgentId, OrganizationId, PhoneNumberId};
use crate::domain::inbound_policy::{InboundPlan, Overflow};
use crate::domain::passages::{DOCUMENT_BYTES_MAX, passages};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::tool::BuiltIn;
use crate::store::tools::{self, Tool};
use crate::store::transfer_destinations::{self, TransferDestination};
use crate::store::{Db, TenantTx, across, agents, inbound_plans, knowledge, phone_numbers};
use crate::vault::tool_place;
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use secrecy::SecretString;
use std::io::{Write as _, stdin, stdout};
use std::path::PathBuf;
use url::Url;

/// Agents and numbers of an organization that are looked through for a name.
const ROWS_MAX: i64 = 2000;

/// Sets what live calls are answered with.
#[derive(clap::Args, Debug)]
pub struct Answer {
    #[command(flatten)]
    installation: Installation,
    /// The organization, as in the addresses of its pages.
    #[arg(long, value_name = "SLUG", global = true, default_value = "")]
    organization: String,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Calls(Calls),
    Transfer(Transfer),
    Tool(OwnTool),
    Document(Document),
}

/// Sets who takes the calls to a number, and replaces what was set before.
#[derive(clap::Args, Debug)]
struct Calls {
    /// The number, such as +13125550146; without it, all numbers that have no plan of their own.
    number: Option<String>,
    /// The agent for callers whom nobody called; without it the organization's first one.
    #[arg(long, value_name = "NAME")]
    agent: Option<String>,
    /// On each day, in the organization's zone; without it at any time.
    #[arg(long, value_name = "HH:MM-HH:MM")]
    hours: Option<String>,
    /// Calls to the number at once.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    lines_max: Option<i32>,
    /// The agent for callers whom nobody takes.
    #[arg(long, value_name = "NAME")]
    overflow_agent: Option<String>,
    /// The phone for callers whom nobody takes.
    #[arg(long, value_name = "NUMBER")]
    overflow_number: Option<String>,
    /// What callers hear whom nobody takes.
    #[arg(long, value_name = "TEXT")]
    overflow_message: Option<String>,
}

/// Allows calls to be transferred to a phone, under a name that the agent uses. The first one is the usual one.
#[derive(clap::Args, Debug)]
struct Transfer {
    /// Such as "Front desk".
    name: String,
    /// Such as +13125550146; without it the destination is taken off the list.
    number: Option<String>,
    /// Said to the person before the transfer.
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
}

/// Has a tool answered by the organization's own server. Its secret is read from standard input.
#[derive(clap::Args, Debug)]
struct OwnTool {
    #[command(flatten)]
    master_key: MasterKey,
    /// As the assistant calls it.
    name: String,
    /// Where it is asked: HTTPS, on the internet. Without it the tool is taken away.
    url: Option<Url>,
    /// How long the server may take.
    #[arg(long, default_value_t = 5000, value_name = "MS", value_parser = clap::value_parser!(i32).range(100..=12_000))]
    timeout_ms: i32,
}

/// Lets agents find what a text file says. One of the same name replaces it.
#[derive(clap::Args, Debug)]
struct Document {
    /// Plain text or Markdown.
    file: PathBuf,
    /// Forgets the document instead.
    #[arg(long)]
    forget: bool,
}

pub async fn run(answer: Answer) -> anyhow::Result<()> {
    let Reached { db, now, .. } = &answer.installation.reach().await?;
    let tx = db.tenant(organization_of(db, &answer.organization).await?).await?;
    let said = match answer.what {
        What::Calls(calls) => set_calls(&tx, calls, *now).await?,
        What::Transfer(transfer) => set_transfer(&tx, transfer, *now).await?,
        What::Tool(tool) => set_tool(&tx, tool, *now).await?,
        What::Document(document) => set_document(&tx, document, *now).await?,
    };
    tx.commit().await?;
    writeln!(stdout(), "{said}")?;
    Ok(())
}

async fn set_calls(tx: &TenantTx, calls: Calls, now: Timestamp) -> anyhow::Result<String> {
    let Calls { number, agent, hours, lines_max, overflow_agent, overflow_number, overflow_message } = calls;
    let plan = InboundPlan {
        agent: agent_named(tx, agent.as_deref()).await?,
        hours: hours.map(|hours| every_day(&hours)).transpose()?,
        lines_max,
        overflow: Overflow {
            agent: agent_named(tx, overflow_agent.as_deref()).await?,
            number: overflow_number.map(|number| e164(&number)).transpose()?,
            message: overflow_message.filter(|message| !message.trim().is_empty()),
        },
    };
    let id = match &number {
        Some(number) => Some(number_of(tx, number, now).await?),
        None => None,
    };
    inbound_plans::put(tx, id, &plan, now).await.context("a message has at most 500 characters")?;
    Ok(format!("From the next call on {} is answered so.", number.as_deref().unwrap_or("every number without a plan")))
}

async fn set_transfer(tx: &TenantTx, transfer: Transfer, now: Timestamp) -> anyhow::Result<String> {
    let Transfer { name, number, message } = transfer;
    let Some(number) = number else {
        ensure!(transfer_destinations::remove(tx, &name).await?, "there is no destination {name}");
        return Ok(format!("No call is transferred to {name} any more."));
    };
    let destination = TransferDestination { name, number: e164(&number)?, message };
    let kept = transfer_destinations::put(tx, &destination, now).await;
    kept.context("a name has at most 60 characters, a message 500")?;
    Ok(format!("Calls may be transferred to {}.", destination.name))
}

async fn set_tool(tx: &TenantTx, tool: OwnTool, now: Timestamp) -> anyhow::Result<String> {
    let OwnTool { master_key, name, url, timeout_ms } = tool;
    let Some(url) = url else {
        ensure!(tools::remove(tx, &name).await?, "there is no tool {name}");
        return Ok(format!("{name} is nobody's tool any more."));
    };
    if BuiltIn::named(&name).is_some() {
        bail!("{name} is a tool that Trunkline answers itself: give yours another name");
    }
    ensure!(url.scheme() == "https", "the tool's address begins with https://");
    let mut secret = String::new();
    stdin().read_line(&mut secret).context("the secret is read from standard input")?;
    let secret = secret.trim();
    ensure!(secret.len() >= 16, "give a secret of 16 characters or more on standard input");
    let place = tool_place(tx.organization, &name);
    let sealed_secret = master_key.vault()?.seal(&place, &SecretString::from(secret));
    let tool = Tool { name, url: url.to_string(), sealed_secret, timeout_ms };
    tools::put(tx, &tool, now)
        .await
        .context("a tool's name has at most 64 letters, digits, hyphens and underscores")?;
    Ok(format!("{} is asked at {}.", tool.name, tool.url))
}

async fn set_document(tx: &TenantTx, document: Document, now: Timestamp) -> anyhow::Result<String> {
    let name = document.file.file_name().context("give a file")?.to_string_lossy().into_owned();
    if document.forget {
        ensure!(knowledge::put(tx, &name, &[], now).await? > 0, "there is no document {name}");
        return Ok(format!("{name} is forgotten."));
    }
    let unreadable = || format!("{} cannot be read as text", document.file.display());
    let bytes = tokio::fs::metadata(&document.file).await.with_context(unreadable)?.len();
    ensure!(bytes <= DOCUMENT_BYTES_MAX as u64, "a document has at most {DOCUMENT_BYTES_MAX} bytes");
    let passages = passages(&tokio::fs::read_to_string(&document.file).await.with_context(unreadable)?)?;
    knowledge::put(tx, &name, &passages, now).await?;
    Ok(format!("{name} is known, in {} passages.", passages.len()))
}

fn every_day(hours: &str) -> anyhow::Result<CallingHours> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), serde_json::json!([hours]))).collect();
    serde_json::from_value(week.into()).context("the hours cannot be used")
}

fn e164(number: &str) -> anyhow::Result<String> {
    let number = PhoneNumber::from_e164(number).context("a number is written like +13125550146")?;
    Ok(number.to_string())
}

async fn organization_of(db: &Db, slug: &str) -> anyhow::Result<OrganizationId> {
    ensure!(!slug.is_empty(), "say whose calls are meant: --organization SLUG");
    across::organization_by_slug(db, slug).await?.with_context(|| format!("there is no organization {slug}"))
}

async fn agent_named(tx: &TenantTx, name: Option<&str>) -> anyhow::Result<Option<AgentId>> {
    let Some(name) = name else { return Ok(None) };
    let found = agents::list(tx, ROWS_MAX).await?.into_iter().find(|agent| agent.name == name);
    found.map(|agent| Some(agent.id)).with_context(|| format!("the organization has no agent {name}"))
}

async fn number_of(tx: &TenantTx, number: &str, now: Timestamp) -> anyhow::Result<PhoneNumberId> {
    let found = phone_numbers::list(tx, ROWS_MAX, now).await?.into_iter().find(|known| known.number == number);
    found.map(|known| known.id).with_context(|| format!("the organization has no number {number}"))
}
