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

/// Classes of SQLSTATE that say nothing about what was asked: connection, rollback by another, out of resources, a lock
/// not to be had, intervention, the system.
const PASSING: [&str; 6] = ["08", "40", "53", "55", "57", "58"];

impl Error {
    /// True if the same may succeed later: the database was away, busy or in a deadlock.
    pub fn is_passing(&self) -> bool {
        let Self::Database(cause) = self else { return false };
        match cause.downcast_ref::<tokio_postgres::Error>() {
            Some(error) => match error.code() {
                Some(code) => PASSING.iter().any(|class| code.code().starts_with(class)),
                None => {
                    error.is_closed()
                        || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
                }
            },
            None => cause.is::<deadpool_postgres::PoolError>() || cause.is::<tokio::time::error::Elapsed>(),
        }
    }
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
