//! Whose rows a list shows: one organization's, or those of all. The same statements serve both.

use super::{AgencyTx, PlainTx, TenantTx};
use crate::domain::ids::OrganizationId;

#[derive(Clone, Copy)]
pub enum Reach<'a> {
    Organization(&'a TenantTx),
    Agency(&'a AgencyTx),
}

impl<'a> Reach<'a> {
    /// For `$1::uuid is null or organization_id = $1`; row-level security holds besides.
    pub(super) fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Organization(tx) => Some(tx.organization),
            Self::Agency(_) => None,
        }
    }

    pub(super) fn tx(self) -> &'a PlainTx {
        match self {
            Self::Organization(tx) => tx,
            Self::Agency(tx) => tx,
        }
    }
}
