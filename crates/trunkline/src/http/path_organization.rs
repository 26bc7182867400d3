//! The organization of the `{slug}` in a path of the agency's own. It authorizes nothing: the caller before it does.

use super::App;
use super::error::PageError;
use crate::store::organizations::{self, OrganizationBrief};
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

#[derive(Debug, Clone)]
pub(super) struct PathOrganization(pub OrganizationBrief);

impl FromRequestParts<App> for PathOrganization {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| PageError::NotFound)?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "slug").ok_or(PageError::NotFound)?;
        let found = organizations::brief_by_slug(&app.db.agency().await?, slug).await?;
        found.map(Self).ok_or(PageError::NotFound)
    }
}
