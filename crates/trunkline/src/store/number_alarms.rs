//! Numbers that call no more today, or at all, without a person having said so: what the provider or our own rules did.

use super::statement::sql;
use super::{AgencyTx, Result, columns};
use jiff::Timestamp;

/// Numbers of each kind that are named.
const NAMED_MAX: i64 = 3;
const ROWS_MAX: i64 = 3 * NAMED_MAX;

/// Those of each kind.
#[derive(Debug, Clone, Default)]
pub struct NumberAlarms {
    pub dead: Alarmed,
    pub resting: Alarmed,
    /// They have made their calls of the organization's day.
    pub called_enough: Alarmed,
}

#[derive(Debug, Clone, Default)]
pub struct Alarmed {
    pub total: u64,
    /// The latest of them.
    pub named: Vec<AlarmedNumber>,
}

#[derive(Debug, Clone)]
pub struct AlarmedNumber {
    /// Slug and name.
    pub organization: (String, String),
    /// In E.164.
    pub number: String,
    pub because: Option<String>,
    /// When it rests no more.
    pub until: Option<Timestamp>,
    pub calls_per_day_max: i32,
}

// What a person put to rest is no alarm; a number that may make no call at all is none either.
sql!(
    ALARMED,
    "select k.kind, k.of_kind, k.slug, k.name, k.number, k.status_reason, k.resting_until, k.calls_per_day_max
     from (
         select a.*, count(*) over (partition by a.kind) as of_kind,
                row_number() over (partition by a.kind order by a.status_since desc nulls last, a.number) as place
         from (
             select o.slug, o.name, n.number, n.status_reason, n.resting_until, n.calls_per_day_max, n.status_since,
                    case
                        when n.status = 'dead' then case when n.status_by is null then 'dead' end
                        when n.status = 'resting' and coalesce(n.resting_until > $1, true)
                            then case when n.status_by is null then 'resting' end
                        when n.calls_per_day_max > 0 and d.calls >= n.calls_per_day_max then 'called_enough'
                    end as kind
             from phone_numbers n
             join organizations o on o.id = n.organization_id
             left join phone_number_days d
                 on d.organization_id = n.organization_id and d.phone_number_id = n.id
                and d.day = ($1::timestamptz at time zone o.time_zone)::date
         ) a
         where a.kind is not null
     ) k
     where k.place <= $2
     order by k.kind, k.place
     limit $3"
);

pub async fn read(tx: &AgencyTx, now: Timestamp) -> Result<NumberAlarms> {
    let mut alarms = NumberAlarms::default();
    for row in tx.all(ALARMED, &[&now, &NAMED_MAX, &ROWS_MAX]).await? {
        let kind = match row.get::<_, &str>(0) {
            "dead" => &mut alarms.dead,
            "resting" => &mut alarms.resting,
            _ => &mut alarms.called_enough,
        };
        kind.total = columns::count(&row, 1);
        kind.named.push(AlarmedNumber {
            organization: (row.get(2), row.get(3)),
            number: row.get(4),
            because: row.get(5),
            until: row.get(6),
            calls_per_day_max: row.get(7),
        });
    }
    Ok(alarms)
}
