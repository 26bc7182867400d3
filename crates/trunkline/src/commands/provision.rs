//! `trunkline provision`: assistants and numbers at Vapi send their webhooks here, with our secret, and again if need be.

use crate::clock::Clock;
use crate::config::{Database, MasterKey};
use crate::dialer::accounts::{Accounts, OpenAccount};
use crate::store::Db;
use crate::store::installation::{self, DeployedAssistant, ProviderNumber};
use crate::tls;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use std::io::{Write as _, stdout};
use std::sync::Arc;
use url::Url;

/// What this installation needs to hear; an assistant that sends more goes on doing so.
const MESSAGES: [&str; 5] = [
    "status-update",
    "end-of-call-report",
    "tool-calls",
    "transfer-destination-request",
    "handoff-destination-request",
];

/// Shows which assistants and numbers of our organizations send their webhooks elsewhere at Vapi, and with --apply points them
/// here. Everything else of them stays as it is. Exit code 1 if something differs still.
#[derive(clap::Args, Debug)]
pub struct Provision {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    master_key: MasterKey,
    /// Where Vapi reaches this installation.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    public_url: Url,
    /// Changes them at Vapi.
    #[arg(long)]
    apply: bool,
}

/// An assistant or a number at Vapi, beside what we want of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub about: String,
    /// The fields that differ; empty: it is as we want it.
    pub differs: Vec<String>,
    /// When it was last changed at Vapi, if that is known.
    pub changed_at: Option<Timestamp>,
    pub is_mended: bool,
    /// What Vapi answered, if it could not be looked at or mended.
    pub problem: Option<String>,
}

/// True if nothing differs any more.
pub async fn run(provision: Provision) -> anyhow::Result<bool> {
    tls::install();
    let Provision { database, master_key, public_url, apply } = provision;
    let db = database.open()?;
    let accounts = Accounts::new(db.clone(), master_key.vault()?, Clock::database());
    let all = look(&db, &accounts, public_url.as_str(), apply).await?;
    let mut out = stdout();
    for found in &all {
        writeln!(out, "{}", sentence(found))?;
    }
    Ok(all.iter().all(|found| found.problem.is_none() && (found.differs.is_empty() || found.is_mended)))
}

fn sentence(found: &Found) -> String {
    let Found { about, differs, changed_at, is_mended, problem } = found;
    let fields = differs.join(", ");
    let when = changed_at.map(|at| format!(", changed at Vapi at {at}")).unwrap_or_default();
    match (problem, differs.is_empty(), is_mended) {
        (Some(problem), _, _) => format!("FAILED   {about}: {problem}"),
        (None, true, _) => format!("ok       {about}"),
        (None, false, true) => format!("mended   {about}: {fields}"),
        (None, false, false) => format!("DIFFERS  {about}: {fields}{when}; --apply puts ours"),
    }
}

/// Looks at everything of ours at all accounts, and mends it if wanted.
pub async fn look(db: &Db, accounts: &Accounts, public_url: &str, apply: bool) -> anyhow::Result<Vec<Found>> {
    let tx = db.agency().await?;
    let (assistants, numbers) = (installation::assistants(&tx).await?, installation::numbers(&tx).await?);
    drop(tx);
    let mut all = Vec::new();
    for account in accounts.all().await? {
        let server = server(&account, public_url);
        for ours in assistants.iter().filter(|ours| ours.account == account.name) {
            all.push(look_at_assistant(&account, ours, &server, apply).await);
        }
        for ours in numbers.iter().filter(|ours| ours.account == account.name) {
            all.push(look_at_number(&account, ours, &server, apply).await);
        }
    }
    Ok(all)
}

/// Without a backoff plan a webhook that was not taken is not repeated.
fn server(account: &OpenAccount, public_url: &str) -> Value {
    let mut server = json!({
        "url": format!("{}/webhooks/vapi", public_url.trim_end_matches('/')),
        "timeoutSeconds": 20,
        "backoffPlan": { "type": "exponential", "maxRetries": 10, "baseDelaySeconds": 10 },
    });
    if let Some(secret) = &account.webhook_secret {
        server["headers"] = json!({ "x-vapi-secret": secret.expose_secret() });
    }
    server
}

