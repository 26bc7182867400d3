//! The tools that are answered here, and where calls may go on to.

use super::{MAYA, call_tool, question};
use crate::support::{Client, World};
use jiff::SignedDuration;
use serde_json::{Value, json};
use trunkline::domain::passages;
use trunkline::store::knowledge;
use trunkline::store::transfer_destinations::{self, TransferDestination};
use vapi_sim::{Outcome, Scene};

const OWEN: &str = "+12125550147";

/// Gives the client's assistant tools at the provider.
async fn give_tools(world: &World, client: &Client, tools: Value) {
    let body = json!({ "model": { "tools": tools } });
    let address = format!("{}/assistant/{}", world.provider.base_url(), client.assistant_id);
    let request = world.browser.patch(address).bearer_auth("sim-key-1").header("user-agent", "by hand");
    assert_eq!(request.json(&body).send().await.unwrap().status(), 200);
}

fn function(name: &str) -> Value {
    json!({ "type": "function", "function": { "name": name, "parameters": { "type": "object", "properties": {} } } })
}

#[tokio::test]
async fn who_asks_in_a_call_not_to_be_called_is_never_called_again() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    give_tools(&world, &acme, json!([function("opt_out")])).await;
    world.provider.script_phone(MAYA, vec![Outcome::scene(Scene::OptOut), Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;

    world.finish_calls().await;
    assert_eq!(world.sql("select phone || ' ' || source from dnc_entries").await, [format!("{MAYA} call")]);
    assert_eq!(world.sql("select action from audit_entries where action like 'lead.%'").await, ["lead.put_on_dnc"]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA]);
    let excluded = world.sql("select because from enrollments where disposition = 'excluded'").await;
    assert_eq!(excluded, ["do_not_call"]);
    world.check_books().await;
}

#[tokio::test]
async fn an_opt_out_withdraws_what_is_planned_in_all_campaigns() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer]);
    world.campaign(&acme, &[MAYA]).await;
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;
    assert_eq!(world.sql("select count(*) from attempts where state = 'scheduled'").await, ["2"]);

    let result = call_tool(&world, &acme, MAYA, ("optOut", json!({}))).await;

    assert_eq!(result["result"], "Noted: this person will not be called again.");
    assert_eq!(world.sql("select count(*) from attempts where state = 'scheduled'").await, ["0"]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["excluded", "excluded"]);
    assert_eq!(world.sql("select distinct status from campaigns").await, ["completed"]);
    world.check_books().await;
}

#[tokio::test]
async fn an_opt_out_stops_a_try_that_is_claimed_already() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    assert_eq!(claimed.len(), 1);

    call_tool(&world, &acme, MAYA, ("opt_out", json!({}))).await;
    for fenced in claimed {
        world.node.dialer.send(acme.id, fenced).await.unwrap();
    }
    world.finish_calls().await;

    assert_eq!(world.rang(), [""; 0]);
}

#[tokio::test]
async fn an_assistant_learns_of_the_lead_in_its_call_and_of_no_other() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let rival = world.client("Rival").await;
    world.campaign(&acme, &[MAYA, OWEN]).await;
    world
        .sql(&format!("update leads set name = 'Owen', variables = '{{\"city\": \"Troy\"}}' where phone = '{OWEN}'"))
        .await;

    // Whoever it asks for, it hears of the one it talks to.
    let result = call_tool(&world, &acme, OWEN, ("look_up_lead", json!({ "phone": MAYA }))).await;
    let record: Value = serde_json::from_str(result["result"].as_str().unwrap()).unwrap();
    let details = json!({ "city": "Troy" });
    assert_eq!(record, json!({ "name": "Owen", "phone": OWEN, "external_id": null, "details": details }));

    let result = call_tool(&world, &rival, OWEN, ("look_up_lead", json!({}))).await;
    assert_eq!(result["error"], "nothing is known of this person");
}

#[tokio::test]
async fn a_note_is_kept_once_with_its_call_and_its_lead() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;

    for _ in 0..2 {
        let result = call_tool(&world, &acme, MAYA, ("leave_note", json!({ "note": "Has a\nlarge dog." }))).await;
        assert_eq!(result["result"], "The note is kept.");
    }

    let notes = "select n.text || ' ' || l.phone from call_notes n join leads l on l.id = n.lead_id";
    assert_eq!(world.sql(notes).await, [format!("Has a\nlarge dog. {MAYA}")]);
    world.apply().await;
    let call = world.sql("select id from calls where provider_call_id = 'call-1'").await.remove(0);
    let viewer = world.viewer(&acme).await;
    let page = world.get(&viewer, &format!("/o/{}/calls/{call}", acme.slug)).await;
    assert!(page.body.contains("large dog"));
    let nothing = call_tool(&world, &acme, MAYA, ("leave_note", json!({}))).await;
    assert_eq!(nothing["error"], "there is no note: give it as `note`");
}

