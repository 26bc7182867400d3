//! Provider accounts and line pools as people of the agency see them.

use super::number_list::Off;
use super::statement::sql;
use super::{AgencyTx, Result, columns};
use crate::domain::ids::{LinePoolId, ProviderAccountId};
use jiff::Timestamp;
use tokio_postgres::Row;

#[derive(Debug, Clone)]
pub struct ListedAccount {
    pub id: ProviderAccountId,
    pub name: String,
    pub key_ending: String,
    pub pool: String,
    /// `None`: it dials.
    pub off: Option<Off>,
    pub minute_requests: i32,
    pub requests_per_minute_max: i32,
    pub unknowns_in_a_row: i32,
    pub calls_now: u64,
}

#[derive(Debug, Clone)]
pub struct ListedPool {
    pub id: LinePoolId,
    pub name: String,
    pub lines_in_use: i32,
    pub lines_max: i32,
    /// Of them, those that are left for incoming calls.
    pub inbound_reserve: i32,
    pub cooling_until: Option<Timestamp>,
}

sql!(
    ACCOUNTS,
    "select a.id, a.name, a.key_ending, p.name, a.status = 'active', a.status_since,
            (select u.name from across.user_names(array[a.status_by]) u), a.pause_reason, a.paused_until,
            case when a.minute_at = date_bin('1 minute', $1::timestamptz, 'epoch') then a.minute_requests else 0 end,
            a.requests_per_minute_max, a.unknowns_in_a_row,
            (select count(*) from attempts t
             where t.provider_account_id = a.id and t.state in ('reserved', 'sending', 'unknown', 'accepted', 'held'))
     from provider_accounts a
     join line_pools p on p.id = a.line_pool_id
     order by a.name"
);
sql!(
    POOLS,
    "select id, name, lines_in_use, lines_max, inbound_reserve, case when cooling_until > $1 then cooling_until end
     from line_pools
     order by name"
);

pub async fn accounts(tx: &AgencyTx, now: Timestamp) -> Result<Vec<ListedAccount>> {
    let rows = tx.all(ACCOUNTS, &[&now]).await?;
    let read = |row: &Row| {
        let off = || Off { since: row.get(5), by: row.get(6), because: row.get(7), until: row.get(8) };
        ListedAccount {
            id: row.get(0),
            name: row.get(1),
            key_ending: row.get(2),
            pool: row.get(3),
            off: (!row.get::<_, bool>(4)).then(off),
            minute_requests: row.get(9),
            requests_per_minute_max: row.get(10),
            unknowns_in_a_row: row.get(11),
            calls_now: columns::count(row, 12),
        }
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn pools(tx: &AgencyTx, now: Timestamp) -> Result<Vec<ListedPool>> {
    let rows = tx.all(POOLS, &[&now]).await?;
    let read = |row: &Row| ListedPool {
        id: row.get(0),
        name: row.get(1),
        lines_in_use: row.get(2),
        lines_max: row.get(3),
        inbound_reserve: row.get(4),
        cooling_until: row.get(5),
    };
    Ok(rows.iter().map(read).collect())
}
