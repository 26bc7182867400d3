//! Who looks, from where and how: what every page needs besides its view model.

use crate::view::{DialingPaused, OrganizationName, Tone};
use jiff::{Timestamp, tz::TimeZone};

/// What a page knows of the person it is drawn for.
#[derive(Debug, Clone)]
pub struct Context {
    pub audience: Audience,
    pub user: User,
    pub rights: Vec<Right>,
    pub theme: Theme,
    /// Path and query of this page, as asked for: `/calls?when=24h`.
    pub path: String,
    pub now: Timestamp,
    /// The zone in which times are shown, if nothing else is said.
    pub zone: TimeZone,
    pub clock: Clock,
    /// True where the phones are made up. It is said on every page.
    pub simulated: bool,
    /// What the last form did; shown once.
    pub notice: Option<Notice>,
    /// Said on every page while the agency has stopped all dialing.
    pub dialing_paused: Option<DialingPaused>,
    /// What waits for a person, in the scope of the page.
    pub attention: u64,
}

/// Who a page is for. A client has no list of organizations, so none can be drawn.
#[derive(Debug, Clone)]
pub enum Audience {
    Agency {
        /// The name of the agency.
        agency: String,
        scope: Scope,
        /// Those offered by the scope switcher: the recent ones, else the first.
        organizations: Vec<OrganizationName>,
        organizations_total: u64,
    },
    Client {
        organization: OrganizationName,
    },
}

/// What part of the agency a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    All,
    One(OrganizationName),
}

/// The person who is signed in.
#[derive(Debug, Clone)]
pub struct User {
    pub name: String,
    /// As it is written under the name: "Owner".
    pub role: String,
}

/// What a person may do beyond reading. A control that is not allowed is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Pause, resume and stop campaigns; let agents and numbers rest; settle what waits for a person.
    SteerCampaigns,
    CreateCampaigns,
    ImportLeads,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    /// The value of the `theme` cookie and of the form field `theme`.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    /// Reads a cookie or a form field; what is unknown is `System`.
    pub fn from_name(name: &str) -> Theme {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// How the time of the pages runs. In production it runs as everybody's.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Shown in the top bar where the clock is not the wall's: "60 times as fast".
    pub label: Option<String>,
    /// How many seconds pass on the pages while one passes on the wall.
    pub speed: u32,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock { label: None, speed: 1 }
    }
}

/// One sentence about what just happened.
#[derive(Debug, Clone)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// Somebody who is not signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub theme: Theme,
    pub agency: String,
    pub simulated: bool,
}

impl Context {
    pub fn can(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// The organization whose pages these are; `None` where the agency looks at all of them.
    pub fn organization(&self) -> Option<&OrganizationName> {
        match &self.audience {
            Audience::Agency { scope: Scope::All, .. } => None,
            Audience::Agency { scope: Scope::One(organization), .. } | Audience::Client { organization } => {
                Some(organization)
            }
        }
    }

    /// True for the agency's own people, whatever the scope.
    pub fn is_agency(&self) -> bool {
        matches!(self.audience, Audience::Agency { .. })
    }
}
