//! Whether people answered a number's latest first calls: the evidence of `domain/answer_rate.rs`. Each call is noted in the
//! transaction that enters its end, and so once.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::answer_rate::ANSWERS_MAX;
use crate::domain::ids::{AttemptId, PhoneNumberId};
use jiff::Timestamp;

// What was sent before the series began is no part of it.
sql!(
    NOTE,
    "with rang as (
         select organization_id, phone_number_id, sending_at
         from attempts
         where organization_id = $1 and id = $2 and phone_number_id is not null and sending_at is not null
     )
     insert into phone_number_answers as a (organization_id, phone_number_id, answers)
     select organization_id, phone_number_id, $3
     from rang
     on conflict (organization_id, phone_number_id) do update set answers = right(a.answers || excluded.answers, $4)
         where a.begun_at <= (select sending_at from rang)
     returning phone_number_id, answers"
);
sql!(
    BEGIN_ANEW,
    "update phone_number_answers set answers = '', begun_at = $3
     where organization_id = $1 and phone_number_id = $2"
);
sql!(
    NOTE_REST,
    "update phone_number_answers set rested_at = $3
     where organization_id = $1 and phone_number_id = $2"
);

/// A number with the answers to its latest first calls, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub number: PhoneNumberId,
    pub answers: Vec<bool>,
}

/// Adds whether the call of an attempt was answered; `None` if it counts for no number.
pub async fn note(tx: &TenantTx, attempt: AttemptId, answered: bool) -> Result<Option<Series>> {
    let sign = if answered { "1" } else { "0" };
    let kept = i32::try_from(ANSWERS_MAX).unwrap_or(i32::MAX);
    let row = tx.one_or_none(NOTE, &[&tx.organization, &attempt, &sign, &kept]).await?;
    let answers = |row: &tokio_postgres::Row| row.get::<_, &str>(1).bytes().map(|sign| sign == b'1').collect();
    Ok(row.map(|row| Series { number: row.get(0), answers: answers(&row) }))
}

/// Forgets the answers: what is sent from `now` on counts.
pub async fn begin_anew(tx: &TenantTx, number: PhoneNumberId, now: Timestamp) -> Result<()> {
    tx.run(BEGIN_ANEW, &[&tx.organization, &number, &now]).await?;
    Ok(())
}

/// The number was put to rest at `now` because people stopped answering it.
pub async fn note_rest(tx: &TenantTx, number: PhoneNumberId, now: Timestamp) -> Result<()> {
    tx.run(NOTE_REST, &[&tx.organization, &number, &now]).await?;
    Ok(())
}
