//! One node of an installation: dialer, intake and pages over one database. All nodes are equal; what they share is in
//! the database.

use crate::clock::Clock;
use crate::dialer::accounts::Accounts;
use crate::dialer::{self, Dialer};
use crate::domain::protocol::may_dial_on;
use crate::http;
use crate::intake::{self, Intake, Reach};
use crate::runtime::Loops;
use crate::server;
use crate::store::changes::Changes;
use crate::store::{Db, decisions, migrations, walls};
use crate::vault::Vault;
use anyhow::{Context as _, bail};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

const CLOCK_EVERY: Duration = Duration::from_secs(30);
/// How often it is looked for decisions that need not be kept any longer, how many go at once, and the wait when more are left.
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);
const FORGOTTEN_AT_ONCE_MAX: i32 = 5_000;
const FORGET_NEXT: Duration = Duration::from_millis(200);
const REFUSALS_EVERY: Duration = Duration::from_secs(60);
const ADOPT_EVERY: Duration = Duration::from_secs(15);
const APPLY_IDLE: Duration = Duration::from_millis(100);
/// On a fast clock an idle wait of a real node is minutes.
const FAST_IDLE: Duration = Duration::from_millis(10);

/// What a node is made of.
pub struct Settings {
    pub db: Db,
    pub clock: Clock,
    pub vault: Vault,
    pub public_url: String,
    pub agency: String,
    pub zone: TimeZone,
    pub simulated: bool,
    /// How long a decision is kept with its facts.
    pub decisions_kept: SignedDuration,
}

pub struct Node {
    pub db: Db,
    pub clock: Clock,
    /// What changed in the database, on whichever node; heard while the node serves.
    pub changes: Changes,
    pub dialer: Dialer,
    pub intake: Intake,
    pub pages: http::App,
    decisions_kept: SignedDuration,
    ending: watch::Sender<bool>,
}

impl Node {
    /// A node that does nothing by itself yet: a test ticks it, [`Node::serve`] lets it run.
    pub fn new(settings: Settings) -> Self {
        let Settings { db, clock, vault, public_url, agency, zone, simulated, decisions_kept } = settings;
        let (ending, ends) = watch::channel(false);
        let accounts = Arc::new(Accounts::new(db.clone(), vault.clone(), clock.clone()));
        let dialer = Dialer::new(db.clone(), clock.clone(), accounts, &public_url);
        let changes = Changes::default();
        let intake = intake::Settings {
            db: db.clone(),
            vault: vault.clone(),
            clock: clock.clone(),
            public_url: public_url.clone(),
            reach: if simulated { Reach::ThisMachine } else { Reach::Internet },
        };
        let intake = Intake::start(intake, &changes);
        let pages = http::App::new(http::Settings {
            db: db.clone(),
            clock: clock.clone(),
            vault,
            public_url,
            agency,
            zone,
            simulated,
            ending: ends,
        });
        Self { db, clock, changes, dialer, intake, pages, decisions_kept, ending }
    }

    /// Refuses to go on with a role that the policies do not bind, or with a schema of another version.
    pub async fn check(&self) -> anyhow::Result<()> {
        if let Some(breach) = walls::breach(&self.db).await.context("the database cannot be reached")? {
            bail!(breach);
        }
        // Where phones are simulated, so may be the disk.
        if !self.pages.simulated && !may_dial_on(walls::keeps_what_it_acknowledges(&self.db).await?) {
            bail!(
                "the database acknowledges commits that it may lose, and then a call may be placed twice: \
                 turn fsync, full_page_writes and synchronous_commit on"
            );
        }
        let missing = migrations::missing(&self.db).await?;
        if !missing.is_empty() {
            bail!("the database lacks {} of this version: run `trunkline migrate`", missing.join(", "));
        }
        follow_database(&self.db, &self.clock).await?;
        self.dialer.recognize_database().await?;
        Ok(())
    }

    /// All routes: pages, and the webhook, which no page protection concerns.
    pub fn router(&self) -> axum::Router {
        http::router(self.pages.clone()).merge(intake::router(self.intake.clone()))
    }

    /// Runs the loops and serves until `stop`, then lets what is under way finish.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let mut loops = Loops::new(self.ending.subscribe());
        self.add_loops(&mut loops);
        let router = self.router();
        let ending = self.ending.clone();
        let stopped = async move {
            stop.await;
            failpoint!("drain.begun");
            // Streams and loops end now; requests under way are waited for.
            ending.send_replace(true);
        };
        server::serve(listener, router, stopped).await;
        failpoint!("drain.served");
        loops.end().await;
        failpoint!("drain.looped");
        self.dialer.sent().await;
        failpoint!("drain.sent");
        Ok(())
    }

    fn add_loops(&self, loops: &mut Loops) {
        let is_fast = self.clock.speed() > 1;
        let (dial_idle, apply_idle) = if is_fast { (FAST_IDLE, FAST_IDLE) } else { (dialer::IDLE, APPLY_IDLE) };
        let dialer = self.dialer.clone();
        loops.add("dial", move || {
            let dialer = dialer.clone();
            async move { Ok(if dialer.take_turns().await? > 0 { Duration::ZERO } else { dial_idle }) }
        });
        let dialer = self.dialer.clone();
        loops.add("look after what was dialed", move || {
            let dialer = dialer.clone();
            async move {
                dialer.look_after().await?;
                Ok(dial_idle)
            }
        });
        let intake = self.intake.clone();
        loops.add("apply", move || {
            let intake = intake.clone();
            async move { Ok(if intake.apply().await? > 0 { Duration::ZERO } else { apply_idle }) }
        });
        let intake = self.intake.clone();
        loops.add("adopt unattributed events", move || {
            let intake = intake.clone();
            async move {
                intake.adopt_unattributed().await?;
                Ok(ADOPT_EVERY)
            }
        });
        self.add_upkeep(loops);
    }

    /// What is not dialing or taking in, but has to go on beside it.
    fn add_upkeep(&self, loops: &mut Loops) {
        let (db, clock, kept) = (self.db.clone(), self.clock.clone(), self.decisions_kept);
        loops.add("forget old decisions", move || {
            let (db, clock) = (db.clone(), clock.clone());
            async move {
                let forgotten = decisions::forget(&db, clock.now() - kept, FORGOTTEN_AT_ONCE_MAX).await?;
                Ok(if forgotten > 0 { FORGET_NEXT } else { FORGET_EVERY })
            }
        });
        let (db, changes, ending) = (self.db.clone(), self.changes.clone(), self.ending.subscribe());
        loops.add("hear of changes", move || {
            let (db, changes, mut ending) = (db.clone(), changes.clone(), ending.clone());
            async move {
                tokio::select! {
                    heard = changes.follow(&db) => heard?,
                    _ = ending.wait_for(|is_ending| *is_ending) => {}
                }
                Ok(Duration::ZERO)
            }
        });
        let intake = self.intake.clone();
        loops.add("tell refusals", move || {
            let intake = intake.clone();
            async move {
                intake.tell_refusals().await?;
                Ok(REFUSALS_EVERY)
            }
        });
        let (db, clock) = (self.db.clone(), self.clock.clone());
        loops.add("follow the database's clock", move || {
            let (db, clock) = (db.clone(), clock.clone());
            async move {
                follow_database(&db, &clock).await?;
                Ok(CLOCK_EVERY)
            }
        });
    }
}

async fn follow_database(db: &Db, clock: &Clock) -> anyhow::Result<()> {
    let before = Clock::machine();
    let database = walls::database_time(db).await?;
    clock.follow(before, database);
    Ok(())
}
