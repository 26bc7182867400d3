//! `trunkline doctor`: what is wrong with an installation, in plain words, and how to mend it.

use crate::clock::Clock;
use crate::config::{Database, MasterKey};
use crate::dialer::accounts::{Accounts, OpenAccount};
use crate::store::installation::{self, DeployedAssistant, ProviderNumber};
use crate::store::{Db, migrations, quarantine, walls, webhook_refusals};
use crate::tls;
use jiff::SignedDuration;
use serde_json::Value;
use std::io::{Write as _, stdout};
use std::sync::Arc;
use url::Url;

/// Checks database, roles, keys, numbers, and how the assistants at Vapi are set up. Changes nothing; exit code 1 if
/// anything is wrong.
#[derive(clap::Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    master_key: MasterKey,
    /// Where Vapi reaches this installation.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    public_url: Option<Url>,
}

const REFUSALS_LOOKED_AT: SignedDuration = SignedDuration::from_hours(1);

/// What was looked at, and what is wrong with it and how to mend it, if anything is.
struct Finding {
    about: String,
    wrong: Option<String>,
}

fn well(about: impl Into<String>) -> Finding {
    Finding { about: about.into(), wrong: None }
}

fn wrong(about: impl Into<String>, what: impl Into<String>) -> Finding {
    Finding { about: about.into(), wrong: Some(what.into()) }
}

/// True if all is well.
pub async fn run(doctor: Doctor) -> anyhow::Result<bool> {
    tls::install();
    let db = doctor.database.open()?;
    let mut findings = look_at_database(&db).await;
    if findings.iter().all(|finding| finding.wrong.is_none()) {
        let accounts = Accounts::new(db.clone(), doctor.master_key.vault()?, Clock::database());
        findings.push(look_at_address(doctor.public_url.as_ref()));
        findings.extend(look_at_provider(&db, &accounts).await?);
    }
    let mut out = stdout();
    for finding in &findings {
        match &finding.wrong {
            None => writeln!(out, "ok     {}", finding.about)?,
            Some(what) => writeln!(out, "WRONG  {}: {what}", finding.about)?,
        }
    }
    Ok(findings.iter().all(|finding| finding.wrong.is_none()))
}

async fn look_at_database(db: &Db) -> Vec<Finding> {
    let about = "database";
    let role = match walls::breach(db).await {
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            return vec![wrong(about, format!("it cannot be reached ({cause}); check DATABASE_URL and DATABASE_CA"))];
        }
        Ok(Some(breach)) => wrong("database role", breach.to_string()),
        Ok(None) => well("database role: bound by the policies"),
    };
    let schema = match migrations::missing(db).await {
        Ok(missing) if missing.is_empty() => {
            return vec![well("database: reached"), role, look_at_quarantine(db).await];
        }
        Ok(missing) => wrong("schema", format!("{} are missing; run `trunkline migrate`", missing.join(", "))),
        Err(error) => wrong("schema", error.to_string()),
    };
    vec![well("database: reached"), role, schema]
}

async fn look_at_quarantine(db: &Db) -> Finding {
    let about = "schema: up to date; no quarantine";
    match quarantine::state(db).await {
        Ok(None) => well(about),
        Ok(Some(quarantine)) => wrong(
            "dialing",
            format!(
                "nothing is dialed since {}: {}; it goes on by itself once every call at Vapi is known, and \
                 `trunkline quarantine show` tells what is left",
                quarantine.since, quarantine.because
            ),
        ),
        Err(error) => wrong("dialing", error.to_string()),
    }
}

fn look_at_address(public_url: Option<&Url>) -> Finding {
    let about = "public URL";
    match public_url {
        None => wrong(about, "PUBLIC_URL is not set, so Vapi cannot be told where to send webhooks"),
        Some(url) if url.scheme() != "https" => wrong(about, format!("{url} is not https; Vapi sends secrets there")),
        Some(url) => well(format!("{about}: {url}")),
    }
}

