//! What every page is told beside its view model: who looks, from where, when.

use super::App;
use super::asked::Asked;
use super::caller::{ActsAs, AgencyUser, Viewer};
use super::error::PageError;
use super::session::{self, Session};
use crate::domain::role::AgencyRole;
use crate::domain::time_zone;
use crate::store::agency_dispatch::{self, AgencyPause};
use crate::store::organizations::{self, OrganizationBrief};
use crate::store::quarantine::{self, Quarantine};
use crate::store::{PlainTx, Reach, attention, memberships};
use http::HeaderMap;
use jiff::tz::TimeZone;
use ui::view::{DialingPaused, OrganizationName, SwitchedOff};
use ui::{Audience, Context, Right, Scope, Theme, User, Visitor};

/// Organizations that the scope switcher offers.
const SWITCHER_MAX: i64 = 8;
const ALL_RIGHTS: [Right; 3] = [Right::SteerCampaigns, Right::CreateCampaigns, Right::ImportLeads];

/// For a page over all organizations.
pub(super) async fn of_agency(app: &App, caller: &AgencyUser) -> Result<Context, PageError> {
    let audience = agency(app, Scope::All).await?;
    let user = user(&caller.session, caller.role.label());
    let tx = app.db.agency().await?;
    let attention = attention::count(Reach::Agency(&tx)).await?;
    let pause = paused(&tx).await?;
    Ok(Context {
        attention,
        dialing_paused: pause,
        ..context(app, &caller.asked, app.zone.clone(), audience, (user, &ALL_RIGHTS))
    })
}

/// For a page of one organization, in its zone.
pub(super) async fn of_viewer(app: &App, caller: &Viewer) -> Result<Context, PageError> {
    let audience = audience(app, caller).await?;
    let (role, rights): (_, &[Right]) = match caller.acts_as {
        ActsAs::Agency(role) => (role.label(), &ALL_RIGHTS),
        ActsAs::Member(role) => (role.label(), if caller.acts_as.may_change_things() { &ALL_RIGHTS } else { &[] }),
    };
    let zone = zone_of(&caller.organization);
    let tx = app.db.tenant(caller.organization.id).await?;
    let attention = attention::count(Reach::Organization(&tx)).await?;
    let pause = paused(&tx).await?;
    let dialing_paused = pause.map(|pause| if caller.is_agency() { pause } else { DialingPaused::ForClient });
    let who = (user(&caller.session, role), rights);
    Ok(Context { attention, dialing_paused, ..context(app, &caller.asked, zone, audience, who) })
}

/// For somebody who is not signed in.
pub(super) fn visitor(app: &App, theme: Theme) -> Visitor {
    Visitor { theme, agency: app.agency.clone(), simulated: app.simulated }
}

/// For a page that is not one organization's: the agency's people look at all of them, a member at their first. `None` for
/// a person who belongs nowhere.
pub(super) async fn of_anybody(app: &App, session: &Session, asked: &Asked) -> Result<Option<Context>, PageError> {
    let (session, asked) = (session.clone(), asked.clone());
    if let Some(role) = session.user.agency_role {
        return of_agency(app, &AgencyUser { asked, session, role }).await.map(Some);
    }
    let Some(membership) = memberships::of_user(&app.db, session.user.id).await?.into_iter().next() else {
        return Ok(None);
    };
    let acts_as = ActsAs::Member(membership.role);
    of_viewer(app, &Viewer { asked, session, organization: membership.organization, acts_as }).await.map(Some)
}

/// For the page of an error, as far as it can be had: `None` for those who are not signed in, and while the database is
/// away.
pub(super) async fn for_trouble(app: &App, headers: &HeaderMap, asked: &Asked) -> Option<Context> {
    let session = session::of_request(app, headers).await.ok()??;
    of_anybody(app, &session, asked).await.ok()?
}

/// The zone of an organization. Its name was checked when it was written; one that is unknown now is UTC, and said.
pub(super) fn zone_of(organization: &OrganizationBrief) -> TimeZone {
    time_zone::named(&organization.time_zone).unwrap_or_else(|error| {
        tracing::warn!(organization.id = %organization.id, %error, "an organization's zone is unknown, UTC is shown");
        TimeZone::UTC
    })
}

pub(super) fn name_of(organization: &OrganizationBrief) -> OrganizationName {
    OrganizationName { slug: organization.slug.clone(), name: organization.name.clone() }
}

async fn audience(app: &App, caller: &Viewer) -> Result<Audience, PageError> {
    let organization = name_of(&caller.organization);
    match caller.acts_as {
        ActsAs::Agency(AgencyRole::Owner | AgencyRole::Operator) => agency(app, Scope::One(organization)).await,
        ActsAs::Member(_) => Ok(Audience::Client { organization }),
    }
}

async fn agency(app: &App, scope: Scope) -> Result<Audience, PageError> {
    let tx = app.db.agency().await?;
    let (briefs, organizations_total) = organizations::briefs(&tx, SWITCHER_MAX).await?;
    let organizations = briefs.iter().map(name_of).collect();
    Ok(Audience::Agency { agency: app.agency.clone(), scope, organizations, organizations_total })
}

/// Whether nothing is dialed for anybody: a quarantine, which nobody resumes, is told first.
async fn paused(tx: &PlainTx) -> Result<Option<DialingPaused>, PageError> {
    if let Some(Quarantine { since, because }) = quarantine::of(tx).await? {
        return Ok(Some(DialingPaused::Quarantine { since, because }));
    }
    Ok(agency_dispatch::pause_of(tx).await?.map(|AgencyPause { since, by, because }| {
        DialingPaused::ForAgency(SwitchedOff { since: Some(since), by, because, until: None })
    }))
}

fn user(session: &Session, role: &str) -> User {
    User { name: session.user.name.clone(), role: role.to_owned() }
}

fn context(app: &App, asked: &Asked, zone: TimeZone, audience: Audience, who: (User, &[Right])) -> Context {
    let (user, rights) = who;
    let speed = app.clock.speed();
    Context {
        audience,
        user,
        rights: rights.to_vec(),
        theme: asked.theme,
        path: asked.path.clone(),
        now: app.clock.now(),
        zone,
        clock: ui::Clock { label: (speed > 1).then(|| format!("{speed} times as fast")), speed },
        simulated: app.simulated,
        notice: asked.notice.map(super::notice::Notice::drawn),
        dialing_paused: None,
        attention: 0,
    }
}
