//! The view of a campaign, filled from the store. What a client sees is a part of what the agency sees, by type.

use super::{pace_setting, zones};
use crate::domain::ids::CampaignId;
use crate::domain::pace;
use crate::domain::status::CampaignStatus;
use crate::domain::time_zone;
use crate::http::App;
use crate::http::caller::Viewer;
use crate::http::context;
use crate::http::error::PageError;
use crate::http::pages::calls::row::{drawn_outcome, goal, lead_name};
use crate::http::pages::campaigns::row;
use crate::store::campaign_live::{self, CampaignHead, LatestResult, LineUse, MinuteOfCalls, Talk, ZoneGroup};
use crate::store::campaign_progress::{self, CallCounts};
use crate::store::{Reach, TenantTx};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ui::view::{self, ClientCampaign, Finish, OperatorCampaign, Pace, PaceMinute, Progress};

/// Full minutes of the pace chart.
const MINUTES: i64 = 40;
/// Minutes by which the pace is told.
const PACE_MINUTES: usize = 10;
/// Before it has run for this long, nothing is foretold.
const FORETOLD_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// What is read of a campaign, whoever looks.
struct Read {
    head: CampaignHead,
    progress: Progress,
    calls: CallCounts,
    minutes: Vec<MinuteOfCalls>,
    talks: Vec<Talk>,
    lines: LineUse,
    outcomes: Vec<(crate::domain::outcome::Outcome, u64)>,
    groups: Vec<ZoneGroup>,
    latest: Vec<LatestResult>,
}

pub(super) async fn for_operator(app: &App, caller: &Viewer, id: CampaignId) -> Result<OperatorCampaign, PageError> {
    let (read, facts, zone) = read_all(app, caller, id).await?;
    let spend = read.calls.spend;
    Ok(OperatorCampaign {
        pace_setting: pace_setting::for_operator(&facts),
        campaign: campaign(read, &zone, facts.now),
        organization: context::name_of(&caller.organization),
        spend,
        budget: None,
    })
}

pub(super) async fn for_client(app: &App, caller: &Viewer, id: CampaignId) -> Result<ClientCampaign, PageError> {
    let (read, facts, zone) = read_all(app, caller, id).await?;
    Ok(ClientCampaign { pace_setting: pace_setting::for_client(&facts), campaign: campaign(read, &zone, facts.now) })
}

async fn read_all(
    app: &App,
    caller: &Viewer,
    id: CampaignId,
) -> Result<(Read, pace_setting::Facts, TimeZone), PageError> {
    let now = app.clock.now();
    let zone = context::zone_of(&caller.organization);
    let tx = app.db.tenant(caller.organization.id).await?;
    let read = read(&tx, id, now).await?;
    let (own, provider, next) = tokio::try_join!(
        campaign_live::own_limits(&tx, id, time_zone::local_day(now, &zone)),
        campaign_live::provider_limits(&tx, id, whole_minute(now)),
        campaign_live::next_attempt(&tx, id),
    )?;
    let is_running = read.head.standing.status == CampaignStatus::Running;
    Ok((read, pace_setting::Facts { is_running, now, own, provider, next }, zone))
}

async fn read(tx: &TenantTx, id: CampaignId, now: Timestamp) -> Result<Read, PageError> {
    let head = campaign_live::head(tx, id).await?;
    let key = [(tx.organization, id)];
    let before = whole_minute(now);
    let from = before - SignedDuration::from_mins(MINUTES);
    let reach = Reach::Organization(tx);
    let (leads, calls, minutes, talks, lines, outcomes, groups, latest) = tokio::try_join!(
        campaign_progress::leads(reach, &key),
        campaign_progress::calls(reach, &key),
        campaign_live::minutes(tx, id, from, before),
        campaign_live::talks(tx, id),
        campaign_live::line_use(tx, id),
        campaign_live::outcomes(tx, id),
        campaign_live::zone_groups(tx, id),
        campaign_live::latest(tx, id),
    )?;
    let leads = leads.get(&id).copied().unwrap_or_default();
    let calls = calls.get(&id).copied().unwrap_or_default();
    let progress = row::progress(&leads, &calls);
    Ok(Read { head, progress, calls, minutes, talks, lines, outcomes, groups, latest })
}

