//! Whose pages these are, and small values for all of them. Tests of the pages use the same ones.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use ui::view::OrganizationName;
use ui::{Audience, Clock, Context, Right, Scope, Theme, User, Visitor};

pub(crate) const ORGANIZATIONS: [(&str, &str); 5] = [
    ("northwind", "Northwind Dental"),
    ("brightpath", "Brightpath Solar"),
    ("harbor", "Harbor Legal"),
    ("cedar", "Cedar Realty"),
    ("fable", "Fable Fitness"),
];

pub(crate) fn organization(index: usize) -> OrganizationName {
    let (slug, name) = ORGANIZATIONS[index % ORGANIZATIONS.len()];
    OrganizationName { slug: slug.into(), name: name.into() }
}

/// The time of all pages, `seconds` after the beginning.
pub(crate) fn now(seconds: i64) -> Timestamp {
    let beginning: Timestamp = "2026-11-24T16:42:20Z".parse().expect("this is a time");
    beginning + SignedDuration::from_secs(seconds)
}

pub(crate) fn ago(seconds: i64) -> Timestamp {
    now(-seconds)
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("the zone is known")
}

pub(crate) fn money(text: &str) -> Decimal {
    text.parse().expect("this is a number")
}

/// Somebody of the first organization, or of the agency in the scope of `slug`.
pub(crate) fn context(is_client: bool, slug: Option<&str>, path: &str) -> Context {
    let one = slug.and_then(|slug| (0..ORGANIZATIONS.len()).map(organization).find(|one| one.slug == slug));
    let audience = if is_client {
        Audience::Client { organization: organization(0) }
    } else {
        Audience::Agency {
            agency: "Relay Agency".into(),
            scope: one.map_or(Scope::All, Scope::One),
            organizations: (0..4).map(organization).collect(),
            organizations_total: 62,
        }
    };
    let (name, role) = if is_client { ("Dana Reyes", "Manager") } else { ("Sam Okoro", "Owner") };
    Context {
        audience,
        user: User { name: name.into(), role: role.into() },
        rights: vec![Right::SteerCampaigns, Right::CreateCampaigns, Right::ImportLeads],
        theme: Theme::System,
        path: path.into(),
        now: now(0),
        zone: zone("America/Chicago"),
        clock: Clock { label: Some("60 times as fast".into()), speed: 1 },
        simulated: true,
        notice: None,
        dialing_paused: None,
        attention: 3,
    }
}

pub(crate) fn visitor(context: &Context) -> Visitor {
    Visitor { theme: context.theme, agency: "Relay Agency".into(), simulated: true }
}
