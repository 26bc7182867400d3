//! What the ends of calls tell about the numbers they were made from: one that people stopped answering rests by itself.

use crate::domain::answer_rate::{self, Fall};
use crate::domain::ids::PhoneNumberId;
use crate::domain::outcome::{EndedAs, Outcome};
use crate::store::attempts::Attempt;
use crate::store::audit::{self, Entry};
use crate::store::phone_number_answers::{self, Series};
use crate::store::{Result, TenantTx, phone_number_holds};
use jiff::Timestamp;
use serde_json::json;

/// A call of the attempt has ended, for the first time. Only a phone that rang says something, and only the first call to a
/// lead.
pub(super) async fn note(tx: &TenantTx, attempt: &Attempt, ended_as: EndedAs, now: Timestamp) -> Result<()> {
    let EndedAs::Rang(outcome) = ended_as else { return Ok(()) };
    if attempt.attempts_made > 0 {
        return Ok(());
    }
    let answered = outcome == Outcome::Answered;
    let Some(Series { number, answers }) = phone_number_answers::note(tx, attempt.id, answered).await? else {
        return Ok(());
    };
    // An answer is no sign of a fall.
    match answer_rate::fall(&answers).filter(|_| !answered) {
        Some(fall) => rest(tx, number, fall, now).await,
        None => Ok(()),
    }
}

async fn rest(tx: &TenantTx, number: PhoneNumberId, fall: Fall, now: Timestamp) -> Result<()> {
    let (until, because) = (now + answer_rate::REST, fall.to_string());
    phone_number_answers::begin_anew(tx, number, now).await?;
    if !phone_number_holds::rest(tx, number, until, &because, now).await? {
        return Ok(());
    }
    phone_number_answers::note_rest(tx, number, now).await?;
    let detail = json!({ "because": because, "until": until });
    let entry = Entry { by: None, action: "number.rested", subject: format!("number/{number}"), detail };
    audit::add(tx, &entry, now).await?;
    tracing::warn!(number.id = %number, "number {number} rests: {because}");
    Ok(())
}
