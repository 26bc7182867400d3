//! `tool-calls`: the assistant's tools. A result is one line of text, for the model; one that fails spoils no other.

use super::{Answers, NOT_NOW, Question, call_back, lead_record, note, opt_out, own_tool};
use crate::domain::tool::{BuiltIn, shortened};
use futures_util::{StreamExt as _, stream};
use std::time::Duration;
use vapi::{ToolCall, ToolCallsAnswer, ToolResult};

/// Calls of one message that are made; the others are told so.
const CALLS_MAX: usize = 32;
const CALLS_AT_ONCE: usize = 8;
/// For one call, so that those beside it are answered in any case.
const CALL_TIMEOUT: Duration = Duration::from_secs(13);
/// A model reads no more of a result while a person waits.
const RESULT_CHARS_MAX: usize = 4000;

/// What a tool found, or why it found nothing, in words for the model.
pub(super) type Outcome = std::result::Result<String, String>;

pub(super) async fn answer(answers: &Answers, question: &Question, calls: &[ToolCall]) -> ToolCallsAnswer {
    let made: Vec<_> = calls.iter().take(CALLS_MAX).map(|call| make(answers, question, call)).collect();
    let mut results: Vec<ToolResult> = stream::iter(made).buffered(CALLS_AT_ONCE).collect().await;
    let left = calls.iter().skip(CALLS_MAX);
    results.extend(left.map(|call| result(call, Err("too many tools were called at once".to_owned()))));
    ToolCallsAnswer { results }
}

async fn make(answers: &Answers, question: &Question, call: &ToolCall) -> ToolResult {
    let outcome = tokio::time::timeout(CALL_TIMEOUT, outcome(answers, question, call)).await;
    result(call, outcome.unwrap_or_else(|_| Err("it took too long".to_owned())))
}

async fn outcome(answers: &Answers, question: &Question, call: &ToolCall) -> Outcome {
    match BuiltIn::named(&call.name) {
        Some(BuiltIn::OptOut) => opt_out::run(answers, question).await,
        Some(BuiltIn::LookUpLead) => lead_record::run(answers, question).await,
        Some(BuiltIn::LeaveNote) => note::run(answers, question, call).await,
        Some(BuiltIn::BookCallBack) => call_back::run(answers, question, call).await,
        None => own_tool::run(answers, question, call).await,
    }
}

fn result(call: &ToolCall, outcome: Outcome) -> ToolResult {
    match outcome {
        Ok(found) => ToolResult::success(&call.id, &call.name, shortened(&found, RESULT_CHARS_MAX)),
        Err(why) => ToolResult::failure(&call.id, &call.name, shortened(&why, RESULT_CHARS_MAX)),
    }
}

/// For what the database did not do. The model is told no more.
pub(super) fn not_done(what: &str, error: &crate::store::Error) -> String {
    tracing::error!(?error, "a tool could not {what}");
    NOT_NOW.to_owned()
}
