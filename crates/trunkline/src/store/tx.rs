//! The kinds of transaction. What a function may reach is in the type of its first argument.
//!
//! Invariant: a tenant row is read or written through [`TenantTx`] only, which sets the organization for its own
//! transaction and no longer (`isolation.rs`).

use super::{Error, Result};
use crate::domain::ids::OrganizationId;
use deadpool_postgres::Object;
use std::borrow::Cow;
use tokio_postgres::{Row, types::ToSql};

pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A transaction in progress. Dropped without a commit, it is rolled back before its connection serves anyone else.
pub struct PlainTx {
    // None once committed or rolled back.
    connection: Option<Object>,
    // A comment before its statements, so that each role has plans of its own: PostgreSQL makes a plan that policies had a
    // part in anew whenever another role comes to use it.
    role: &'static str,
}

/// Sees and writes the rows of one organization and no others.
pub struct TenantTx {
    inner: PlainTx,
    pub organization: OrganizationId,
}

/// Reads the rows of all organizations; writes nothing. For people of the agency.
pub struct AgencyTx {
    inner: PlainTx,
}

/// Sees and writes the rows of the organizations whose turns it holds, and no others.
pub struct TurnsTx {
    inner: PlainTx,
}

impl PlainTx {
    pub(super) async fn begin(connection: Object) -> Result<Self> {
        let tx = Self::of_role(connection, "");
        tx.client().batch_execute("begin").await?;
        Ok(tx)
    }

    fn of_role(connection: Object, role: &'static str) -> Self {
        Self { connection: Some(connection), role }
    }

    fn text(&self, statement: &'static str) -> Cow<'static, str> {
        if self.role.is_empty() { statement.into() } else { format!("{} {statement}", self.role).into() }
    }

    /// Rows of `statement`.
    pub async fn all(&self, statement: &'static str, params: Params<'_>) -> Result<Vec<Row>> {
        let prepared = self.client().prepare_cached(&self.text(statement)).await?;
        Ok(self.client().query(&prepared, params).await?)
    }

    /// Rows of a statement that is planned for these very parameters, at the cost of a round trip. For lists whose
    /// filters may be absent: one plan for all cases could use no index for the case at hand.
    pub async fn search(&self, statement: &'static str, params: Params<'_>) -> Result<Vec<Row>> {
        let planned_once = self.client().prepare(statement).await?;
        Ok(self.client().query(&planned_once, params).await?)
    }

    /// The row of `statement`, which must exist.
    pub async fn one(&self, statement: &'static str, params: Params<'_>) -> Result<Row> {
        self.one_or_none(statement, params).await?.ok_or(Error::NotFound)
    }

    pub async fn one_or_none(&self, statement: &'static str, params: Params<'_>) -> Result<Option<Row>> {
        let prepared = self.client().prepare_cached(&self.text(statement)).await?;
        Ok(self.client().query_opt(&prepared, params).await?)
    }

    /// Number of rows written by `statement`.
    pub async fn run(&self, statement: &'static str, params: Params<'_>) -> Result<u64> {
        let prepared = self.client().prepare_cached(&self.text(statement)).await?;
        Ok(self.client().execute(&prepared, params).await?)
    }

    /// After an error the outcome is unknown: the commit may have been done.
    pub async fn commit(mut self) -> Result<()> {
        let connection = self.connection.take().expect("a transaction ends once, and this takes it");
        match connection.batch_execute("commit").await {
            Ok(()) => Ok(()),
            Err(error) => {
                // The connection may still hold the transaction: it must not serve anyone else.
                drop(Object::take(connection));
                Err(error.into())
            }
        }
    }

    fn client(&self) -> &Object {
        self.connection.as_ref().expect("a transaction that is in use has not ended")
    }
}

impl Drop for PlainTx {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if connection.batch_execute("rollback").await.is_err() {
                        drop(Object::take(connection));
                    }
                });
            }
            Err(_) => drop(Object::take(connection)),
        }
    }
}

impl TenantTx {
    pub(super) async fn begin(connection: Object, organization: OrganizationId) -> Result<Self> {
        let inner = PlainTx::of_role(connection, "");
        let name = organization.to_string();
        let set = inner.client().prepare_cached("select set_config('trunkline.organization_id', $1, true)").await?;
        // Both are on their way before the first answer is awaited: one round trip.
        let params: [&(dyn ToSql + Sync); 1] = [&name];
        let (begun, bound) = tokio::join!(inner.client().batch_execute("begin"), inner.client().execute(&set, &params));
        begun?;
        bound?;
        Ok(Self { inner, organization })
    }

    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await
    }
}

impl AgencyTx {
    pub(super) async fn begin(connection: Object) -> Result<Self> {
        let inner = PlainTx::of_role(connection, "/* agency */");
        inner.client().batch_execute("begin read only; set local role trunkline_agency").await?;
        Ok(Self { inner })
    }
}

// One plan for any number of organizations, and one for tables of any size: each organization's rows are looked up by their
// keys, and never found by reading a table from end to end, which is the cheapest while it is small.
const BEGIN_TURNS: &str = "
    begin;
    set local role trunkline_turns;
    set local plan_cache_mode = force_generic_plan;
    set local enable_seqscan = off;
    set local enable_hashjoin = off;
    set local enable_mergejoin = off";

impl TurnsTx {
    /// For the claim of `organizations`, whose turns are then to be taken.
    pub(super) async fn begin(connection: Object, organizations: &[OrganizationId]) -> Result<Self> {
        let tx = Self { inner: PlainTx::of_role(connection, "/* turns */") };
        tx.inner.client().batch_execute(BEGIN_TURNS).await?;
        tx.hold(organizations).await?;
        Ok(tx)
    }

    /// From now on these organizations' rows are all that there is.
    pub(super) async fn hold(&self, organizations: &[OrganizationId]) -> Result<()> {
        let ids: Vec<String> = organizations.iter().map(ToString::to_string).collect();
        let turns = format!("{{{}}}", ids.join(","));
        self.inner.run("select set_config('trunkline.turns', $1, true)", &[&turns]).await?;
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await
    }
}

impl std::ops::Deref for TurnsTx {
    type Target = PlainTx;

    fn deref(&self) -> &PlainTx {
        &self.inner
    }
}

/// A transaction that is bound to organizations, one or those in turn: statements that name theirs serve both.
pub trait Bound: std::ops::Deref<Target = PlainTx> {}

impl Bound for TenantTx {}
impl Bound for TurnsTx {}

impl std::ops::Deref for TenantTx {
    type Target = PlainTx;

    fn deref(&self) -> &PlainTx {
        &self.inner
    }
}

impl std::ops::Deref for AgencyTx {
    type Target = PlainTx;

    fn deref(&self) -> &PlainTx {
        &self.inner
    }
}
