//! Where a message goes: a `server` object of Vapi with its credential, time limit and repetitions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::account::Org;
use crate::shelf::Resource;

const TIMEOUT_SECONDS_DEFAULT: u64 = 20;
const TIMEOUT_SECONDS_MAX: u64 = 300;
/// The most repetitions a `backoffPlan` may ask for.
const RETRIES_MAX: u32 = 10;

/// Repetitions the server asked for; without one a message is sent once.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    is_exponential: bool,
    retries_max: u32,
    base_delay_seconds: f64,
    excluded_statuses: Vec<u64>,
}

/// A server that gets messages.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) timeout: Duration,
    pub(crate) headers: BTreeMap<String, String>,
    /// The old form of authentication, still honoured: sent as `x-vapi-secret`.
    pub(crate) secret: Option<String>,
    /// A webhook credential of the org.
    pub(crate) credential: Option<Arc<Resource>>,
    backoff: Option<Backoff>,
}

impl Target {
    /// Reads a `server` object; `None` without a URL.
    pub(crate) fn read(server: &Value, org: &Org) -> Option<Self> {
        let url = server.get("url")?.as_str().filter(|url| !url.is_empty())?.to_owned();
        let text = |key: &str| server.get(key).and_then(Value::as_str);
        let timeout = server.get("timeoutSeconds").and_then(Value::as_u64).unwrap_or(TIMEOUT_SECONDS_DEFAULT);
        let headers = server.get("headers").and_then(Value::as_object).into_iter().flatten();
        Some(Self {
            url,
            timeout: Duration::from_secs(timeout.clamp(1, TIMEOUT_SECONDS_MAX)),
            headers: headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect(),
            secret: text("secret").map(str::to_owned),
            credential: text("credentialId").and_then(|id| org.credentials.get(id)).cloned(),
            backoff: server.get("backoffPlan").map(Backoff::read),
        })
    }

    /// Seconds until the next try after `try_number` tries, the last of which was answered `status`.
    pub(crate) fn retry_after(&self, try_number: u32, status: Option<u16>) -> Option<f64> {
        let backoff = self.backoff.as_ref()?;
        let is_excluded = status.is_some_and(|status| backoff.excluded_statuses.contains(&u64::from(status)));
        if is_excluded || try_number > backoff.retries_max {
            return None;
        }
        let doublings = if backoff.is_exponential { try_number.saturating_sub(1) } else { 0 };
        Some(backoff.base_delay_seconds * f64::from(1_u32 << doublings.min(RETRIES_MAX)))
    }
}

impl Backoff {
    fn read(plan: &Value) -> Self {
        let number = |key: &str| plan.get(key).and_then(Value::as_f64);
        let excluded = plan.get("excludedStatusCodes").and_then(Value::as_array).into_iter().flatten();
        let retries = plan.get("maxRetries").and_then(Value::as_u64).and_then(|max| u32::try_from(max).ok());
        Self {
            is_exponential: plan.get("type").and_then(Value::as_str) == Some("exponential"),
            retries_max: retries.unwrap_or(0).min(RETRIES_MAX),
            base_delay_seconds: number("baseDelaySeconds").unwrap_or(1.0).clamp(0.0, 10.0),
            excluded_statuses: excluded.filter_map(Value::as_u64).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Account;

    fn target(server: &Value) -> Target {
        let account = Account {
            key: String::new(),
            public_key: String::new(),
            org_id: String::new(),
            subscription: String::new(),
        };
        Target::read(server, &Org::new(account)).unwrap()
    }

    #[test]
    fn without_a_backoff_plan_a_message_is_sent_once() {
        assert_eq!(target(&json!({ "url": "http://a" })).retry_after(1, Some(500)), None);
    }

    #[test]
    fn an_exponential_plan_doubles_its_delay_until_its_last_retry() {
        let plan = json!({ "type": "exponential", "maxRetries": 3, "baseDelaySeconds": 2 });
        let target = target(&json!({ "url": "http://a", "backoffPlan": plan }));
        let delays: Vec<_> = (1..=4).map(|tries| target.retry_after(tries, None)).collect();
        assert_eq!(delays, [Some(2.0), Some(4.0), Some(8.0), None]);
    }

    #[test]
    fn an_excluded_status_is_not_retried() {
        let plan = json!({ "type": "fixed", "maxRetries": 3, "baseDelaySeconds": 1, "excludedStatusCodes": [401] });
        let target = target(&json!({ "url": "http://a", "backoffPlan": plan }));
        assert_eq!(target.retry_after(1, Some(401)), None);
        assert_eq!(target.retry_after(1, Some(500)), Some(1.0));
    }
}
