//! T1: due attempts, decided by the product's policy and counted in one transaction.

use crate::database::Tables;
use crate::setting::Setting;
use crate::world::{CALLS_PER_LEAD_AND_DAY_MAX, RING_GAP, World};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::rc::Rc;
use trunkline::domain::dialing_rules::{CampaignRules, OrganizationRules};
use trunkline::domain::dispatch_policy::{
    AccountFacts, BudgetFacts, CampaignFacts, Decision, Dial, Facts, LeadFacts, NumberFacts, OrganizationFacts, decide,
};
use trunkline::domain::local_day::next_day_at;
use trunkline::domain::money::Money;
use trunkline::domain::protocol::Moment;
use trunkline::domain::protocol::protections::{Protection, off};
use trunkline::domain::status::{AttemptState, Disposition};
use trunkline::domain::time_zone::local_day;

const ATTEMPTS_PER_CLAIM_MAX: usize = 3;
/// What another transaction has read may be as old as this.
const STALE: SignedDuration = SignedDuration::from_secs(30);

/// Takes up due attempts; each with the fence with which alone it can be sent.
pub(crate) fn claim(world: &mut World, worker: usize) -> Vec<(usize, i64)> {
    let moment = world.moment(worker);
    let setting = world.setting.clone();
    let stale = off(Protection::CountInTheClaim).then(|| world.what_another_read());
    let mut objections = 0;
    let claimed = world.transaction(|tables| claim_due(tables, stale.as_deref(), &setting, &moment, &mut objections));
    world.objections += objections;
    let claimed = claimed.unwrap_or_default();
    for (attempt, fence) in &claimed {
        world.story.tell(world.now, || format!("attempt {attempt}: reserved by worker {worker} with fence {fence}"));
    }
    claimed
}

impl World {
    fn what_another_read(&mut self) -> Rc<Tables> {
        if self.now.duration_since(self.stale.0) > STALE {
            self.stale = (self.now, Rc::new(self.tables.clone()));
        }
        self.stale.1.clone()
    }
}

/// `counters` are read from elsewhere where they are not read in this transaction.
fn claim_due(
    tables: &mut Tables,
    counters: Option<&Tables>,
    setting: &Setting,
    moment: &Moment,
    objections: &mut u32,
) -> Vec<(usize, i64)> {
    let mut due: Vec<usize> = (0..tables.attempts.len())
        .filter(|place| {
            let attempt = &tables.attempts[*place];
            attempt.standing.state == AttemptState::Scheduled && attempt.due_at <= moment.now
        })
        .collect();
    due.sort_by_key(|place| (tables.attempts[*place].due_at, *place));
    let mut claimed = Vec::new();
    for place in due {
        if claimed.len() == ATTEMPTS_PER_CLAIM_MAX {
            break;
        }
        let decision = decide(&facts(counters.unwrap_or(tables), tables, place, setting, moment));
        match decision {
            Decision::Dial(dial) => match reserve(tables, place, &dial, setting, moment) {
                Some(fence) => claimed.push((place, fence)),
                None => *objections += 1,
            },
            Decision::Defer { until, .. } => tables.attempts[place].due_at = until,
            Decision::Exclude(_) => {
                tables.attempts[place].standing.state = AttemptState::Cancelled;
                let enrollment = tables.attempts[place].enrollment;
                tables.enrollments[enrollment].disposition = Some(Disposition::Excluded);
            }
        }
    }
    claimed
}

/// `None`: a check of the schema objects.
fn reserve(tables: &mut Tables, place: usize, dial: &Dial, setting: &Setting, moment: &Moment) -> Option<i64> {
    let phone = tables.attempts[place].phone;
    let day = local_day(moment.now, &TimeZone::UTC);
    if !tables.phone_is_free(phone) {
        return None;
    }
    tables.count(phone, dial.lead_day, day, (CALLS_PER_LEAD_AND_DAY_MAX, setting.calls_per_day_max)).ok()?;
    tables.fences += 1;
    let fence = tables.fences;
    let attempt = &mut tables.attempts[place];
    attempt.standing.state = AttemptState::Reserved;
    attempt.fence = Some(fence);
    attempt.lease_until = Some(moment.now + moment.timing.lease);
    attempt.send_before = Some(dial.send_before);
    attempt.lead_day = Some(dial.lead_day);
    attempt.organization_day = Some(day);
    Some(fence)
}

