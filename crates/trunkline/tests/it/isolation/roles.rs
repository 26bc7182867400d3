//! Roles: what the program's own may not do, and with which others the program does not start.

use super::{Neighbors, tables, why};
use crate::support::{TestDatabase, World};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tokio_postgres::error::SqlState;
use trunkline::app::{Node, Settings};
use trunkline::store::walls::{self, Breach};

#[tokio::test]
async fn the_program_reaches_people_and_their_sessions_through_functions_only() {
    let neighbors = Neighbors::new().await;
    let session = neighbors.world.database.app_session().await;

    for table in ["users", "sessions", "signin_links"] {
        assert_ne!(neighbors.world.sql(&format!("select count(*) from {table}")).await, ["0"]);
        for wanted in [
            format!("select from {table}"),
            format!("insert into {table} select * from {table}"),
            format!("update {table} set created_at = created_at"),
            format!("delete from {table}"),
        ] {
            let (code, message) = why(&session.execute(&wanted, &[]).await.expect_err(&wanted));
            assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
        }
    }
}

/// No policy binds TRUNCATE, and none binds who owns a table or makes another.
#[tokio::test]
async fn the_program_cannot_go_around_the_policies() {
    let world = World::new().await;
    let session = world.database.app_session().await;

    let of_tables = tables(&world).await.into_iter().flat_map(|table| {
        let name = table.name;
        [
            format!("truncate {name}"),
            format!("alter table {name} disable row level security"),
            format!("drop policy tenant on {name}"),
            format!("create policy open on {name} using (true)"),
        ]
    });
    let of_roles = [
        "set role trunkline_owner",
        "set role postgres",
        "set session authorization trunkline_owner",
        "alter role trunkline_app bypassrls",
        "create table public.mine ()",
        "create view public.mine as select * from leads",
        "create function across.mine() returns int language sql as 'select 1'",
        "create function public.mine() returns int language sql as 'select 1'",
        "select own_by_organization('leads')",
        "insert into schema_migrations (name, hash) values ('', '')",
    ];
    for wanted in of_tables.chain(of_roles.map(str::to_owned)) {
        let (code, message) = why(&session.batch_execute(&wanted).await.expect_err(&wanted));
        assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
    }
}

/// The setting turns policies into errors; it does not turn them off.
#[tokio::test]
async fn row_security_off_shows_nothing() {
    let neighbors = Neighbors::new().await;
    let session = neighbors.world.database.app_session().await;
    session.batch_execute("set row_security = off").await.unwrap();

    let (code, _) = why(&session.query("select from leads", &[]).await.unwrap_err());
    assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE);
}

#[tokio::test]
async fn a_role_that_policies_do_not_bind_is_a_breach() {
    let database = TestDatabase::create().await;
    let made = MadeRoles::new(&database).await;

    for (role, breach) in [
        ("trunkline_app", None),
        ("postgres", Some(Breach::Superuser)),
        (made.bypassing.as_str(), Some(Breach::BypassesPolicies)),
        ("trunkline_owner", Some(Breach::OwnsTables)),
        (made.owning.as_str(), Some(Breach::OwnsTables)),
        (made.becoming.as_str(), Some(Breach::OwnsTables)),
        (made.inheriting.as_str(), Some(Breach::InheritsAgency)),
    ] {
        assert_eq!(walls::breach(&database.pool_of(role)).await.unwrap(), breach, "{role}");
    }
    made.drop(&database).await;
}

#[tokio::test]
async fn the_program_does_not_start_as_a_role_that_policies_do_not_bind() {
    let world = World::new().await;
    let node_as = |role: &str, simulated: bool| {
        Node::new(Settings {
            db: world.database.pool_of(role),
            clock: world.clock.clone(),
            vault: world.vault.clone(),
            public_url: world.base_url.clone(),
            agency: "Relay Agency".to_owned(),
            zone: TimeZone::UTC,
            simulated,
            decisions_kept: SignedDuration::from_hours(24),
        })
    };

    for (role, breach) in [("postgres", Breach::Superuser), ("trunkline_owner", Breach::OwnsTables)] {
        let refusal = node_as(role, true).check().await.unwrap_err();
        assert_eq!(refusal.to_string(), breach.to_string());
    }
    node_as("trunkline_app", true).check().await.unwrap();

    // The tests' server forgets what it acknowledged if its machine dies: nothing real is dialed on it.
    let refusal = node_as("trunkline_app", false).check().await.unwrap_err().to_string();
    assert!(refusal.contains("turn fsync, full_page_writes and synchronous_commit on"), "{refusal}");
}

/// Roles of the cluster, which all tests share: each test makes its own.
struct MadeRoles {
    bypassing: String,
    /// A member of the owner: whoever owns tables through a membership is bound as little.
    owning: String,
    /// A member of the owner that inherits nothing, but may `set role`.
    becoming: String,
    inheriting: String,
}

impl MadeRoles {
    async fn new(database: &TestDatabase) -> Self {
        let named = |what: &str| format!("test_{what}_{}", uuid::Uuid::now_v7().simple());
        let made = Self {
            bypassing: named("bypassing"),
            owning: named("owning"),
            becoming: named("becoming"),
            inheriting: named("inheriting"),
        };
        let Self { bypassing, owning, becoming, inheriting } = &made;
        let create = format!(
            "create role {bypassing} bypassrls;
             create role {owning} in role trunkline_owner;
             create role {becoming} noinherit in role trunkline_owner;
             create role {inheriting} in role trunkline_app, trunkline_agency"
        );
        database.superuser().await.batch_execute(&create).await.unwrap();
        made
    }

    async fn drop(self, database: &TestDatabase) {
        let Self { bypassing, owning, becoming, inheriting } = self;
        let drop = format!("drop role {bypassing}, {owning}, {becoming}, {inheriting}");
        database.superuser().await.batch_execute(&drop).await.unwrap();
    }
}
