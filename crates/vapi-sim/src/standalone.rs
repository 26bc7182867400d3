//! A simulator on its own, furnished with one account, for people who want to try a client or an SDK at once.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::account::Account;
use crate::config::{Clock, SimulatorConfig};
use crate::{Knobs, Simulator};

/// Org of the account it is furnished with.
pub const STANDALONE_ORG_ID: &str = "5a000000-0000-4000-8000-000000000001";
const SUBSCRIPTION: &str = "standalone";
const LINES_MAX: u32 = 10;

/// What to run.
#[derive(Clone)]
pub struct StandaloneOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Everything left to chance follows from this number.
    pub seed: u64,
    /// The source of time.
    pub clock: Clock,
    /// Bad days to begin with.
    pub knobs: Knobs,
}

/// Starts a furnished simulator that runs by itself. Returns it with its private key.
pub async fn start_standalone(options: &StandaloneOptions) -> io::Result<(Simulator, String)> {
    let StandaloneOptions { port, seed, clock, knobs } = options;
    let config =
        SimulatorConfig { port: *port, seed: *seed, auto_run: true, ..SimulatorConfig::new(Arc::clone(clock)) };
    let simulator = Simulator::start(SimulatorConfig { knobs: knobs.clone(), ..config }).await?;
    let key = format!("sim-private-{seed:08x}");
    simulator.add_subscription(SUBSCRIPTION, LINES_MAX);
    simulator.add_account(Account {
        key: key.clone(),
        public_key: format!("sim-public-{seed:08x}"),
        org_id: STANDALONE_ORG_ID.to_owned(),
        subscription: SUBSCRIPTION.to_owned(),
    });
    for assistant in assistants() {
        simulator.add_assistant(STANDALONE_ORG_ID, assistant);
    }
    for number in phone_numbers() {
        simulator.add_phone_number(STANDALONE_ORG_ID, number);
    }
    Ok((simulator, key))
}

/// Runs a furnished simulator until the process is interrupted. Writes to `out` a line `listening on URL`
/// and a line `key KEY`, then how to make the first call.
pub async fn run_standalone(options: StandaloneOptions, mut out: impl Write) -> io::Result<()> {
    let (simulator, key) = start_standalone(&options).await?;
    let url = simulator.base_url();
    writeln!(out, "listening on {url}\nkey {key}\n")?;
    writeln!(
        out,
        "Make a call:\n  curl {url}/call -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\"
    )?;
    writeln!(out, "    -d '{}'", first_call())?;
    writeln!(out, "See what happened:\n  curl {url}/sim/journal")?;
    out.flush()?;
    tokio::signal::ctrl_c().await?;
    simulator.shutdown().await;
    Ok(())
}

fn first_call() -> Value {
    json!({
        "assistantId": ASSISTANT_IDS[0],
        "phoneNumberId": PHONE_NUMBER_IDS[0],
        "customer": { "number": "+14155550123", "name": "Maria Alvarez" },
    })
}

const ASSISTANT_IDS: [&str; 3] = [
    "a5000000-0000-4000-8000-000000000001",
    "a5000000-0000-4000-8000-000000000002",
    "a5000000-0000-4000-8000-000000000003",
];
const PHONE_NUMBER_IDS: [&str; 2] = ["f0000000-0000-4000-8000-000000000001", "f0000000-0000-4000-8000-000000000002"];

fn assistants() -> [Value; 3] {
    let assistant = |id: &str, name: &str, first_message: &str, tools: Value| {
        json!({
            "id": id,
            "name": name,
            "firstMessage": first_message,
            "model": {
                "provider": "openai",
                "model": "gpt-4.1-mini",
                "messages": [{ "role": "system", "content": format!("You are {name}. Be brief and kind.") }],
                "tools": tools,
            },
            "voice": { "provider": "vapi", "voiceId": "Elliot" },
            "transcriber": { "provider": "deepgram", "model": "nova-3", "language": "en" },
            "voicemailDetection": { "provider": "vapi" },
            "serverMessages": ["status-update", "end-of-call-report", "tool-calls", "transfer-destination-request"],
            "maxDurationSeconds": 600,
        })
    };
    let [booking, quotes, intake] = ASSISTANT_IDS;
    [
        assistant(
            booking,
            "Appointment booking",
            "Hi {{customer.name}}, this is Ava from Brightside Dental. Do you have a minute to find you an appointment?",
            json!([
                tool("check_availability", "Finds free appointments", &["day"]),
                tool("book_appointment", "Books an appointment", &["name", "day", "time"]),
            ]),
        ),
        assistant(
            quotes,
            "Quote follow-up",
            "Hello {{customer.name}}, it's Jordan from Summit Roofing about the estimate we sent you. Did you get it?",
            json!([tool("update_quote", "Notes the answer to a quote", &["name", "amount"])]),
        ),
        assistant(
            intake,
            "Intake call-back",
            "Hello {{customer.name}}, this is Grace from Harbor Law Group returning your inquiry. Is now a good time?",
            json!([tool("save_intake", "Keeps the answers of an intake", &["name", "reason"])]),
        ),
    ]
}

fn tool(name: &str, description: &str, parameters: &[&str]) -> Value {
    let properties: serde_json::Map<String, Value> =
        parameters.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
    json!({
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": { "type": "object", "properties": properties, "required": parameters },
        },
    })
}

fn phone_numbers() -> [Value; 2] {
    let [own, free] = PHONE_NUMBER_IDS;
    [
        json!({ "id": free, "provider": "vapi", "number": "+16285550100", "name": "Bought at Vapi, 10 calls a day" }),
        json!({
            "id": own, "provider": "twilio", "number": "+14155550100", "name": "Imported from Twilio",
            "twilioAccountSid": "AC00000000000000000000000000000000", "assistantId": ASSISTANT_IDS[2],
        }),
    ]
}
