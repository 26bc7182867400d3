//! Who belongs to which organization, and as what.

use super::organizations::OrganizationBrief;
use super::statement::sql;
use super::{Db, Result, TenantTx, columns};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use jiff::Timestamp;

#[derive(Debug, Clone)]
pub struct Membership {
    pub organization: OrganizationBrief,
    pub role: Role,
}

sql!(
    PUT,
    "insert into memberships (organization_id, user_id, role, created_at)
     values ($1, $2, $3, $4)
     on conflict (organization_id, user_id) do update
     set role = excluded.role"
);
sql!(OF_USER, "select organization_id, slug, name, time_zone, role from across.memberships_of($1)");

/// Makes the person a member, or changes their role.
pub async fn put(tx: &TenantTx, user: UserId, role: Role, now: Timestamp) -> Result<()> {
    tx.run(PUT, &[&tx.organization, &user, &role.as_str(), &now]).await?;
    Ok(())
}

/// The organizations of a person, by name.
pub async fn of_user(db: &Db, user: UserId) -> Result<Vec<Membership>> {
    let rows = db.plain().await?.all(OF_USER, &[&user]).await?;
    let read = |row: &tokio_postgres::Row| {
        let organization =
            OrganizationBrief { id: row.get(0), slug: row.get(1), name: row.get(2), time_zone: row.get(3) };
        Ok(Membership { organization, role: columns::text(row, 4)? })
    };
    rows.iter().map(read).collect()
}
