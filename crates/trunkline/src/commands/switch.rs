//! `trunkline pause` and `trunkline resume`: the agency's switches for whoever is at a terminal. When a pause returns,
//! nothing is sent any more, on any node.

use super::reach::{Installation, Reached};
use crate::store::switches::{self, By};
use crate::store::{Db, across, agency_dispatch, provider_accounts};
use anyhow::Context as _;
use jiff::Timestamp;
use std::io::{Write as _, stdout};

/// Stops dialing: all of it, for one organization, or with one provider account. Calls in progress go on.
#[derive(clap::Args, Debug)]
pub struct Pause {
    #[command(flatten)]
    installation: Installation,
    /// Why, for whoever reads it on the pages.
    #[arg(long, global = true, value_name = "WORDS")]
    because: Option<String>,
    #[command(subcommand)]
    what: What,
}

/// Dials again, at once.
#[derive(clap::Args, Debug)]
pub struct Resume {
    #[command(flatten)]
    installation: Installation,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Everything, for all organizations.
    Dialing,
    Organization {
        slug: String,
    },
    /// A provider account, by its name.
    Account {
        name: String,
    },
}

pub async fn pause(pause: Pause) -> anyhow::Result<()> {
    let Pause { installation, because, what } = pause;
    let Reached { db, now, .. } = &installation.reach().await?;
    let by = By { user: None, because: because.as_deref() };
    let said = match &what {
        What::Dialing => {
            agency_dispatch::pause(db, None, by.because, *now).await?;
            "All dialing is stopped: `trunkline resume dialing` lets it go on.".to_owned()
        }
        What::Organization { slug } => {
            switch_organization(db, slug, false, by, *now).await?;
            format!("{slug} is suspended: `trunkline resume organization {slug}` lets it call again.")
        }
        What::Account { name } => {
            switch_account(db, name, false, by, *now).await?;
            format!("{name} is paused: `trunkline resume account {name}` takes it up again.")
        }
    };
    writeln!(stdout(), "{said} Calls in progress go on.")?;
    Ok(())
}

pub async fn resume(resume: Resume) -> anyhow::Result<()> {
    let Resume { installation, what } = resume;
    let Reached { db, now, .. } = &installation.reach().await?;
    let by = By { user: None, because: None };
    let said = match &what {
        What::Dialing => {
            agency_dispatch::resume(db, None, *now).await?;
            "Dialing goes on.".to_owned()
        }
        What::Organization { slug } => {
            switch_organization(db, slug, true, by, *now).await?;
            format!("{slug} calls again.")
        }
        What::Account { name } => {
            switch_account(db, name, true, by, *now).await?;
            format!("{name} is used again.")
        }
    };
    writeln!(stdout(), "{said}")?;
    Ok(())
}

async fn switch_organization(db: &Db, slug: &str, is_on: bool, by: By<'_>, now: Timestamp) -> anyhow::Result<()> {
    let id =
        across::organization_by_slug(db, slug).await?.with_context(|| format!("there is no organization {slug}"))?;
    Ok(switches::organization(db, id, is_on, by, now).await?)
}

async fn switch_account(db: &Db, name: &str, is_on: bool, by: By<'_>, now: Timestamp) -> anyhow::Result<()> {
    let id =
        provider_accounts::find(db, name).await?.with_context(|| format!("there is no provider account {name}"))?;
    Ok(switches::account(db, id, is_on, by, now).await?)
}
