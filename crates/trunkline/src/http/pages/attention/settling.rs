//! A person settles what the program does not guess.

use crate::domain::ids::AttemptId;
use crate::domain::protocol::{Happening, Moment, Timing, Verdict};
use crate::http::App;
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::settlement;
use crate::store::attention::{self, WAITING_MAX};
use crate::store::audit::{self, Entry};
use crate::store::{Error, attempts, organization_turns};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use ui::url::{Section, section_of};

type Pairs = Vec<(String, String)>;

/// `POST /o/{slug}/attention/count`: the phones are taken to have rung, and nobody to have answered.
pub(crate) async fn count(
    State(app): State<App>,
    Manager(caller): Manager,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    judge(&app, &caller, &chosen(&pairs), Verdict::CountAsCalled).await
}

/// `POST /o/{slug}/attention/look`: the provider is asked again.
pub(crate) async fn look(
    State(app): State<App>,
    Manager(caller): Manager,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    judge(&app, &caller, &chosen(&pairs), Verdict::LookAgain).await
}

/// `POST /o/{slug}/attention/acknowledge`: calls that should not have been were seen.
pub(crate) async fn acknowledge(
    State(app): State<App>,
    Manager(caller): Manager,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let (now, by) = (app.clock.now(), caller.session.user.id);
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let seen = attention::acknowledge(&tx, &chosen(&pairs), by, now).await?;
    for id in &seen {
        let subject = format!("attempt/{id}");
        let entry = Entry { by: Some(by), action: "attempt.acknowledged", subject, detail: json!({}) };
        audit::add(&tx, &entry, now).await?;
    }
    tx.commit().await?;
    Ok(said(&caller, seen.len(), Notice::Acknowledged))
}

/// Those that are still held; somebody may have been faster, or evidence may have come.
async fn judge(app: &App, caller: &Viewer, ids: &[AttemptId], verdict: Verdict) -> Result<Response, PageError> {
    let moment = Moment { now: app.clock.now(), timing: Timing::at_speed(app.clock.speed()) };
    let by = caller.session.user.id;
    let (action, notice) = match verdict {
        Verdict::CountAsCalled => ("attempt.counted_as_called", Notice::HeldSettled),
        Verdict::LookAgain => ("attempt.looked_at_again", Notice::HeldLooked),
    };
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let mut judged = 0;
    for &id in ids {
        let mut attempt = match attempts::lock(&tx, id).await {
            Ok(attempt) => attempt,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error.into()),
        };
        if settlement::happen(&tx, &mut attempt, Happening::Judged(verdict), &moment).await? {
            let subject = format!("attempt/{id}");
            audit::add(&tx, &Entry { by: Some(by), action, subject, detail: json!({}) }, moment.now).await?;
            judged += 1;
        }
    }
    tx.commit().await?;
    tracing::info!(user.id = %by, judged, action, "a person settled attempts");
    Ok(said(caller, judged, notice))
}

fn said(caller: &Viewer, changed: usize, notice: Notice) -> Response {
    let notice = if changed == 0 { Notice::NothingChosen } else { notice };
    notice.then(&section_of(&caller.organization.slug, Section::Attention))
}

/// In the order of their ids, so that forms of two people lock alike.
fn chosen(pairs: &[(String, String)]) -> Vec<AttemptId> {
    let ids = pairs.iter().filter(|(name, _)| name == "attempts").filter_map(|(_, id)| id.parse().ok());
    let mut ids: Vec<AttemptId> = ids.take(WAITING_MAX).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
