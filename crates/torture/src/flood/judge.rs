//! Holds what was told against the tables.

use super::story::{Known, Story};
use anyhow::{Context as _, bail};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::{Client, Config, NoTls};

/// More are only counted.
const SHOWN_MAX: usize = 10;
const LOOK_EVERY: Duration = Duration::from_millis(100);

const WAITING: &str = "select count(*) from events where state = 'kept'";
const NOT_APPLIED: &str = "
    select state || ': ' || coalesce(problem, '') || ' ' || coalesce(provider_call_id, '')
    from events
    where state <> 'applied'";
const EVENTS: &str = "
    select provider_call_id, type, count(*)
    from events
    where source = 'webhook'
    group by provider_call_id, type";
const CALLS: &str = "
    select provider_call_id, status, outcome, trim_scale(cost)::text, has_report, holds_line
    from calls";
const LINES: &str = "select coalesce(sum(lines_in_use), 0)::bigint from line_pools";

async fn connect(admin: &Config) -> anyhow::Result<Client> {
    let (client, connection) = admin.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

pub(super) async fn wait_until_applied(admin: &Config, at_most: Duration) -> anyhow::Result<()> {
    let end = Instant::now() + at_most;
    let client = connect(admin).await?;
    while client.query_one(WAITING, &[]).await?.get::<_, i64>(0) > 0 {
        if Instant::now() > end {
            bail!("events still wait to be applied");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Whatever the tables tell otherwise.
pub(super) async fn judge(admin: &Config, story: &Story) -> anyhow::Result<Vec<String>> {
    let client = connect(admin).await?;
    let mut found = known(&client).await?;
    let mut violations: Vec<String> = Vec::new();
    for (id, expected) in &story.calls {
        match found.remove(id) {
            Some(found) if found == *expected => {}
            found => violations.push(format!("{id} is {found:?} and should be {expected:?}")),
        }
    }
    violations.extend(found.into_keys().map(|id| format!("{id} was never told of")));
    let not_applied = client.query(NOT_APPLIED, &[]).await?;
    violations.extend(not_applied.iter().map(|row| format!("an event is {}", row.get::<_, String>(0))));
    let lines: i64 = client.query_one(LINES, &[]).await?.get(0);
    let held = story.calls.values().filter(|known| known.holds_line).count();
    if usize::try_from(lines) != Ok(held) {
        violations.push(format!("{lines} lines are in use, and {held} calls go on"));
    }
    let count = violations.len();
    violations.truncate(SHOWN_MAX);
    if count > SHOWN_MAX {
        violations.push(format!("and {} more", count - SHOWN_MAX));
    }
    Ok(violations)
}

async fn known(client: &Client) -> anyhow::Result<HashMap<String, Known>> {
    let mut known: HashMap<String, Known> = HashMap::new();
    for row in client.query(CALLS, &[]).await? {
        let call = Known {
            status: row.get(1),
            outcome: row.get(2),
            cost: row.get(3),
            has_report: row.get(4),
            holds_line: row.get(5),
            ..Known::default()
        };
        known.insert(row.get(0), call);
    }
    for row in client.query(EVENTS, &[]).await? {
        let id: Option<String> = row.get(0);
        let id = id.context("an event names no call")?;
        known.entry(id).or_default().events.insert(row.get(1), row.get(2));
    }
    Ok(known)
}
