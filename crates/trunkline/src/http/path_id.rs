//! The `{id}` of a path. One that cannot be read is as if it were not there.

use super::error::PageError;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use std::str::FromStr;

#[derive(Debug, Clone, Copy)]
pub(super) struct PathId<Id>(pub Id);

impl<S: Send + Sync, Id: FromStr> FromRequestParts<S> for PathId<Id> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| PageError::NotFound)?;
        let (_, id) = params.iter().find(|(name, _)| *name == "id").ok_or(PageError::NotFound)?;
        id.parse().map(Self).map_err(|_| PageError::NotFound)
    }
}