async fn look_at_assistant(account: &Arc<OpenAccount>, ours: &DeployedAssistant, server: &Value, apply: bool) -> Found {
    let about = format!("agent {} of {}", ours.agent, ours.organization);
    let stored = match account.client.get_assistant(&ours.assistant_id).await {
        Ok(stored) => stored,
        Err(error) => return failed(about, &error),
    };
    let whole: Value = serde_json::from_str(stored.raw.get()).unwrap_or_default();
    let mut wanted = Map::from_iter([("server".to_owned(), server.clone())]);
    // An assistant without a list sends Vapi's usual messages, which have all of these.
    if let Some(Value::Array(listed)) = whole.get("serverMessages") {
        let missing = MESSAGES.iter().filter(|message| !listed.iter().any(|one| one == *message));
        wanted
            .insert("serverMessages".to_owned(), listed.iter().cloned().chain(missing.map(|one| json!(one))).collect());
    }
    let found = compared(about, &whole, &wanted, stored.updated_at);
    if found.differs.is_empty() || !apply {
        return found;
    }
    match account.client.update_assistant(&ours.assistant_id, &wanted).await {
        Ok(_) => Found { is_mended: true, ..found },
        Err(error) => failed(found.about, &error),
    }
}

async fn look_at_number(account: &Arc<OpenAccount>, ours: &ProviderNumber, server: &Value, apply: bool) -> Found {
    let about = format!("number {} of {}", ours.number, ours.organization);
    let stored = match account.client.get_phone_number(&ours.provider_number_id).await {
        Ok(stored) => stored,
        Err(error) => return failed(about, &error),
    };
    let whole: Value = serde_json::from_str(stored.raw.get()).unwrap_or_default();
    let wanted = Map::from_iter([("server".to_owned(), server.clone())]);
    let changed_at = whole["updatedAt"].as_str().and_then(|at| at.parse().ok());
    let found = compared(about, &whole, &wanted, changed_at);
    if found.differs.is_empty() || !apply {
        return found;
    }
    match account.client.update_phone_number(&ours.provider_number_id, &wanted).await {
        Ok(_) => Found { is_mended: true, ..found },
        Err(error) => failed(found.about, &error),
    }
}

fn compared(about: String, stored: &Value, wanted: &Map<String, Value>, changed_at: Option<Timestamp>) -> Found {
    Found { about, differs: differing(stored, wanted), changed_at, is_mended: false, problem: None }
}

/// The fields in which the stored object is not as wanted, one level below the top where there is one: `server.url`. What
/// is stored besides does not count.
fn differing(stored: &Value, wanted: &Map<String, Value>) -> Vec<String> {
    let differs = |stored: &Value, wanted: &Value| {
        let mut merged = stored.clone();
        vapi::deep_merge(&mut merged, wanted);
        merged != *stored
    };
    let mut fields = Vec::new();
    for (key, wanted) in wanted {
        let stored = stored.get(key).unwrap_or(&Value::Null);
        match wanted {
            Value::Object(inner) => {
                let inner =
                    inner.iter().filter(|(name, wanted)| differs(stored.get(*name).unwrap_or(&Value::Null), wanted));
                fields.extend(inner.map(|(name, _)| format!("{key}.{name}")));
            }
            plain if differs(stored, plain) => fields.push(key.clone()),
            _ => {}
        }
    }
    fields
}

fn failed(about: String, error: &vapi::Error) -> Found {
    Found { about, differs: Vec::new(), changed_at: None, is_mended: false, problem: Some(error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_and_what_is_stored_besides_does_not_count() {
        let stored = json!({ "name": "Ava", "server": { "url": "old", "timeoutSeconds": 20, "credentialId": "c" } });
        let wanted = json!({ "server": { "url": "new", "timeoutSeconds": 20, "backoffPlan": { "maxRetries": 10 } } });

        assert_eq!(differing(&stored, wanted.as_object().unwrap()), ["server.backoffPlan", "server.url"]);
        assert_eq!(differing(&wanted, wanted.as_object().unwrap()), [""; 0]);
        assert_eq!(differing(&json!({}), json!({ "list": [1] }).as_object().unwrap()), ["list"]);
    }
}
