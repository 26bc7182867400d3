//! The simulated provider of the demo. What it keeps is in memory, so each start furnishes it from the database: its
//! accounts, the agents' copies and the numbers, under the ids that the database knows.

use super::world::{ACCOUNTS, DemoAccount, lines_of_pool};
use crate::clock::Clock;
use crate::domain::status::AttemptState;
use crate::store::{Db, installation};
use anyhow::Context as _;
use serde_json::json;
use std::sync::Arc;
use vapi_sim::{Account, Knobs, Simulator, SimulatorConfig};

/// The provider's name of an account.
pub(super) fn org_id(account: &str) -> String {
    format!("org-{account}")
}

/// The provider's name of a pool.
pub(super) fn subscription(pool: &str) -> String {
    format!("subscription-{pool}")
}

/// Starts it on the demo's clock with its accounts and lines.
pub(super) async fn start(clock: &Clock, clients: usize, seed: u64, knobs: Knobs) -> anyhow::Result<Simulator> {
    let read = clock.clone();
    let config = SimulatorConfig { seed, auto_run: true, knobs, ..SimulatorConfig::new(Arc::new(move || read.now())) };
    let simulator = Simulator::start(config).await.context("the simulated provider could not be started")?;
    for DemoAccount { name, pool, key } in ACCOUNTS {
        simulator.add_subscription(&subscription(pool), lines_of_pool(pool, clients));
        simulator.add_account(Account {
            key: (*key).to_owned(),
            public_key: format!("sim-public-{name}"),
            org_id: org_id(name),
            subscription: subscription(pool),
        });
    }
    Ok(simulator)
}

/// Gives it the agents' copies and the numbers, and the calls that were going on when it was last stopped: like a provider
/// whose worker died, it tells that they are over.
pub(super) async fn furnish(simulator: &Simulator, db: &Db, clock: &Clock) -> anyhow::Result<()> {
    let tx = db.agency().await?;
    for assistant in installation::assistants(&tx).await? {
        let voicemail = if assistant.detects_voicemail { json!({ "provider": "vapi" }) } else { json!("off") };
        let body = json!({
            "id": assistant.assistant_id,
            "name": format!("{} of {}", assistant.agent, assistant.organization).chars().take(40).collect::<String>(),
            "firstMessage": format!("Hi, this is {} from {}.", assistant.agent, assistant.organization_name),
            "voicemailDetection": voicemail,
        });
        simulator.add_assistant(&org_id(&assistant.account), body);
    }
    for number in installation::numbers(&tx).await? {
        let body = json!({ "id": number.provider_number_id, "provider": "twilio", "number": number.number });
        simulator.add_phone_number(&org_id(&number.account), body);
    }
    for attempt in installation::sent_attempts(&tx).await? {
        let is_going_on = matches!(attempt.state, AttemptState::Accepted | AttemptState::Held);
        if let (true, Some(call), Some(account)) = (is_going_on, &attempt.provider_call_id, &attempt.account) {
            simulator.restore_ended_call(vapi_sim::RestoredCall {
                org_id: &org_id(account),
                id: call,
                name: &attempt.id,
                phone: &attempt.phone,
                created_at: attempt.sending_at,
                ended_at: clock.now(),
            });
        }
    }
    Ok(())
}