fn campaign(read: Read, zone: &TimeZone, now: Timestamp) -> view::Campaign {
    let zones = zones::hours(&read.groups, &read.head.calling_hours, zone, now);
    let minutes = filled(&read.minutes, now);
    let calls_in_ten_minutes = minutes.iter().rev().take(PACE_MINUTES).map(|minute| minute.started).sum();
    let finish = finish(&read, &zones, calls_in_ten_minutes, now);
    let Read { head, progress, calls, minutes: _, talks, lines, outcomes, groups: _, latest } = read;
    view::Campaign {
        id: head.id.to_string(),
        state: row::state(&head.standing),
        name: head.name,
        agent: head.agent,
        numbers: small(head.numbers),
        started_at: head.started_at,
        started_by: head.created_by.filter(|_| head.started_at.is_some()),
        progress,
        calls: calls.ended,
        answered: calls.answered,
        talk_seconds: calls.talk_ms / 1000,
        calls_in_ten_minutes,
        finish,
        pace: Pace { minutes, limit: None },
        on_the_line: view::OnTheLine {
            lines: drawn_lines(lines, head.lines_max),
            talks: talks.iter().map(talk).collect(),
        },
        zones,
        results: results(&outcomes),
        latest: latest.iter().map(latest_result).collect(),
    }
}

/// At the pace of the last minutes, with the tries that a lead has needed so far, in the hours of the zone where most of
/// the leads are.
fn finish(read: &Read, zones: &[view::ZoneHours], calls_in_ten_minutes: u32, now: Timestamp) -> Finish {
    let standing = &read.head.standing;
    if standing.status.is_final() {
        return Finish::Was(standing.since);
    }
    let runs_long_enough = read.head.started_at.is_some_and(|started| now.duration_since(started) >= FORETOLD_AFTER);
    if standing.status != CampaignStatus::Running || !runs_long_enough || calls_in_ten_minutes == 0 {
        return Finish::Unknown;
    }
    let Some(most) = zones.iter().max_by_key(|zone| zone.leads_left) else {
        return Finish::Unknown;
    };
    let progress = &read.progress;
    let left = progress.to_retry + progress.not_called + progress.on_the_line;
    let calls_left = left * read.calls.ended.max(1) / progress.settled().clamp(1, read.calls.ended.max(1));
    let minutes = calls_left.saturating_mul(PACE_MINUTES as u64).div_ceil(u64::from(calls_in_ten_minutes));
    pace::done_at(now, minutes, &read.head.calling_hours, &most.zone).map_or(Finish::Unknown, Finish::Expected)
}

/// Every one of the last full minutes, those without a call too.
fn filled(minutes: &[MinuteOfCalls], now: Timestamp) -> Vec<PaceMinute> {
    let before = whole_minute(now);
    let instants = (1..=MINUTES).rev().map(|ago| before - SignedDuration::from_mins(ago));
    let minute = |at: Timestamp| {
        let found = minutes.iter().find(|minute| minute.at == at);
        let count = |of: fn(&MinuteOfCalls) -> u64| found.map_or(0, |minute| small(of(minute)));
        PaceMinute { at, started: count(|minute| minute.started), answered: count(|minute| minute.answered) }
    };
    instants.map(minute).collect()
}

fn whole_minute(now: Timestamp) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(now)
}

/// `in_use` counts what is reserved or settling too; a call may be known a moment before its line is.
pub(crate) fn drawn_lines(lines: LineUse, max: i32) -> view::Lines {
    let LineUse { talking, ringing, in_use } = lines;
    view::Lines {
        talking: small(talking),
        ringing: small(ringing),
        settling: small(in_use.saturating_sub(talking + ringing)),
        max: max.unsigned_abs(),
    }
}

fn talk(talk: &Talk) -> view::Talk {
    view::Talk {
        call_id: talk.call.to_string(),
        lead: lead_name(Some(&talk.lead), &talk.phone),
        phone: talk.phone.clone(),
        since: talk.since,
        is_answered: talk.is_answered,
        last_said: None,
    }
}

/// In the order in which outcomes are shown, those without a call left out.
fn results(outcomes: &[(crate::domain::outcome::Outcome, u64)]) -> Vec<(view::Outcome, u64)> {
    let count = |outcome: view::Outcome| {
        let found = outcomes.iter().find(|(found, _)| drawn_outcome(*found) == outcome);
        found.map(|(_, calls)| (outcome, *calls))
    };
    view::Outcome::ALL.into_iter().filter_map(count).collect()
}

fn latest_result(result: &LatestResult) -> view::LatestResult {
    view::LatestResult {
        call_id: result.call.to_string(),
        lead: lead_name(Some(&result.lead), &result.phone),
        outcome: drawn_outcome(result.outcome),
        goal: goal(result.success.as_deref()),
        at: result.at,
        next_attempt_at: result.next_attempt_at,
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
