//! What the ends of calls tell about the numbers they were made from: one that people stopped answering rests by itself.

use crate::domain::answer_rate::{self, Fall};
use crate::domain::outcome::{EndedAs, Outcome};
use crate::store::attempts::Attempt;
use crate::store::audit::{self, Entry};
use crate::store::phone_number_answers::{self, Answer, Series};
use crate::store::{Bound, Result, phone_number_holds};
use jiff::Timestamp;
use serde_json::json;

/// What the end of the attempt's call, told for the first time, says of the number: only a phone that rang says something,
/// and only the first call to a lead.
pub(super) fn answer(attempt: &Attempt, ended_as: EndedAs) -> Option<Answer> {
    let EndedAs::Rang(outcome) = ended_as else { return None };
    let is_answered = outcome == Outcome::Answered;
    let answer = Answer { organization: attempt.organization, attempt: attempt.id, is_answered };
    (attempt.attempts_made == 0).then_some(answer)
}

/// Notes answers in the order in which they were told; a number whose rate fell rests.
pub(super) async fn note(tx: &impl Bound, answers: &[Answer], now: Timestamp) -> Result<()> {
    for series in phone_number_answers::note(tx, answers).await? {
        // An answer is no sign of a fall.
        let is_answered = series.answers.last().copied().unwrap_or_default();
        if let Some(fall) = answer_rate::fall(&series.answers).filter(|_| !is_answered) {
            rest(tx, &series, fall, now).await?;
        }
    }
    Ok(())
}

async fn rest(tx: &impl Bound, series: &Series, fall: Fall, now: Timestamp) -> Result<()> {
    let (until, because) = (now + answer_rate::REST, fall.to_string());
    let number = series.number;
    let of = (series.organization, number);
    phone_number_answers::begin_anew(tx, of, now).await?;
    if !phone_number_holds::rest(tx, of, until, &because, now).await? {
        return Ok(());
    }
    phone_number_answers::note_rest(tx, of, now).await?;
    let detail = json!({ "because": because, "until": until });
    let entry = Entry { by: None, action: "number.rested", subject: format!("number/{number}"), detail };
    audit::add_of(tx, series.organization, &entry, now).await?;
    tracing::warn!(number.id = %number, "number {number} rests: {because}");
    Ok(())
}
