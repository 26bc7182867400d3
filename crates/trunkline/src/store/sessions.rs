//! Sessions and one-time sign-in links. Both are known by the SHA-256 of their token; the token itself is nowhere.

use super::statement::sql;
use super::{Db, Result, columns};
use crate::domain::ids::UserId;
use crate::domain::role::AgencyRole;
use jiff::Timestamp;

/// SHA-256 of a token.
pub type TokenHash = [u8; 32];

/// Who a session belongs to.
#[derive(Debug, Clone)]
pub struct SessionUser {
    pub id: UserId,
    pub email: String,
    pub name: String,
    /// `None` for members of organizations.
    pub agency_role: Option<AgencyRole>,
    pub seen_at: Timestamp,
}

/// How long something lives, from when on.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

sql!(BEGIN, "select across.begin_session($1, $2, $3, $4)");
sql!(GET, "select user_id, email, name, agency_role, seen_at from across.session($1, $2, $3)");
sql!(TOUCH, "select across.touch_session($1, $2)");
sql!(END, "select across.end_session($1)");
sql!(ADD_LINK, "select across.add_signin_link($1, $2, $3, $4)");
sql!(USE_LINK, "select across.use_signin_link($1, $2)");

/// Begins a session and forgives earlier wrong passwords.
pub async fn begin(db: &Db, token: &TokenHash, user: UserId, life: Lifetime) -> Result<()> {
    let tx = db.plain().await?;
    tx.one(BEGIN, &[&token.as_slice(), &user, &life.now, &life.expires_at]).await?;
    tx.commit().await
}

/// The session's person, if it has not expired and was used since `seen_after`.
pub async fn get(db: &Db, token: &TokenHash, now: Timestamp, seen_after: Timestamp) -> Result<Option<SessionUser>> {
    let row = db.plain().await?.one_or_none(GET, &[&token.as_slice(), &now, &seen_after]).await?;
    let read = |row: tokio_postgres::Row| {
        Ok(SessionUser {
            id: row.get(0),
            email: row.get(1),
            name: row.get(2),
            agency_role: columns::text_or_none(&row, 3)?,
            seen_at: row.get(4),
        })
    };
    row.map(read).transpose()
}

/// Remembers that the session was used.
pub async fn touch(db: &Db, token: &TokenHash, now: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    tx.one(TOUCH, &[&token.as_slice(), &now]).await?;
    tx.commit().await
}

pub async fn end(db: &Db, token: &TokenHash) -> Result<()> {
    let tx = db.plain().await?;
    tx.one(END, &[&token.as_slice()]).await?;
    tx.commit().await
}

/// Remembers a link that signs the person in once.
pub async fn add_link(db: &Db, token: &TokenHash, user: UserId, life: Lifetime) -> Result<()> {
    let tx = db.plain().await?;
    tx.one(ADD_LINK, &[&token.as_slice(), &user, &life.now, &life.expires_at]).await?;
    tx.commit().await
}

/// Uses up a link; `None` if it was used, is too old, or never was.
pub async fn use_link(db: &Db, token: &TokenHash, now: Timestamp) -> Result<Option<UserId>> {
    let tx = db.plain().await?;
    let user = tx.one(USE_LINK, &[&token.as_slice(), &now]).await?.get(0);
    tx.commit().await?;
    Ok(user)
}
