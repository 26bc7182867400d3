//! People. Reached only through functions of schema `across`, which no route can use to list them.

use super::statement::sql;
use super::{Db, Result};
use crate::domain::ids::UserId;
use crate::domain::role::AgencyRole;
use jiff::{SignedDuration, Timestamp};

/// A person to be made, or changed where the e-mail is known already.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    /// argon2id in PHC form; `None` leaves it as it is.
    pub password_hash: Option<&'a str>,
    /// `None` for members of organizations only; a role once given stays.
    pub agency_role: Option<AgencyRole>,
}

/// What signing in needs.
#[derive(Debug, Clone)]
pub struct SigninFacts {
    pub id: UserId,
    pub password_hash: Option<String>,
    pub blocked_until: Option<Timestamp>,
}

sql!(ADD, "select across.add_user($1, $2, $3, $4, $5, $6)");
sql!(BY_EMAIL, "select id, password_hash, signin_blocked_until from across.user_by_email($1)");
// An interval in the type that a duration can be given in.
sql!(COUNT_FAILED, "select across.count_failed_signin($1, $2, $3, make_interval(secs => $4))");

pub async fn put(db: &Db, user: &NewUser<'_>, now: Timestamp) -> Result<UserId> {
    let NewUser { email, name, password_hash, agency_role } = user;
    let agency_role = agency_role.map(AgencyRole::as_str);
    let tx = db.plain().await?;
    let id = tx.one(ADD, &[&UserId::new(), email, name, password_hash, &agency_role, &now]).await?.get(0);
    tx.commit().await?;
    Ok(id)
}

pub async fn by_email(db: &Db, email: &str) -> Result<Option<SigninFacts>> {
    let row = db.plain().await?.one_or_none(BY_EMAIL, &[&email]).await?;
    Ok(row.map(|row| SigninFacts { id: row.get(0), password_hash: row.get(1), blocked_until: row.get(2) }))
}

/// Counts a wrong password; the `tries_max`th in a row blocks signing in for `block`.
pub async fn count_failed_signin(
    db: &Db,
    user: UserId,
    tries_max: i32,
    block: SignedDuration,
    now: Timestamp,
) -> Result<()> {
    let tx = db.plain().await?;
    tx.one(COUNT_FAILED, &[&user, &now, &tries_max, &block.as_secs_f64()]).await?;
    tx.commit().await
}
