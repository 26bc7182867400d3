//! One type per kind of id, so that two ids cannot be given in the wrong order. Ids are `UUIDv7`, made by the program:
//! they sort by the time of their making and need no sequence.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id. The time in it orders rows; nothing is decided by it.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A client of the agency; the tenant.
    OrganizationId;
    /// A person who signs in.
    UserId;
    /// What an organization configures to speak for it.
    AgentId;
    /// One org at the provider, with its key.
    ProviderAccountId;
    /// The lines of one provider subscription.
    LinePoolId;
    /// A number we call from or are called on.
    PhoneNumberId;
    /// A person to be called.
    LeadId;
    /// A file of leads as it was imported.
    LeadImportId;
    /// Calls to many leads with one agent under one plan.
    CampaignId;
    /// A lead's place in a campaign.
    EnrollmentId;
    /// One planned try to reach an enrolled lead.
    AttemptId;
    /// A conversation at the provider, by our id.
    CallId;
    /// A provider's message as received.
    EventId;
}
