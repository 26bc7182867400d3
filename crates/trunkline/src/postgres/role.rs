//! Who one is in the database.

use std::fmt::Display;

/// The database roles that the operating system's user of this program may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Creates roles and databases, and does nothing else.
    Superuser,
    /// Owns the schema and runs the migrations.
    Owner,
    /// What the program is while it works: owns nothing, bypasses nothing.
    App,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Superuser, Self::Owner, Self::App];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Superuser => "postgres",
            Self::Owner => "trunkline_owner",
            Self::App => "trunkline_app",
        }
    }
}

impl Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
