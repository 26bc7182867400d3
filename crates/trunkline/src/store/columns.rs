//! How our types stand in columns: ids as uuid, numbers and statuses as text.

use crate::domain::ids::{
    AgentId, AttemptId, CallId, CampaignId, EnrollmentId, EventId, LeadId, LeadImportId, LinePoolId, OrganizationId,
    PhoneNumberId, ProviderAccountId, UserId,
};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use uuid::Uuid;

macro_rules! uuid_columns {
    ($($name:ident),* $(,)?) => {$(
        impl ToSql for $name {
            fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
                self.0.to_sql(ty, out)
            }

            fn accepts(ty: &Type) -> bool {
                <Uuid as ToSql>::accepts(ty)
            }

            tokio_postgres::types::to_sql_checked!();
        }

        impl<'a> FromSql<'a> for $name {
            fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
                Uuid::from_sql(ty, raw).map(Self)
            }

            fn accepts(ty: &Type) -> bool {
                <Uuid as FromSql>::accepts(ty)
            }
        }
    )*};
}

uuid_columns! {
    OrganizationId, UserId, AgentId, ProviderAccountId, LinePoolId, PhoneNumberId, LeadId, LeadImportId, CampaignId,
    EnrollmentId, AttemptId, CallId, EventId,
}

/// A text column read as the enum that its check constraint allows.
pub(super) fn text<T>(row: &tokio_postgres::Row, column: usize) -> super::Result<T>
where
    T: std::str::FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    row.get::<_, &str>(column).parse().map_err(|error: T::Err| super::Error::Database(error.into()))
}

/// The same for a column that may be null.
pub(super) fn text_or_none<T>(row: &tokio_postgres::Row, column: usize) -> super::Result<Option<T>>
where
    T: std::str::FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    let Some(text) = row.get::<_, Option<&str>>(column) else { return Ok(None) };
    text.parse().map(Some).map_err(|error: T::Err| super::Error::Database(error.into()))
}

/// A `count(*)`, which is never negative.
pub(super) fn count(row: &tokio_postgres::Row, column: usize) -> u64 {
    row.get::<_, i64>(column).unsigned_abs()
}

/// A jsonb column read as one of our types.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &tokio_postgres::Row, column: usize) -> super::Result<T> {
    serde_json::from_value(row.get(column)).map_err(|error| super::Error::Database(error.into()))
}
