//! Answers to the questions that steer a live call, asked over HTTP as the provider asks them.

mod incoming;
mod odd_requests;
mod own_tools;
mod tools;
mod without_database;

use crate::support::{Client, World};
use serde_json::{Value, json};

const MAYA: &str = "+12125550146";
const NOBODY: &str = "Sorry, nobody can take your call right now. Goodbye.";

/// The provider's number asks this installation who takes its calls, and sends it what becomes of them.
async fn point_numbers_here(world: &World) {
    let secret = world.webhook_secret().await;
    let server = json!({ "url": format!("{}/webhooks/vapi", world.base_url), "headers": { "x-vapi-secret": secret } });
    world.provider.set_org_server("org-1", server);
}

/// A question about a call of the client's, whose other party is `phone`.
#[expect(clippy::needless_pass_by_value, reason = "what is more is written as a literal")]
fn question(client: &Client, kind: &str, phone: &str, more: Value) -> Value {
    let mut message = json!({
        "type": kind,
        "call": { "id": "call-1", "phoneNumberId": client.provider_number_id, "assistantId": client.assistant_id },
        "customer": { "number": phone },
    });
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "message": message })
}

/// Has the assistant call a tool in a call with `phone`, and gives the result's item.
async fn call_tool(world: &World, client: &Client, phone: &str, tool: (&str, Value)) -> Value {
    let (name, arguments) = tool;
    let call =
        json!({ "id": "t1", "type": "function", "function": { "name": name, "arguments": arguments.to_string() } });
    let asked = question(client, "tool-calls", phone, json!({ "toolCallList": [call] }));
    let (status, answer) = world.webhook(&asked).await;
    assert_eq!(status, 200);
    answer["results"][0].clone()
}
