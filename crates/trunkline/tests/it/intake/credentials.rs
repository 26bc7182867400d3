//! Who may send webhooks: whoever proves to hold a secret of an account, in one of three ways. The provider signs them.

use super::MAYA;
use crate::support::World;
use jiff::SignedDuration;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use trunkline::provision;
use trunkline::store::provider_accounts::{self, WebhookCredential};
use trunkline::vault::secret_place;

/// Gives the first account a further way to prove itself.
async fn add_credential(world: &World, kind: &str, secret: &str, settings: Value) {
    let id = uuid::Uuid::now_v7();
    let sealed_secret = world.vault.seal(&secret_place(id), &SecretString::from(secret));
    let credential = WebhookCredential {
        id,
        account: world.account,
        kind: kind.to_owned(),
        sealed_secret,
        settings,
        expires_at: None,
    };
    provider_accounts::add_credential(&world.node.db, &credential, world.now()).await.unwrap();
}

/// Has somebody call a number whose messages the provider sends with `plan`; returns how many were kept and how many refused.
async fn inbound(world: &World, plan: Value) -> (u64, u64) {
    let api = world.provider.base_url();
    let request =
        world.browser.post(format!("{api}/credential")).bearer_auth("sim-key-1").header("user-agent", "by hand");
    let created = request.json(&json!({ "provider": "webhook", "authenticationPlan": plan })).send().await.unwrap();
    let created: Value = created.json().await.unwrap();
    let server = json!({ "url": format!("{}/webhooks/vapi", world.base_url), "credentialId": created["id"] });
    world.provider.set_org_server("org-1", server);
    let before = world.provider.totals();
    let number = world.sql("select number from phone_numbers").await.remove(0);
    world.provider.inbound_call(&number, MAYA).unwrap();
    world.finish_calls().await;
    let after = world.provider.totals();
    (after.webhooks_delivered - before.webhooks_delivered, after.webhooks_failed - before.webhooks_failed)
}

#[tokio::test]
async fn a_webhook_proves_itself_by_a_token_or_by_a_signature() {
    let world = World::new().await;
    world.client("Acme").await;
    add_credential(&world, "bearer", "b3arer", json!({})).await;
    add_credential(&world, "hmac", "sh4red", json!({ "algorithm": "sha256" })).await;
    let settings = json!({ "algorithm": "sha512", "signature_header": "x-sig", "signature_encoding": "base64",
                           "signature_prefix": "v1=", "payload_format": "{method}.{url}.{timestamp}.{body}" });
    add_credential(&world, "hmac", "oth3r", settings).await;
    let plans = [
        json!({ "type": "bearer", "token": "b3arer" }),
        json!({ "type": "hmac", "secretKey": "sh4red", "algorithm": "sha256" }),
        json!({ "type": "hmac", "secretKey": "oth3r", "algorithm": "sha512", "signatureHeader": "x-sig",
                "signatureEncoding": "base64", "signaturePrefix": "v1=",
                "payloadFormat": "{method}.{url}.{timestamp}.{body}" }),
    ];

    for plan in plans {
        let (kept, refused) = inbound(&world, plan.clone()).await;
        assert!(kept > 2 && refused == 0, "{kept} kept, {refused} refused with {plan}");
    }

    assert_eq!(world.sql("select distinct outcome from calls").await, ["answered"]);
    let delivered = world.provider.totals().webhooks_delivered;
    assert_eq!(world.sql("select count(*) from events where source = 'webhook'").await, [delivered.to_string()]);
}

#[tokio::test]
async fn a_webhook_with_a_wrong_proof_is_refused_and_nothing_is_kept() {
    let world = World::new().await;
    world.client("Acme").await;
    add_credential(&world, "hmac", "sh4red", json!({})).await;
    let plans = [
        json!({ "type": "bearer", "token": "sh4red" }),
        json!({ "type": "hmac", "secretKey": "guess", "algorithm": "sha256" }),
        json!({ "type": "hmac", "secretKey": "sh4red", "algorithm": "sha1" }),
    ];

    for plan in plans {
        let (kept, refused) = inbound(&world, plan.clone()).await;
        assert!(kept == 0 && refused > 0, "{kept} kept, {refused} refused with {plan}");
    }
    for headers in [vec![], vec![("x-vapi-secret", "")], vec![("x-vapi-secret", "guess")]] {
        assert_eq!(world.webhook_with(&headers, "{}").await.0, StatusCode::UNAUTHORIZED);
    }

    assert_eq!(world.sql("select count(*) from events where source = 'webhook'").await, ["0"]);
}

#[tokio::test]
async fn what_was_refused_is_counted_by_reason_and_shown() {
    let world = World::new().await;
    add_credential(&world, "hmac", "sh4red", json!({})).await;
    // printf '%s' '1.{}' | openssl dgst -sha256 -hmac sh4red
    let old = "c79b7a4aae08ab65ab5109f0414a95fd1944fa15cd3ad2de928024ebe976ce90";
    for headers in [vec![], vec![("x-vapi-secret", "guess")], vec![("x-signature", "00"), ("x-timestamp", "1")]] {
        assert_eq!(world.webhook_with(&headers, "{}").await.0, StatusCode::UNAUTHORIZED);
    }
    let replayed = [("x-signature", old), ("x-timestamp", "1")];
    assert_eq!(world.webhook_with(&replayed, "{}").await.0, StatusCode::UNAUTHORIZED);

    world.node.intake.tell_refusals().await.unwrap();
    world.node.intake.tell_refusals().await.unwrap();

    let counts = "select reason || ' ' || count from webhook_refusals order by 1";
    assert_eq!(world.sql(counts).await, ["missing 1", "stale 1", "wrong 2"]);
    let operator = world.operator().await;
    let page = world.get(&operator, "/webhooks").await.body;
    let (_, refused) = page.split_once("Refused").unwrap();
    assert!(refused.split("wrong secret").next().unwrap().contains(">4<"), "{refused}");
}

#[tokio::test]
async fn a_secret_is_rotated_with_an_overlap() {
    let world = World::new().await;
    let (old, new) = (world.webhook_secret().await, SecretString::from("the new one"));
    let added = provision::WebhookSecret { account: world.account, kind: "secret", secret: &new, settings: json!({}) };
    let id = provision::add_webhook_credential(&world.node.db, &world.vault, &added, world.now()).await.unwrap();
    let until = world.now() + SignedDuration::from_hours(24);
    let of = (world.account, "secret", id);
    assert_eq!(provider_accounts::expire_older(&world.node.db, of, until).await.unwrap(), 1);

    let told = async |secret: &str| world.webhook_with(&[("x-vapi-secret", secret)], "{}").await.0;
    assert_eq!((told(&old).await, told("the new one").await), (StatusCode::OK, StatusCode::OK));
    world.advance(SignedDuration::from_hours(25));

    assert_eq!((told(&old).await, told("the new one").await), (StatusCode::UNAUTHORIZED, StatusCode::OK));
}
