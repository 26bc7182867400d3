//! `trunkline serve`: a node of a real installation.

use crate::app::{Node, Settings};
use crate::clock::Clock;
use crate::config::{Address, Database, Keeping, MasterKey, Vapi};
use crate::provision;
use crate::runtime::stop_sign;
use crate::store::{self, Db};
use crate::tls;
use crate::vault::Vault;
use anyhow::Context as _;
use std::io::{Write as _, stdout};
use tokio::net::TcpListener;

/// Vapi does not publish its limit; what people have seen is 100 (contract §5.2).
const REQUESTS_PER_MINUTE_MAX: i32 = 80;

/// Serves the dashboard, takes webhooks in and dials. Any number of nodes may run over one database.
#[derive(clap::Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    master_key: MasterKey,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    vapi: Vapi,
    #[command(flatten)]
    keeping: Keeping,
    #[cfg(feature = "failpoints")]
    #[command(flatten)]
    drill: crate::config::Drill,
}

pub async fn run(serve: Serve) -> anyhow::Result<()> {
    tls::install();
    #[cfg(not(feature = "failpoints"))]
    let clock = Clock::database();
    #[cfg(feature = "failpoints")]
    let clock = begin_drill(&serve.drill)?;
    let Serve { database, master_key, address, vapi, keeping, .. } = serve;
    let db = database.open()?;
    let vault = master_key.vault()?;
    let public_url = address.public_url()?;
    let node = Node::new(Settings {
        db: db.clone(),
        clock: clock.clone(),
        vault: vault.clone(),
        public_url: public_url.clone(),
        agency: address.agency.clone(),
        zone: address.zone()?,
        simulated: false,
        decisions_kept: keeping.decisions_kept(),
    });
    node.check().await?;
    keep_account(&db, &vault, &vapi, &clock).await?;
    let listener = TcpListener::bind(address.listen)
        .await
        .with_context(|| format!("{} cannot be listened on: choose another address with --listen", address.listen))?;
    writeln!(stdout(), "Trunkline listens on {}; people and Vapi reach it at {public_url}", address.listen)?;
    node.serve(listener, stop_sign()?).await
}

/// One point of the program may strike, and the clock may be one that runs fast for all nodes of the drill.
#[cfg(feature = "failpoints")]
fn begin_drill(drill: &crate::config::Drill) -> anyhow::Result<Clock> {
    if let Some(plan) = &drill.failpoint {
        crate::failpoint::armed::arm(plan)?;
    }
    #[cfg(feature = "mutants")]
    if let Some(protection) = &drill.without {
        crate::domain::protocol::protections::switch_off(Some(protection.parse()?));
    }
    drill.clock.as_deref().map_or_else(|| Ok(Clock::database()), Clock::shared)
}

/// The account of the environment's key is made, or gets the key if it was rotated.
async fn keep_account(db: &Db, vault: &Vault, vapi: &Vapi, clock: &Clock) -> store::Result<()> {
    let Some(key) = &vapi.vapi_api_key else { return Ok(()) };
    let account = provision::Account {
        name: &vapi.vapi_account_name,
        pool: &vapi.vapi_account_name,
        lines_max: vapi.vapi_lines,
        base_url: vapi.vapi_base_url.as_str().trim_end_matches('/'),
        key,
        requests_per_minute_max: REQUESTS_PER_MINUTE_MAX,
    };
    provision::account(db, vault, &account, clock.now()).await?;
    Ok(())
}