async fn look_at_provider(db: &Db, accounts: &Accounts) -> anyhow::Result<Vec<Finding>> {
    let tx = db.agency().await?;
    let (assistants, numbers) = (installation::assistants(&tx).await?, installation::numbers(&tx).await?);
    let refused = webhook_refusals::since(&tx, Clock::machine() - REFUSALS_LOOKED_AT).await?;
    drop(tx);
    let all = accounts.all().await?;
    if all.is_empty() {
        return Ok(vec![wrong(
            "provider account",
            "there is none whose key can be opened; set VAPI_API_KEY for `trunkline serve`",
        )]);
    }
    let mut findings = vec![look_at_refusals(refused)];
    for account in all {
        findings.extend(look_at_account(&account, &assistants, &numbers).await);
    }
    Ok(findings)
}

fn look_at_refusals(refused: u64) -> Finding {
    let about = "webhooks";
    match refused {
        0 => well(format!("{about}: none was refused in the last hour")),
        _ => wrong(
            about,
            format!(
                "{refused} were refused in the last hour for a wrong or missing secret; compare what is set at Vapi with \
                 `trunkline add webhook-secret`, unless strangers try"
            ),
        ),
    }
}

async fn look_at_account(
    account: &Arc<OpenAccount>,
    assistants: &[DeployedAssistant],
    numbers: &[ProviderNumber],
) -> Vec<Finding> {
    let about = format!("account {}", account.name);
    let listed = match account.client.list_assistants().await {
        Ok(listed) => listed,
        Err(error) => {
            return vec![wrong(about, format!("its key is not accepted ({error}); give a new one with VAPI_API_KEY"))];
        }
    };
    let mut findings = vec![well(format!("{about}: key accepted, {} assistants", listed.len()))];
    for ours in assistants.iter().filter(|ours| ours.account == account.name) {
        let about = format!("agent {} of {}", ours.agent, ours.organization);
        let found = listed.iter().find(|assistant| assistant.id == ours.assistant_id);
        let stored = found.map(|assistant| serde_json::from_str(assistant.raw.get()).unwrap_or_default());
        findings.push(look_at_assistant(about, ours, stored.as_ref()));
    }
    findings.extend(look_at_numbers(account, numbers).await);
    findings
}

/// Calls that we place bring their own server address; an assistant's own matters for inbound calls, and its voicemail
/// detection for every campaign.
fn look_at_assistant(about: String, ours: &DeployedAssistant, stored: Option<&Value>) -> Finding {
    let Some(stored) = stored else {
        return wrong(about, format!("there is no assistant {} at Vapi; deploy the agent again", ours.assistant_id));
    };
    let detects = stored.get("voicemailDetection").is_some_and(|setting| setting != "off" && !setting.is_null());
    if ours.detects_voicemail && !detects {
        return wrong(
            about,
            "voicemail detection is off at Vapi, so voicemail would count as answered; switch it on there",
        );
    }
    let url = stored.pointer("/server/url").and_then(Value::as_str);
    let has_backoff = stored.pointer("/server/backoffPlan").is_some_and(|plan| !plan.is_null());
    if url.is_some() && !has_backoff {
        return wrong(
            about,
            "its server has no backoffPlan at Vapi, so webhooks of inbound calls are sent once only; add one there",
        );
    }
    well(about)
}

async fn look_at_numbers(account: &Arc<OpenAccount>, numbers: &[ProviderNumber]) -> Vec<Finding> {
    let listed = match account.client.list_phone_numbers().await {
        Ok(listed) => listed,
        Err(error) => return vec![wrong(format!("numbers of {}", account.name), error.to_string())],
    };
    let ours = || numbers.iter().filter(|number| number.account == account.name);
    let known = |number: &ProviderNumber| match listed.iter().find(|there| there.id == number.provider_number_id) {
        Some(_) => well(format!("number {} of {}", number.number, number.organization)),
        None => wrong(
            format!("number {} of {}", number.number, number.organization),
            format!(
                "Vapi has no number {}; it was deleted there, or belongs to another account",
                number.provider_number_id
            ),
        ),
    };
    let nobodys = listed.iter().filter(|there| !ours().any(|number| number.provider_number_id == there.id));
    let hint = |id: &str| well(format!("number {id} at Vapi is no organization's; tie it with `trunkline add number`"));
    ours().map(known).chain(nobodys.map(|there| hint(&there.id))).collect()
}
