//! `trunkline quarantine`: a database that was restored, for whoever is at a terminal.

use super::reach::{Installation, Reached};
use crate::store::quarantine;
use jiff::Timestamp;
use std::io::{Write as _, stdout};

/// Nothing is dialed from a restored database until every call that Vapi has of this installation is in it. That begins and
/// ends by itself; here it can be seen, begun where the database itself does not tell, and ended by a person.
#[derive(clap::Args, Debug)]
pub struct Quarantine {
    #[command(flatten)]
    installation: Installation,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// What is still to be done.
    Show,
    /// After a restore that cannot be recognized: of single tables, or of a disk as it was.
    Begin {
        /// When the backup was made, such as 2026-03-04T17:00:00Z; as the database itself tells when it is not given.
        #[arg(long, value_name = "TIME")]
        since: Option<Timestamp>,
        /// Why, for whoever reads it on the pages.
        #[arg(long, value_name = "WORDS", default_value = "a person says that it was restored")]
        because: String,
    },
    /// Dials again, although calls may be unknown here and their phones be called again.
    End {
        /// Why, for the audit.
        #[arg(long, value_name = "WORDS")]
        because: String,
    },
}

pub async fn run(quarantine: Quarantine) -> anyhow::Result<()> {
    let Quarantine { installation, what } = quarantine;
    let Reached { db, now, .. } = &installation.reach().await?;
    let mut out = stdout();
    match what {
        What::Show => {
            let Some(quarantine) = quarantine::state(db).await? else {
                return Ok(writeln!(out, "There is no quarantine.")?);
            };
            writeln!(out, "In quarantine since {}: {}.", quarantine.since, quarantine.because)?;
            let left = quarantine::left(db).await?;
            writeln!(out, "{} calls wait to be entered.", left.calls)?;
            for account in left.accounts {
                writeln!(out, "{}: the calls from {} on are still to be listed.", account.name, account.adopted_until)?;
            }
        }
        What::Begin { since, because } => {
            let said = if quarantine::begin(db, &because, since, (None, *now)).await? {
                "Nothing is dialed any more, until every call at the provider is known."
            } else {
                "It is in quarantine already."
            };
            writeln!(out, "{said}")?;
        }
        What::End { because } => {
            let has_ended = quarantine::end(db, &because, (None, *now)).await?;
            writeln!(out, "{}", if has_ended { "Dialing goes on." } else { "There is no quarantine." })?;
        }
    }
    Ok(())
}