#[tokio::test]
async fn a_call_is_transferred_to_what_is_allowed() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let asked = question(&acme, "transfer-destination-request", MAYA, json!({}));
    assert_eq!(world.webhook(&asked).await.1, json!({ "error": "no destination is set up for this call" }));

    let desk = TransferDestination {
        name: "Front desk".to_owned(),
        number: "+12125550100".to_owned(),
        message: Some("One moment.".to_owned()),
    };
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    transfer_destinations::put(&tx, &desk, world.now()).await.unwrap();
    tx.commit().await.unwrap();
    give_tools(&world, &acme, json!([{ "type": "transferCall", "destinations": [] }])).await;
    world.provider.script_phone(MAYA, vec![Outcome::scene(Scene::Transfer)]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;

    let address = format!("{}/call", world.provider.base_url());
    let request = world.browser.get(address).bearer_auth("sim-key-1").header("user-agent", "by hand");
    let calls: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(calls[0]["destination"], json!({ "type": "number", "number": desk.number, "message": "One moment." }));
    let elsewhere = json!({ "parameters": { "destination": "+19005550199" } });
    let (_, answer) = world.webhook(&question(&acme, "transfer-destination-request", MAYA, elsewhere)).await;
    assert_eq!(answer, json!({ "error": "no destination is set up for this call" }));
}

#[tokio::test]
async fn a_call_is_handed_over_to_an_agent_of_the_same_organization_by_name() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.client("Rival").await;
    let to =
        |agent: &str| question(&acme, "handoff-destination-request", MAYA, json!({ "parameters": { "agent": agent } }));

    let (_, answer) = world.webhook(&to("ava")).await;
    assert_eq!(answer, json!({ "destination": { "type": "assistant", "assistantId": acme.assistant_id } }));
    let (_, answer) = world.webhook(&to("Somebody")).await;
    let error = "no destination is set up for this call";
    assert_eq!(answer, json!({ "destination": { "type": "assistant" }, "error": error }));
}

#[tokio::test]
async fn a_question_is_answered_from_the_organizations_own_documents() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let rival = world.client("Rival").await;
    for (client, text) in [(&acme, "We open at nine.\n\nParking is behind the house."), (&rival, "We never open.")] {
        let tx = world.node.db.tenant(client.id).await.unwrap();
        knowledge::put(&tx, "Visits", &passages::passages(text).unwrap(), world.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let said = |text: &str| {
        let messages = json!([{ "role": "user", "content": text }]);
        question(&acme, "knowledge-base-request", MAYA, json!({ "messagesOpenAIFormatted": messages }))
    };

    let (_, answer) = world.webhook(&said("So, when do you open, please?")).await;
    let documents = answer["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 1);
    assert!(documents[0]["content"].as_str().unwrap().starts_with("We open at nine."));
    assert!((0.0..=1.0).contains(&documents[0]["similarity"].as_f64().unwrap()));
    assert_eq!(world.webhook(&said("Giraffes!")).await.1, json!({ "documents": [] }));
    assert_eq!(world.webhook(&said("")).await.1, json!({ "documents": [] }));
}

#[tokio::test]
async fn who_books_a_call_back_is_called_then_and_not_before() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer, Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;

    // She rings back: noon in New York, and the next try would be in two hours.
    let result = call_tool(&world, &acme, MAYA, ("bookCallBack", json!({ "time": "2026-03-05T15:30" }))).await;
    assert_eq!(result["result"], "Booked: this person is called on Thursday, March 5, at 3:30 PM (America/New_York).");
    world.advance(SignedDuration::from_hours(6));
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    world.advance(SignedDuration::from_hours(22));
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA, MAYA]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    let result = call_tool(&world, &acme, MAYA, ("book_call_back", json!({ "in_minutes": 60 }))).await;
    assert_eq!(result["error"], "nothing is planned for this person that could be moved");
    world.check_books().await;
}

#[tokio::test]
async fn a_call_back_that_is_booked_in_a_call_is_its_next_try() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    world.provider.script_phone(MAYA, vec![Outcome::answered(), Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    let call = world.sql("select provider_call_id from attempts").await.remove(0);
    let tool = json!({ "id": "t1", "function": { "name": "book_call_back", "arguments": { "in_minutes": 180 } } });
    let mut asked = question(&acme, "tool-calls", MAYA, json!({ "toolCallList": [tool] }));
    asked["message"]["call"]["id"] = call.into();

    let night = json!({ "in_minutes": 12 * 60 });
    let refused = call_tool(&world, &acme, MAYA, ("book_call_back", night)).await;
    assert!(refused["error"].as_str().unwrap().starts_with("nobody may be called then; the next time is Thursday"));
    let (_, answer) = world.webhook(&asked).await;
    assert!(answer["results"][0]["result"].as_str().unwrap().contains("March 4, at 3:00 PM"), "{answer}");
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    world.advance(SignedDuration::from_hours(3));
    world.finish_calls().await;

    assert_eq!(world.rang(), [MAYA, MAYA]);
    world.check_books().await;
}
