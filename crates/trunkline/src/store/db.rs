//! The pool of connections and the beginnings of transactions. Nobody else takes a connection from the pool.

use super::{AgencyTx, Error, PlainTx, Result, TenantTx, TurnsTx};
use crate::domain::ids::OrganizationId;
use anyhow::Context as _;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{path::Path, sync::Arc, time::Duration};
use tokio_postgres::{Socket, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a free connection before it is told that the database is busy.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

type Listening = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

#[derive(Clone)]
pub struct Db {
    pool: Pool,
    config: Arc<tokio_postgres::Config>,
    tls: MakeRustlsConnect,
}

impl Db {
    /// A pool of at most `connections_max` connections. Connects when first asked.
    pub fn new(config: tokio_postgres::Config, tls: MakeRustlsConnect, connections_max: usize) -> anyhow::Result<Self> {
        let config = bounded(config);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config.clone(), tls.clone(), recycling);
        let timeouts =
            Timeouts { wait: Some(WAIT_TIMEOUT), create: Some(CONNECT_TIMEOUT), recycle: Some(CONNECT_TIMEOUT) };
        let pool = Pool::builder(manager)
            .max_size(connections_max)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .context("the pool of database connections could not be built")?;
        Ok(Self { pool, config: Arc::new(config), tls })
    }

    /// Begins a transaction that sees and writes the rows of `organization` and no others.
    pub async fn tenant(&self, organization: OrganizationId) -> Result<TenantTx> {
        TenantTx::begin(self.connection().await?, organization).await
    }

    /// Begins a transaction for the turns of `organizations`: it sees and writes their rows and no others.
    pub(super) async fn turns(&self, organizations: &[OrganizationId]) -> Result<TurnsTx> {
        TurnsTx::begin(self.connection().await?, organizations).await
    }

    /// Begins a transaction that reads the rows of all organizations. The caller has proven to be of the agency.
    pub async fn agency(&self) -> Result<AgencyTx> {
        AgencyTx::begin(self.connection().await?).await
    }

    /// Begins a transaction without an organization: it sees no tenant row at all, only what belongs to the agency.
    pub(super) async fn plain(&self) -> Result<PlainTx> {
        PlainTx::begin(self.connection().await?).await
    }

    /// A connection outside of the pool, for hearing of changes. No transaction is begun on it.
    pub(super) async fn listener(&self) -> Result<(tokio_postgres::Client, Listening)> {
        Ok(self.config.connect(self.tls.clone()).await?)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub(super) async fn connection(&self) -> Result<Object> {
        self.pool.get().await.map_err(Error::from)
    }
}

/// Bounds what a statement may take: a query that runs away must not hold a row lock for ever.
fn bounded(mut config: tokio_postgres::Config) -> tokio_postgres::Config {
    let options = config.get_options().unwrap_or_default();
    let options = format!(
        "{options} -c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
    );
    config.options(options.trim().to_owned()).connect_timeout(CONNECT_TIMEOUT).application_name("trunkline");
    config
}

/// TLS for a database on the network: the usual roots, and those of `authority`, a PEM file, such as a provider of
/// managed databases hands out.
pub fn tls(authority: Option<&Path>) -> anyhow::Result<MakeRustlsConnect> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = authority {
        let read = || format!("the certificate authority of the database, {}, cannot be read", path.display());
        for certificate in CertificateDer::pem_file_iter(path).with_context(read)? {
            roots.add(certificate.with_context(read)?).with_context(read)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("TLS could not be set up")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
