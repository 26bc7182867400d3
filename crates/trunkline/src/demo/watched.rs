//! The demo with a person in front of it: prints where to look, and goes on until it is told to stop.

use super::args::Demo;
use super::companies::company_name;
use super::stage::{self, Stage};
use super::{time, world};
use crate::domain::role::AgencyRole;
use crate::http;
use crate::runtime::stop_sign;
use crate::store::users::{self, NewUser};
use jiff::SignedDuration;
use std::io::{Write as _, stdout};
use std::time::Duration;

const OPERATOR_EMAIL: &str = "sam@relay.example";
const OPERATOR_NAME: &str = "Sam Okoro";
/// The printed link works this long, and once.
const LINK_LIVES: SignedDuration = SignedDuration::from_hours(8);
const REMEMBER_EVERY: Duration = Duration::from_secs(2);

pub(super) async fn run(demo: &Demo) -> anyhow::Result<()> {
    let stage = stage::set_up(demo, &demo.dir).await?;
    let links = sign_in_links(&stage).await?;
    say_hello(demo, &stage, &links)?;
    let Stage { embedded, db, clock, simulator, node, listener, public_url: _ } = stage;
    let (remembered_db, remembered_clock) = (db.clone(), clock.clone());
    let remembering = tokio::spawn(async move {
        loop {
            if let Err(error) = time::remember(&remembered_db, &remembered_clock).await {
                tracing::warn!(%error, "what the demo's clock shows could not be remembered");
            }
            tokio::time::sleep(REMEMBER_EVERY).await;
        }
    });
    node.serve(listener, stop_sign()?).await?;
    writeln!(stdout(), "\nStopping: calls that go on are left to the provider, nothing is lost.")?;
    remembering.abort();
    time::remember(&db, &clock).await?;
    simulator.shutdown().await;
    drop(db);
    tokio::task::spawn_blocking(move || embedded.close()).await??;
    Ok(())
}

/// For the agency, and for its first client.
async fn sign_in_links(stage: &Stage) -> anyhow::Result<[String; 2]> {
    let operator = NewUser {
        email: OPERATOR_EMAIL,
        name: OPERATOR_NAME,
        password_hash: None,
        agency_role: Some(AgencyRole::Owner),
    };
    let now = stage.clock.now();
    let operator = users::put(&stage.db, &operator, now).await?;
    let manager = world::manager(&stage.db, 0, now).await?;
    Ok([
        http::signin_link(&stage.node.pages, operator, LINK_LIVES).await?,
        http::signin_link(&stage.node.pages, manager, LINK_LIVES).await?,
    ])
}

fn say_hello(demo: &Demo, stage: &Stage, [agency, client]: &[String; 2]) -> anyhow::Result<()> {
    let zoned = stage.clock.now().to_zoned(jiff::tz::TimeZone::get("America/New_York")?);
    let shown = zoned.strftime("%a %-d %b %Y, %-I:%M %p in New York");
    let mut out = stdout();
    writeln!(out, "\nTrunkline is running. Phones and provider are simulated; everything else is the product.\n")?;
    writeln!(out, "  Dashboard   {}", stage.public_url)?;
    writeln!(out, "  Sign in     {agency}")?;
    writeln!(out, "              (works once, for {OPERATOR_NAME} of {})", stage::AGENCY)?;
    writeln!(out, "  As a client {client}")?;
    writeln!(
        out,
        "              (works once, for {} of {}; in a private window)",
        world::manager_name(0),
        company_name(0)
    )?;
    writeln!(out, "  Provider    {}/sim/journal shows what really rang", stage.simulator.base_url())?;
    writeln!(out, "  Database    {}", stage.embedded.url(crate::postgres::Role::App, "trunkline"))?;
    writeln!(out, "  Clock       {shown}, {}", pace(demo.speed))?;
    writeln!(out, "\nCtrl-C stops it; the next start goes on with the data in {}.\n", demo.dir.display())?;
    out.flush()?;
    Ok(())
}

fn pace(speed: u32) -> String {
    if speed == 1 { "in real time".to_owned() } else { format!("{speed} times as fast as real") }
}
