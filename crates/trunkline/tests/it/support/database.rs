//! One database a test, copied from a migrated template in one embedded cluster that all test processes share.

use anyhow::Context as _;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::NoTls;
use trunkline::postgres::{self, Embedded, Options, Role};
use trunkline::store::{Db, db, migrations};

/// The cluster outlives the last test process by this much, so that the next one finds it running.
const LINGER: Duration = Duration::from_secs(30);
const CONNECTIONS_MAX: usize = 12;
/// Ends all sessions of a database, and waits until they are over.
const THROW_OUT: &str = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1";

pub(crate) struct TestDatabase {
    embedded: Embedded,
    name: String,
}

impl TestDatabase {
    pub(crate) async fn create() -> Self {
        let embedded = tokio::task::spawn_blocking(open).await.unwrap().unwrap();
        let template = format!("template_{}", &migrations_hash()[..12]);
        ensure_template(&embedded, &template).await.unwrap();
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let admin = connect(&embedded, Role::Superuser, "postgres").await.unwrap();
        let copy = format!("create database {name} template {template} strategy file_copy owner trunkline_owner");
        admin.batch_execute(&copy).await.unwrap();
        Self { embedded, name }
    }

    /// The pool of the program: logged in as the role that the policies bind.
    pub(crate) fn app(&self) -> Db {
        pool(self.embedded.config(Role::App, &self.name), CONNECTIONS_MAX)
    }

    /// Where another process finds it, in that role.
    pub(crate) fn url(&self) -> String {
        let config = self.embedded.config(Role::App, &self.name);
        let [tokio_postgres::config::Host::Unix(socket)] = config.get_hosts() else {
            panic!("{:?}", config.get_hosts())
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let (user, name) = (config.get_user().unwrap(), &self.name);
        format!("postgresql://{user}@/{name}?host={}&port={port}", socket.display())
    }

    /// The same with one connection, which serves one transaction after the other.
    pub(crate) fn app_in_turn(&self) -> Db {
        pool(self.embedded.config(Role::App, &self.name), 1)
    }

    /// Copies the database as it is. Whoever is connected is thrown out.
    pub(crate) async fn back_up(&self) {
        let admin = connect(&self.embedded, Role::Superuser, "postgres").await.unwrap();
        admin.execute(THROW_OUT, &[&self.name]).await.unwrap();
        let (name, backup) = (&self.name, self.backup());
        let copy = format!("create database {backup} template {name} strategy file_copy owner trunkline_owner");
        admin.batch_execute(&copy).await.unwrap();
    }

    /// The backup takes the database's place, once.
    pub(crate) async fn restore(&self) {
        let admin = connect(&self.embedded, Role::Superuser, "postgres").await.unwrap();
        let (name, backup) = (&self.name, self.backup());
        admin.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();
        admin.batch_execute(&format!("alter database {backup} rename to {name}")).await.unwrap();
    }

    /// Asks until the pool has noticed that its connections are gone.
    pub(crate) async fn forget_connections(&self, db: &Db) {
        for _ in 0..=CONNECTIONS_MAX {
            let _ = trunkline::store::walls::database_time(db).await;
        }
    }

    fn backup(&self) -> String {
        format!("{}_backup", self.name)
    }

    /// A pool of any other role of the cluster.
    pub(crate) fn pool_of(&self, role: &str) -> Db {
        let mut config = self.embedded.config(Role::Superuser, &self.name);
        config.options(format!("-c role={role}"));
        pool(config, 1)
    }

    /// A session that sees everything, for asking what is true.
    pub(crate) async fn superuser(&self) -> tokio_postgres::Client {
        connect(&self.embedded, Role::Superuser, &self.name).await.unwrap()
    }

    /// A session of the program's own role.
    pub(crate) async fn app_session(&self) -> tokio_postgres::Client {
        connect(&self.embedded, Role::App, &self.name).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let config = self.embedded.config(Role::Superuser, "postgres");
        let statements =
            [&self.name, &self.backup()].map(|name| format!("drop database if exists {name} with (force)"));
        // A runtime of its own: the test's may be the one that is ending.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let (client, connection) = config.connect(NoTls).await?;
                tokio::spawn(connection);
                for statement in statements {
                    client.batch_execute(&statement).await?;
                }
                anyhow::Ok(())
            })
        });
        drop(dropped.join());
    }
}

fn pool(config: tokio_postgres::Config, connections_max: usize) -> Db {
    Db::new(config, db::tls(None).unwrap(), connections_max).unwrap()
}

fn open() -> anyhow::Result<Embedded> {
    postgres::open(&Options {
        dir: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("postgres"),
        linger: LINGER,
        durable: false,
        supervisor: Some(PathBuf::from(env!("CARGO_BIN_EXE_trunkline"))),
    })
}

fn migrations_hash() -> String {
    let all = migrations::MIGRATIONS.iter().fold(Sha256::new(), |hash, (_, text)| hash.chain_update(text));
    hex::encode(all.finalize())
}

/// Migrates the template once; test processes that start together wait for the one that does.
async fn ensure_template(embedded: &Embedded, template: &str) -> anyhow::Result<()> {
    let admin = connect(embedded, Role::Superuser, "postgres").await?;
    admin.batch_execute("select pg_advisory_lock(7001)").await?;
    let exists = admin.query_opt("select from pg_database where datname = $1", &[&template]).await?.is_some();
    if !exists {
        let draft = format!("draft_{}", uuid::Uuid::now_v7().simple());
        postgres::ensure_database(embedded, &draft).await?;
        let mut owner = connect(embedded, Role::Owner, &draft).await?;
        migrations::migrate(&mut owner).await?;
        drop(owner);
        admin.batch_execute(&format!("alter database {draft} connection limit 0")).await?;
        rename_when_left(&admin, &draft, template).await?;
    }
    admin.batch_execute("select pg_advisory_unlock(7001)").await?;
    Ok(())
}

/// A database is renamed once nobody is connected; the session that migrated it is still leaving.
async fn rename_when_left(admin: &tokio_postgres::Client, draft: &str, template: &str) -> anyhow::Result<()> {
    admin.execute(THROW_OUT, &[&draft]).await?;
    admin.batch_execute(&format!("alter database {draft} rename to {template}")).await?;
    Ok(())
}

async fn connect(embedded: &Embedded, role: Role, database: &str) -> anyhow::Result<tokio_postgres::Client> {
    let (client, connection) = embedded.config(role, database).connect(NoTls).await.context("no connection")?;
    tokio::spawn(connection);
    Ok(client)
}
