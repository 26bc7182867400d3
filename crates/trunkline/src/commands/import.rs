//! `trunkline import leads FILE --organization SLUG`: the same import as the page's, and what came of it as text.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::Timestamp;

use crate::domain::ids::{CampaignId, LeadImportId, OrganizationId};
use crate::domain::lead_file::{LEAD_FILE_BYTES_MAX, LeadFileError, PROBLEMS_MAX};
use crate::lead_imports::{FileToImport, Imported, import};
use crate::store::campaigns::{self, LeadGroup};
use crate::store::lead_imports::{self, LeadImport, Problem, RowCounts};
use crate::store::{Db, across, organization_turns};

#[derive(clap::Subcommand, Debug)]
pub enum Import {
    /// Imports leads from a spreadsheet's CSV file.
    Leads(ImportLeads),
}

#[derive(clap::Args, Debug)]
pub struct ImportLeads {
    /// A CSV file with phones in one column; the others may be in any order.
    pub file: PathBuf,
    /// The organization, as in the addresses of its pages.
    #[arg(long, value_name = "SLUG")]
    pub organization: String,
    /// A campaign that takes the leads, by the id in the address of its page.
    #[arg(long, value_name = "ID")]
    pub campaign: Option<CampaignId>,
    /// Import the file even if this same file was imported before.
    #[arg(long)]
    pub again: bool,
}

/// Writes a summary and the rows that were left out. False when nothing could be kept.
pub async fn leads(args: &ImportLeads, db: &Db, now: Timestamp, out: &mut impl Write) -> anyhow::Result<bool> {
    let organization = across::organization_by_slug(db, &args.organization)
        .await?
        .with_context(|| format!("there is no organization {:?}", args.organization))?;
    let file = FileToImport {
        id: LeadImportId::new(),
        name: args.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes: read(&args.file).await?.into(),
        even_if_same: args.again,
        by: None,
    };
    let done = match import(db, organization, file, now).await.with_context(|| args.file.display().to_string())? {
        Imported::Done(done) => done,
        Imported::SameFile(earlier) => bail!(
            "this same file was imported on {} as {}; --again imports it all the same",
            earlier.created_at,
            earlier.file_name
        ),
        Imported::SameForm => bail!("this import was done already"),
    };
    let problems = problems(db, organization, done.id).await?;
    write_summary(out, &done)?;
    write_problems(out, &problems, done.counts.problems)?;
    if let Some(campaign) = args.campaign {
        let enrolled = enroll(db, organization, (campaign, done.id), now).await?;
        writeln!(out, "{enrolled} leads enrolled in the campaign")?;
    }
    let RowCounts { rows, problems, .. } = done.counts;
    Ok(problems < rows)
}

async fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let unreadable = || format!("{} cannot be read", path.display());
    let bytes = tokio::fs::metadata(path).await.with_context(unreadable)?.len();
    if bytes > LEAD_FILE_BYTES_MAX as u64 {
        bail!("{}: {}", path.display(), LeadFileError::TooManyBytes);
    }
    tokio::fs::read(path).await.with_context(unreadable)
}

async fn problems(db: &Db, organization: OrganizationId, id: LeadImportId) -> anyhow::Result<Vec<Problem>> {
    let tx = db.tenant(organization).await?;
    Ok(lead_imports::problems(&tx, id, i64::try_from(PROBLEMS_MAX)?).await?)
}

async fn enroll(
    db: &Db,
    organization: OrganizationId,
    what: (CampaignId, LeadImportId),
    now: Timestamp,
) -> anyhow::Result<u64> {
    let (campaign, import) = what;
    let tx = db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let locked = campaigns::lock(&tx, campaign).await.with_context(|| format!("there is no campaign {campaign}"))?;
    if locked.status.is_final() {
        bail!("the campaign {} is {} and takes no more leads; the leads were imported", locked.name, locked.status);
    }
    let enrolled = campaigns::enroll(&tx, campaign, &LeadGroup::ImportedWith(import), now).await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    Ok(enrolled)
}

fn write_summary(out: &mut impl Write, done: &LeadImport) -> io::Result<()> {
    let RowCounts { rows, created, updated, duplicates, problems } = done.counts;
    writeln!(out, "{}: {rows} rows", done.file_name)?;
    for (count, what) in [
        (created, "new leads"),
        (updated, "leads updated"),
        (duplicates, "known already, or twice in the file"),
        (problems, "left out"),
    ] {
        writeln!(out, "{count:>9}  {what}")?;
    }
    Ok(())
}

/// Columns as wide as their widest cell; the reason is last and free.
fn write_problems(out: &mut impl Write, problems: &[Problem], total: u64) -> io::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let width = |head: &str, cell: fn(&Problem) -> &str| {
        problems.iter().map(|problem| cell(problem).chars().count()).max().unwrap_or(0).max(head.len())
    };
    let (columns, values) = (width("COLUMN", |p| &p.column), width("VALUE", |p| &p.value));
    writeln!(out, "\n{:>7}  {:columns$}  {:values$}  REASON", "LINE", "COLUMN", "VALUE")?;
    for Problem { line, column, value, reason } in problems {
        writeln!(out, "{line:>7}  {column:columns$}  {value:values$}  {reason}")?;
    }
    if total > problems.len() as u64 {
        writeln!(out, "{total} rows were left out; these are the first problems")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_rows_stand_in_a_table() {
        let problem = |line, value: &str| Problem {
            line,
            column: "Phone".to_owned(),
            value: value.to_owned(),
            reason: "phone is empty".to_owned(),
        };
        let mut out = Vec::new();

        write_problems(&mut out, &[problem(3, ""), problem(12, "n/a, ask")], 2).unwrap();

        let expected = "
   LINE  COLUMN  VALUE     REASON
      3  Phone             phone is empty
     12  Phone   n/a, ask  phone is empty
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
