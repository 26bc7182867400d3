//! Webhooks: a provider account speaks for the organizations that use it, and for no others.

use super::{MAYA, Neighbors, STRANGERS_SECRET};
use crate::support::World;
use reqwest::StatusCode;
use serde_json::json;
use trunkline::domain::ids::{AttemptId, ProviderAccountId};
use trunkline::store::across::{self, Clues};

#[tokio::test]
async fn an_account_speaks_for_the_organizations_that_use_it() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, stranger } = &neighbors;

    for client in [acme, rival] {
        let of = |column: &str| format!("select {column} from attempts where organization_id = '{}'", client.id);
        let call = world.sql(&of("provider_call_id")).await.remove(0);
        let attempt: AttemptId = world.sql(&of("id")).await[0].parse().unwrap();
        for clues in [
            Clues { provider_call_id: Some(&call), ..Clues::default() },
            Clues { attempt: Some(attempt), ..Clues::default() },
            Clues { assistant_id: Some(&client.assistant_id), ..Clues::default() },
            Clues { provider_number_id: Some(&client.provider_number_id), ..Clues::default() },
        ] {
            let whose = |account: ProviderAccountId| across::attribute(&world.node.db, account, clues);
            assert_eq!(whose(world.account).await.unwrap(), Some(client.id), "{clues:?}");
            assert_eq!(whose(*stranger).await.unwrap(), None, "{clues:?}");
        }
    }
}

#[tokio::test]
async fn the_strongest_clue_tells_whose_a_message_is() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let call = format!("select provider_call_id from attempts where organization_id = '{}'", acme.id);
    let call = world.sql(&call).await.remove(0);
    let clues = Clues {
        provider_call_id: Some(&call),
        attempt: None,
        assistant_id: Some(&rival.assistant_id),
        provider_number_id: Some(&rival.provider_number_id),
    };

    assert_eq!(across::attribute(&world.node.db, world.account, clues).await.unwrap(), Some(acme.id));
}

#[tokio::test]
async fn a_message_of_an_account_about_a_strangers_call_changes_nothing() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, rival, .. } = &neighbors;
    let calls = "select md5(string_agg(c::text, '' order by c.id)) from calls c";
    let attempts = "select md5(string_agg(a::text, '' order by a.id)) from attempts a";
    let before = (world.sql(calls).await, world.sql(attempts).await);
    let of = |column: &str| format!("select {column} from attempts where organization_id = '{}'", rival.id);
    let (call, attempt) = (world.sql(&of("provider_call_id")).await.remove(0), world.sql(&of("id")).await.remove(0));
    let message = json!({ "message": {
        "type": "end-of-call-report",
        "timestamp": 1_772_643_600_000_u64,
        "endedReason": "customer-did-not-answer",
        "call": {
            "id": call, "name": attempt, "assistantId": rival.assistant_id,
            "phoneNumberId": rival.provider_number_id, "customer": { "number": MAYA },
        },
        "assistant": { "id": rival.assistant_id },
        "phoneNumber": { "id": rival.provider_number_id },
    }});

    let url = format!("{}/webhooks/vapi?attempt={attempt}", world.base_url);
    let answer = world.browser.post(url).header("x-vapi-secret", STRANGERS_SECRET).json(&message).send().await.unwrap();
    world.apply().await;
    world.node.intake.adopt_unattributed().await.unwrap();
    world.apply().await;

    assert_eq!(answer.status(), StatusCode::OK);
    let kept = "select concat_ws(' ', state, organization_id) from events where type = 'end-of-call-report' and state <> 'applied'";
    assert_eq!(world.sql(kept).await, ["unattributed"]);
    assert_eq!((world.sql(calls).await, world.sql(attempts).await), before);
}

#[tokio::test]
async fn a_webhook_without_a_secret_of_ours_is_not_kept() {
    let world = World::new().await;
    let url = format!("{}/webhooks/vapi", world.base_url);

    for secret in ["", STRANGERS_SECRET, "sim-key-1"] {
        let message = json!({ "message": { "type": "status-update", "status": "ringing" } });
        let answer = world.browser.post(&url).header("x-vapi-secret", secret).json(&message).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{secret}");
    }
    assert_eq!(world.sql("select count(*) from events").await, ["0"]);
}
