//! An organization's own tools: the call is passed on to its server, signed as Standard Webhooks says, and its result is
//! passed back.

use super::tool_calls::Outcome;
use super::web::Unreached;
use super::{Answers, NOT_NOW, Question};
use crate::domain::ids::OrganizationId;
use crate::store::tools::Tool;
use crate::vault::tool_place;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;
use vapi::ToolCall;

const NO_SUCH_TOOL: &str = "there is no such tool here";

pub(super) async fn run(answers: &Answers, question: &Question, call: &ToolCall) -> Outcome {
    let Some(organization) = question.organization else { return Err(NO_SUCH_TOOL.to_owned()) };
    let reception = answers.reception(question).await.ok_or(NOT_NOW)?;
    let Some(tool) = reception.tools.iter().find(|tool| tool.name == call.name) else {
        return Err(NO_SUCH_TOOL.to_owned());
    };
    match ask(answers, organization, question, (tool, call)).await {
        Ok(answer) => outcome(&answer),
        Err(error) => {
            tracing::warn!(organization.id = %organization, tool = tool.name, %error, "an organization's tool failed");
            Err("the tool did not answer".to_owned())
        }
    }
}

/// The server's answer, whatever it says.
async fn ask(
    answers: &Answers,
    organization: OrganizationId,
    question: &Question,
    (tool, call): (&Tool, &ToolCall),
) -> Result<String, Unreached> {
    let secret = answers.vault.open(&tool_place(organization, &tool.name), &tool.sealed_secret);
    let secret = secret.map_err(|_| Unreached::NoSecret)?;
    let asked = json!({ "tool": tool.name, "arguments": call.arguments, "call_id": question.call_id() });
    let body = asked.to_string();
    // The same for a question that is asked again, so that the server can tell.
    let id = format!("{}/{}", question.call_id().unwrap_or_default(), call.id);
    let headers = signed(&secret, &id, answers.clock.now().as_second(), &body);
    let timeout = Duration::from_millis(u64::try_from(tool.timeout_ms).unwrap_or(0));
    answers.web.post(&tool.url, headers, body, timeout).await
}

/// The headers of Standard Webhooks: the signature covers id, time and body.
fn signed(secret: &SecretString, id: &str, at: i64, body: &str) -> Vec<(&'static str, String)> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    vec![("webhook-id", id.to_owned()), ("webhook-timestamp", at.to_string()), ("webhook-signature", signature)]
}

/// `{"result": …}` or `{"error": …}`, each a text or anything else that JSON says; what is no such object is the result.
fn outcome(answer: &str) -> Outcome {
    #[derive(Deserialize)]
    struct Said {
        result: Option<Value>,
        error: Option<Value>,
    }
    match serde_json::from_str::<Said>(answer) {
        Ok(Said { error: Some(error), .. }) => Err(text(error)),
        Ok(Said { result: Some(result), .. }) => Ok(text(result)),
        _ => Ok(answer.to_owned()),
    }
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_result_or_an_error_or_as_it_stands() {
        assert_eq!(outcome(r#"{"result":"two slots"}"#), Ok("two slots".to_owned()));
        assert_eq!(outcome(r#"{"result":{"slots":2}}"#), Ok(r#"{"slots":2}"#.to_owned()));
        assert_eq!(outcome(r#"{"error":"closed","result":"x"}"#), Err("closed".to_owned()));
        assert_eq!(outcome(r#"{"slots":2}"#), Ok(r#"{"slots":2}"#.to_owned()));
        assert_eq!(outcome("two slots"), Ok("two slots".to_owned()));
        assert_eq!(outcome(""), Ok(String::new()));
    }

    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let headers = signed(&SecretString::from("secret"), "call/1", 1_772_643_600, "{}");

        assert_eq!(headers[0], ("webhook-id", "call/1".to_owned()));
        assert_eq!(headers[1], ("webhook-timestamp", "1772643600".to_owned()));
        let mut mac = Hmac::<Sha256>::new_from_slice(b"secret").unwrap();
        mac.update(b"call/1.1772643600.{}");
        assert_eq!(headers[2].1, format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    }
}
