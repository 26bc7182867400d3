//! What people may do, in the agency and in an organization.

use super::text_enum::text_enum;

text_enum! {
    /// The place of a person in the agency. Both may act in every organization.
    pub enum AgencyRole ("agency role") {
        Owner = "owner",
        Operator = "operator",
    }
}

text_enum! {
    /// The place of a person in one organization.
    pub enum Role ("role") {
        /// Reads, steers and makes campaigns, imports leads.
        Manager = "manager",
        /// Reads.
        Viewer = "viewer",
    }
}

impl AgencyRole {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Operator => "Operator",
        }
    }
}

impl Role {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Manager => "Manager",
            Self::Viewer => "Viewer",
        }
    }
}
