//! Whether people answered a number's latest first calls: the evidence of `domain/answer_rate.rs`. Each call is noted in the
//! transaction that enters its end, and so once.

use super::statement::sql;
use super::{Bound, Result};
use crate::domain::answer_rate::ANSWERS_MAX;
use crate::domain::ids::{AttemptId, OrganizationId, PhoneNumberId};
use jiff::Timestamp;
use tokio_postgres::Row;

// What was sent before the series began is no part of it.
sql!(
    NOTE,
    "with rang as (
         select t.organization_id, t.phone_number_id, string_agg(r.sign, '' order by r.place) as signs
         from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as r (organization_id, attempt_id, sign, place)
         join attempts t on t.organization_id = r.organization_id and t.id = r.attempt_id
         left join phone_number_answers b
             on b.organization_id = t.organization_id and b.phone_number_id = t.phone_number_id
         where t.phone_number_id is not null and t.sending_at is not null
           and (b.begun_at is null or b.begun_at <= t.sending_at)
         group by t.organization_id, t.phone_number_id
     )
     insert into phone_number_answers as a (organization_id, phone_number_id, answers)
     select organization_id, phone_number_id, right(signs, $4)
     from rang
     on conflict (organization_id, phone_number_id) do update set answers = right(a.answers || excluded.answers, $4)
     returning organization_id, phone_number_id, answers"
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

/// Whether the call of an attempt was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    pub is_answered: bool,
}

/// A number with the answers to its latest first calls, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub organization: OrganizationId,
    pub number: PhoneNumberId,
    pub answers: Vec<bool>,
}

/// Adds answers, in this order; gives the numbers for which they count.
pub async fn note(tx: &impl Bound, answers: &[Answer]) -> Result<Vec<Series>> {
    if answers.is_empty() {
        return Ok(Vec::new());
    }
    let organizations: Vec<OrganizationId> = answers.iter().map(|answer| answer.organization).collect();
    let attempts: Vec<AttemptId> = answers.iter().map(|answer| answer.attempt).collect();
    let signs: Vec<&str> = answers.iter().map(|answer| if answer.is_answered { "1" } else { "0" }).collect();
    let kept = i32::try_from(ANSWERS_MAX).unwrap_or(i32::MAX);
    let rows = tx.all(NOTE, &[&organizations, &attempts, &signs, &kept]).await?;
    let answers = |row: &Row| row.get::<_, &str>(2).bytes().map(|sign| sign == b'1').collect();
    let series = |row: &Row| Series { organization: row.get(0), number: row.get(1), answers: answers(row) };
    Ok(rows.iter().map(series).collect())
}

/// Forgets the answers: what is sent from `now` on counts.
pub async fn begin_anew(
    tx: &impl Bound,
    (organization, number): (OrganizationId, PhoneNumberId),
    now: Timestamp,
) -> Result<()> {
    tx.run(BEGIN_ANEW, &[&organization, &number, &now]).await?;
    Ok(())
}

/// The number was put to rest at `now` because people stopped answering it.
pub async fn note_rest(
    tx: &impl Bound,
    (organization, number): (OrganizationId, PhoneNumberId),
    now: Timestamp,
) -> Result<()> {
    tx.run(NOTE_REST, &[&organization, &number, &now]).await?;
    Ok(())
}
