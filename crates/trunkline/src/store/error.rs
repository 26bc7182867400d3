//! What can go wrong in the store, one variant for each thing a caller does differently.

use tokio_postgres::error::SqlState;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such row, or none that this organization may see.
    #[error("no such row")]
    NotFound,
    /// A unique, check or foreign key constraint stands against it; named as in the schema.
    #[error("constraint {0} stands against it")]
    Conflict(String),
    /// The database is away, full, or has refused. Nothing was committed, unless the commit itself went unanswered.
    #[error("the database did not do it")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let conflict = error.as_db_error().filter(|db| {
            [SqlState::UNIQUE_VIOLATION, SqlState::CHECK_VIOLATION, SqlState::FOREIGN_KEY_VIOLATION].contains(db.code())
        });
        match conflict {
            Some(db) => Self::Conflict(db.constraint().unwrap_or("unnamed").to_owned()),
            None => Self::Database(error.into()),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Database(error.into())
    }
}
