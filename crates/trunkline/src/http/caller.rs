//! Who calls. These extractors are the authorization: a handler can only be reached with the caller it asks for.
//!
//! What is not yours does not exist: a stranger's organization and the agency's pages are answered as if they were not
//! there. People of the agency may act in every organization.

use super::App;
use super::asked::Asked;
use super::error::PageError;
use super::session::{self, Session};
use crate::domain::role::{AgencyRole, Role};
use crate::store::memberships;
use crate::store::organizations::{self, OrganizationBrief};
use crate::store::sessions::SessionUser;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use std::convert::Infallible;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// People of the agency.
    Agency,
    /// Members of the organization in the path, and people of the agency.
    Viewer,
    /// The managers among them, and people of the agency.
    Manager,
}

/// An extractor that proves who calls.
pub(super) trait Caller {
    const WHO: Who;
}

/// Nobody in particular. The database is not asked who it is.
#[derive(Debug, Clone)]
pub(super) struct Anyone {
    pub asked: Asked,
}

#[derive(Debug, Clone)]
pub(super) struct SignedIn {
    pub asked: Asked,
    pub session: Session,
}

#[derive(Debug, Clone)]
pub(super) struct AgencyUser {
    pub asked: Asked,
    pub session: Session,
    pub role: AgencyRole,
}

/// Somebody who may read in the organization of the path.
#[derive(Debug, Clone)]
pub(super) struct Viewer {
    pub asked: Asked,
    pub session: Session,
    pub organization: OrganizationBrief,
    pub acts_as: ActsAs,
}

/// Somebody who may change things in the organization of the path.
#[derive(Debug, Clone)]
pub(super) struct Manager(pub Viewer);

/// As what somebody acts in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum ActsAs {
    Agency(AgencyRole),
    Member(Role),
}

impl Caller for Anyone {
    const WHO: Who = Who::Anyone;
}
impl Caller for SignedIn {
    const WHO: Who = Who::SignedIn;
}
impl Caller for AgencyUser {
    const WHO: Who = Who::Agency;
}
impl Caller for Viewer {
    const WHO: Who = Who::Viewer;
}
impl Caller for Manager {
    const WHO: Who = Who::Manager;
}

impl ActsAs {
    pub(super) fn is_agency(self) -> bool {
        matches!(self, Self::Agency(_))
    }

    pub(super) fn may_change_things(self) -> bool {
        match self {
            Self::Agency(_) | Self::Member(Role::Manager) => true,
            Self::Member(Role::Viewer) => false,
        }
    }
}

impl Viewer {
    pub(super) fn is_agency(&self) -> bool {
        self.acts_as.is_agency()
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self { asked: Asked::of(parts) })
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let asked = Asked::of(parts);
        match session::of_request(app, &parts.headers).await? {
            Some(session) => Ok(Self { asked, session }),
            None => Err(PageError::signed_out(&asked, session::has_cookie(app, &parts.headers))),
        }
    }
}

impl FromRequestParts<App> for AgencyUser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let SignedIn { asked, session } = SignedIn::from_request_parts(parts, app).await?;
        let role = session.user.agency_role.ok_or(PageError::NotFound)?;
        Ok(Self { asked, session, role })
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let SignedIn { asked, session } = SignedIn::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| PageError::NotFound)?;
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).ok_or(PageError::NotFound)?;
        let (organization, acts_as) = acts_as_in(app, &session.user, slug).await?.ok_or(PageError::NotFound)?;
        Ok(Self { asked, session, organization, acts_as })
    }
}

impl FromRequestParts<App> for Manager {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let viewer = Viewer::from_request_parts(parts, app).await?;
        if viewer.acts_as.may_change_things() { Ok(Self(viewer)) } else { Err(PageError::Forbidden) }
    }
}

/// As what `user` acts in the organization of `slug`; `None` if it is nothing to them.
pub(super) async fn acts_as_in(
    app: &App,
    user: &SessionUser,
    slug: &str,
) -> Result<Option<(OrganizationBrief, ActsAs)>, PageError> {
    if let Some(role) = user.agency_role {
        let organization = organizations::brief_by_slug(&app.db.agency().await?, slug).await?;
        return Ok(organization.map(|organization| (organization, ActsAs::Agency(role))));
    }
    let memberships = memberships::of_user(&app.db, user.id).await?;
    let found = memberships.into_iter().find(|membership| membership.organization.slug == slug);
    Ok(found.map(|membership| (membership.organization, ActsAs::Member(membership.role))))
}
