//! The tool `leave_note`: something to be remembered of the call, shown with it and with its lead.

use super::tool_calls::{Outcome, not_done};
use super::{Answers, Question};
use crate::domain::ids::OrganizationId;
use crate::domain::tool::{shortened, text_argument};
use crate::store::call_notes::{self, NewNote};
use crate::store::{Result, subjects};
use vapi::ToolCall;

const NOTE_CHARS_MAX: usize = 2000;
const ARGUMENTS: [&str; 4] = ["note", "text", "message", "content"];

pub(super) async fn run(answers: &Answers, question: &Question, call: &ToolCall) -> Outcome {
    let (Some(organization), Some(call_id)) = (question.organization, question.call_id()) else {
        return Err("nobody knows which call this is".to_owned());
    };
    let Some(text) = text_argument(&call.arguments, &ARGUMENTS) else {
        return Err("there is no note: give it as `note`".to_owned());
    };
    let text = shortened(&text, NOTE_CHARS_MAX);
    let kept = keep(answers, organization, question, (call_id, &call.id, text)).await;
    kept.map_err(|error| not_done("keep a note", &error))?;
    Ok("The note is kept.".to_owned())
}

async fn keep(
    answers: &Answers,
    organization: OrganizationId,
    question: &Question,
    (provider_call_id, tool_call_id, text): (&str, &str, &str),
) -> Result<()> {
    let phone = question.phone();
    let tx = answers.db.tenant(organization).await?;
    let lead = subjects::of_call(&tx, question.clues(phone.as_deref())).await?.map(|subject| subject.lead);
    let note = NewNote { account: question.account, provider_call_id, tool_call_id, lead, text };
    call_notes::add(&tx, &note, answers.clock.now()).await?;
    tx.commit().await
}