fn facts<'a>(counters: &Tables, tables: &Tables, place: usize, setting: &'a Setting, moment: &Moment) -> Facts<'a> {
    let attempt = &tables.attempts[place];
    let lead = &setting.leads[attempt.phone];
    let now = moment.now;
    let lead_day = lead.zone.counted_day(now);
    let is_busy = |one: &&crate::database::Attempt| one.phone == attempt.phone && one.standing.state.is_open();
    let lines_in_use = counters.lines_in_use;
    Facts {
        now,
        lead: LeadFacts {
            is_on_dnc: tables.dnc.contains(&attempt.phone),
            kind: lead.number.kind(),
            country: None,
            area_code: None,
            zone: Cow::Borrowed(&lead.zone),
            hours: Cow::Borrowed(&setting.hours),
            calls_today: counters.lead_days.get(&(attempt.phone, lead_day)).copied().unwrap_or(0),
            earlier_days: Cow::Borrowed(&[]),
            last_ring_at: tables.last_ring_at(attempt.phone),
            last_number: None,
            phone_is_busy: tables.attempts.iter().filter(is_busy).count() > 0,
            phone_held_until: None,
            call_back_at: None,
        },
        campaign: CampaignFacts {
            is_running: !tables.paused_campaigns.contains(&tables.enrollments[attempt.enrollment].campaign),
            calls_per_lead_and_day_max: CALLS_PER_LEAD_AND_DAY_MAX,
            lines_in_use,
            lines_max: setting.lines_max,
            agent_is_active: true,
            agent_lines_in_use: lines_in_use,
            agent_lines_max: setting.lines_max,
            rules: CampaignRules::default(),
            budget: BudgetFacts::default(),
            price_per_call: Money::ZERO,
        },
        organization: OrganizationFacts {
            agency_dials: true,
            is_active: true,
            calls_today: counters.organization_days.get(&local_day(now, &TimeZone::UTC)).copied().unwrap_or(0),
            calls_per_day_max: setting.calls_per_day_max,
            calls_per_lead_and_day_max: CALLS_PER_LEAD_AND_DAY_MAX,
            ring_gap: RING_GAP,
            lines_in_use,
            lines_max: setting.lines_max,
            budget: BudgetFacts::default(),
            tomorrow_at: next_day_at(now, &TimeZone::UTC),
        },
        rules: Cow::Owned(OrganizationRules::default()),
        numbers: vec![number_facts(setting)].into(),
        accounts: vec![AccountFacts {
            id: setting.account,
            pool: setting.pool,
            paused_until: None,
            requests_left_this_minute: 100,
            requests_per_minute: Some(100),
            next_minute_at: now + SignedDuration::from_mins(1),
            requests_left_this_second: None,
            requests_per_second: None,
            next_second_at: now + SignedDuration::from_secs(1),
            pool_lines_free: setting.lines_max - lines_in_use,
            pool_lines_kept: 0,
            pool_cooling_until: None,
        }]
        .into(),
    }
}

/// The one number, which nothing limits.
fn number_facts(setting: &Setting) -> NumberFacts {
    NumberFacts {
        id: setting.phone_number,
        account: setting.account,
        is_usable: true,
        resting_until: None,
        area_code: None,
        zone: None,
        calls_today: 0,
        calls_per_day_max: i32::MAX,
        calls_this_hour: 0,
        calls_per_hour_max: None,
        warm_up_day: None,
        last_call_at: None,
    }
}
