//! Live answers while a flood goes on: the flood keeps its schedule, and so do the questions.

use super::load::Load;
use super::messages::{Kind, Senders};
use super::server::Server;
use crate::commands::bench::figures::Figures;
use anyhow::Result;
use std::time::Duration;

const UPDATES_PER_SECOND: f64 = 3000.0;
const REPORTS_PER_SECOND: f64 = 150.0;
const QUESTIONS_PER_SECOND: f64 = 50.0;

pub(super) async fn live_answers(
    server: &Server,
    senders: &Senders,
    run: Duration,
    figures: &mut Figures,
) -> Result<()> {
    let load =
        |kind, connections, rate| Load { connections, rate: Some(rate), ..Load::closed(server, senders, kind, run) };
    let questions = load(Kind::AssistantRequest, 8, QUESTIONS_PER_SECOND);
    let idle = questions.run().await?;
    figures.set("assistant_request_idle_p99_ms", idle.latencies.percentile_ms(99.0));
    let (updates, reports) =
        (load(Kind::StatusUpdate, 64, UPDATES_PER_SECOND), load(Kind::Report, 16, REPORTS_PER_SECOND));
    let (updates, reports, answers) = tokio::try_join!(updates.run(), reports.run(), questions.run())?;
    figures.set("open_loop_p50_ms", updates.latencies.percentile_ms(50.0));
    figures.set("open_loop_p99_ms", updates.latencies.percentile_ms(99.0));
    figures.set("open_loop_50k_p99_ms", reports.latencies.percentile_ms(99.0));
    figures.set("assistant_request_p99_ms", answers.latencies.percentile_ms(99.0));
    let failed = updates.failed + reports.failed + answers.failed + idle.failed;
    figures.set_fact("open_loop_all_answered", failed == 0);
    server.acknowledge(idle.ok + updates.ok + reports.ok + answers.ok);
    Ok(())
}
