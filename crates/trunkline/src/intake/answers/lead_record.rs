//! The tool `look_up_lead`: what is known of the person in the call. It takes no argument, so it can tell of nobody else.

use super::tool_calls::{Outcome, not_done};
use super::{Answers, Question};
use crate::store::Result;
use crate::store::subjects::{self, Subject};
use serde_json::json;

pub(super) async fn run(answers: &Answers, question: &Question) -> Outcome {
    let subject = subject(answers, question).await.map_err(|error| not_done("look up a lead", &error))?;
    let Some(Subject { lead: _, phone, name, external_id, variables }) = subject else {
        return Err("nothing is known of this person".to_owned());
    };
    let record = json!({ "name": name, "phone": phone, "external_id": external_id, "details": variables });
    Ok(record.to_string())
}

async fn subject(answers: &Answers, question: &Question) -> Result<Option<Subject>> {
    let Some(organization) = question.organization else { return Ok(None) };
    let phone = question.phone();
    let tx = answers.db.tenant(organization).await?;
    let subject = subjects::of_call(&tx, question.clues(phone.as_deref())).await?;
    tx.commit().await?;
    Ok(subject)
}
