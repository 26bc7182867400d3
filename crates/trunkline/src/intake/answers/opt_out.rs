//! The tool `opt_out`: the person in the call does not want to be called again.

use super::tool_calls::{Outcome, not_done};
use super::{Answers, Question};
use crate::domain::ids::OrganizationId;
use crate::store::audit::{self, Entry};
use crate::store::dnc::{self, DncSource};
use crate::store::{Result, opt_outs, organization_turns, subjects};
use serde_json::json;

/// As the list of a lead's tries and the do-not-call list show it.
const REASON: &str = "asked in a call not to be called again";
/// As an exclusion by the do-not-call list is remembered.
const BECAUSE: &str = "do_not_call";

/// The entry is committed first, without any lock: from then on nothing rings. What was planned is withdrawn after it, and
/// if that fails it is excluded at its claim.
pub(super) async fn run(answers: &Answers, question: &Question) -> Outcome {
    let Some(organization) = question.organization else { return Err("nobody knows whose call this is".to_owned()) };
    let entered = enter(answers, organization, question).await;
    let Some(phone) = entered.map_err(|error| not_done("enter an opt-out", &error))? else {
        return Err("the phone of the person is not known".to_owned());
    };
    if let Err(error) = withdraw(answers, organization, &phone).await {
        tracing::error!(organization.id = %organization, ?error, "the planned tries of an opt-out wait for their claim");
    }
    Ok("Noted: this person will not be called again.".to_owned())
}

/// The phone that must not be called from now on.
async fn enter(answers: &Answers, organization: OrganizationId, question: &Question) -> Result<Option<String>> {
    let now = answers.clock.now();
    let caller = question.phone();
    let tx = answers.db.tenant(organization).await?;
    let lead = subjects::of_call(&tx, question.clues(caller.as_deref())).await?;
    let subject = lead.as_ref().map(|lead| format!("lead/{}", lead.lead));
    let Some(phone) = lead.map(|lead| lead.phone).or(caller) else { return Ok(None) };
    if dnc::add(&tx, &phone, (REASON, DncSource::Call), now).await? {
        let entry = Entry {
            by: None,
            action: "lead.put_on_dnc",
            subject: subject.unwrap_or_else(|| "phone".to_owned()),
            detail: json!({ "source": "call", "provider_call_id": question.call_id() }),
        };
        audit::add(&tx, &entry, now).await?;
    }
    tx.commit().await?;
    Ok(Some(phone))
}

async fn withdraw(answers: &Answers, organization: OrganizationId, phone: &str) -> Result<()> {
    let tx = answers.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    opt_outs::withdraw(&tx, phone, BECAUSE, answers.clock.now()).await?;
    tx.commit().await
}
