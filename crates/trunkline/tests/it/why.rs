//! "Why is this not being called?": prepared situations, each told in the same words by page, API and command.

mod asking;
mod days_and_places;
mod used_up;

use crate::support::{Campaign, Client, Person, World, hours};
use clap::Parser as _;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::Value;
use trunkline::commands::why::{self, Why};
use trunkline::domain::ids::CampaignId;
use trunkline::domain::status::CampaignStatus;
use trunkline::store::campaigns::{self, StatusChange};
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";
const PREMIUM: &str = "+19005550146";
const LOS_ANGELES: &str = "+13105550146";
/// 20:14 in New York.
const EVENING: &str = "2026-03-05T01:14:00Z";

/// The command line below `trunkline why`.
#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    why: Why,
}

/// Somebody of the agency who asks about Acme.
struct Asking {
    world: World,
    acme: Client,
    sam: Person,
}

/// What is asked about: the query of page and API, and the words of the command.
struct About {
    query: String,
    words: Vec<String>,
}

fn lead(phone: &str) -> About {
    About { query: format!("?lead={}", phone.replace('+', "%2B")), words: vec!["lead".to_owned(), phone.to_owned()] }
}

fn number(number: &str) -> About {
    About {
        query: format!("?number={}", number.replace('+', "%2B")),
        words: vec!["number".to_owned(), number.to_owned()],
    }
}

fn campaign(id: CampaignId) -> About {
    About { query: format!("?campaign={id}"), words: vec!["campaign".to_owned(), id.to_string()] }
}

fn organization() -> About {
    About { query: String::new(), words: vec!["organization".to_owned(), "acme".to_owned()] }
}

impl Asking {
    async fn new() -> Self {
        Self::at("2026-03-04T17:00:00Z").await
    }

    async fn at(now: &str) -> Self {
        let world = World::at(now).await;
        let acme = world.client("Acme").await;
        let sam = world.operator().await;
        Self { world, acme, sam }
    }

    async fn campaign(&self, phones: &[&'static str]) -> CampaignId {
        self.campaign_of(Campaign { hours: hours("09:00-20:00"), ..Campaign::over(phones) }).await
    }

    async fn campaign_of(&self, campaign: Campaign) -> CampaignId {
        self.world.campaign_of(&self.acme, campaign).await
    }

    async fn post(&self, path: &str) {
        let answer = self.world.post(&self.sam, &format!("/o/acme{path}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    }

    /// Page, API and command say `sentence` for `because`.
    async fn check(&self, about: &About, because: &str, sentence: &str) {
        let answer = self.world.get(&self.sam, &format!("/o/acme/why.json{}", about.query)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((told["because"].as_str().unwrap(), told["sentence"].as_str().unwrap()), (because, sentence));
        let page = self.world.get(&self.sam, &format!("/o/acme/why{}", about.query)).await.body;
        assert!(page.contains(sentence), "{page}");
        let line = self.command(&about.words).await;
        assert_eq!(line.lines().next(), Some(sentence));
    }

    /// What the command writes.
    async fn command(&self, words: &[String]) -> String {
        let all = ["why"].into_iter().chain(words.iter().map(String::as_str)).chain(["--organization", "acme"]);
        let line = Line::try_parse_from(all).unwrap();
        let mut out = Vec::new();
        assert!(why::answer(&line.why, &self.world.node.db, self.world.now(), &mut out).await.unwrap());
        String::from_utf8(out).unwrap()
    }
}

#[tokio::test]
async fn a_lead_in_no_running_campaign_is_told_why() {
    let ask = Asking::new().await;
    let never = |why: &str| format!("Maya Lindqvist (+1 212-555-0146) will not be called: {why}.");
    let not = |why: &str| format!("Maya Lindqvist (+1 212-555-0146) is not being called: {why}.");
    let draft = ask.campaign_of(Campaign { is_running: false, ..Campaign::over(&[MAYA]) }).await;

    let why = "the campaign Recall of 1 is a draft, and somebody has to start it";
    ask.check(&lead(MAYA), "campaign_draft", &not(why)).await;

    let tx = ask.world.node.db.tenant(ask.acme.id).await.unwrap();
    let starts_at = Some("2026-03-06T15:00:00Z".parse().unwrap());
    let later = StatusChange { to: CampaignStatus::Scheduled, reason: None, by: None, starts_at };
    campaigns::set_status(&tx, draft, later, ask.world.now()).await.unwrap();
    tx.commit().await.unwrap();
    let why = not("the campaign Recall of 1 has not begun yet") + " Next: Friday 6 March 10:00 New York time.";
    ask.check(&lead(MAYA), "campaign_scheduled", &why).await;

    ask.post(&format!("/campaigns/{draft}/stop")).await;
    let why = "it was taken out of Recall of 1 before it was reached";
    ask.check(&lead(MAYA), "cancelled", &never(why)).await;

    let second = ask.campaign(&[MAYA]).await;
    ask.post(&format!("/campaigns/{second}/pause")).await;
    let why = "the campaign Recall of 1 is paused, and somebody has to resume it";
    ask.check(&lead(MAYA), "campaign_paused", &not(why)).await;
    ask.check(&campaign(second), "campaign_paused", &format!("Recall of 1 makes no new call now: {why}.")).await;
    let why = "Acme makes no calls: no campaign is running (1 paused).";
    ask.check(&organization(), "no_running_campaign", why).await;
}

#[tokio::test]
async fn a_lead_that_was_only_imported_is_in_no_campaign() {
    let ask = Asking::new().await;
    let file = ("leads.csv", "name,phone\nMaya Lindqvist,+12125550146\n");
    let imported = ask.world.upload(&ask.sam, "/o/acme/leads/import", &[], file).await;
    assert_eq!(imported.status, StatusCode::SEE_OTHER, "{}", imported.body);

    let why = "Maya Lindqvist (+1 212-555-0146) will not be called: no campaign has it among its leads.";
    ask.check(&lead(MAYA), "not_enrolled", why).await;
    let id = ask.world.sql("select id from leads").await.remove(0);
    let page = ask.world.get(&ask.sam, &format!("/o/acme/leads/{id}")).await.body;
    assert!(page.contains(why), "{page}");
}

#[tokio::test]
async fn a_lead_that_must_never_be_called_is_told_which_rule_says_so() {
    let ask = Asking::new().await;
    ask.campaign(&[MAYA, OWEN, PREMIUM]).await;
    let id = ask.world.sql("select id from leads where phone = '+12125550146'").await.remove(0);
    ask.post(&format!("/leads/{id}/dnc")).await;
    ask.world
        .sql("insert into agency_dnc_entries (phone, reason, created_at) values ('+12125550147', 'court order', now())")
        .await;

    let own = "will not be called: the phone is on the do-not-call list (put on the list by hand).";
    ask.check(&lead(MAYA), "do_not_call", &format!("Maya Lindqvist (+1 212-555-0146) {own}")).await;
    let all = "will not be called: the phone is on the do-not-call list of all organizations (court order).";
    ask.check(&lead(OWEN), "do_not_call", &format!("Maya Lindqvist (+1 212-555-0147) {all}")).await;
    let kind = "will not be called: numbers of this kind are not called.";
    ask.check(&lead(PREMIUM), "number_not_allowed", &format!("Maya Lindqvist (+1 900-555-0146) {kind}")).await;

    ask.world.finish_calls().await;
    ask.check(&lead(PREMIUM), "number_not_allowed", &format!("Maya Lindqvist (+1 900-555-0146) {kind}")).await;
}

#[tokio::test]
async fn a_lead_whose_hours_are_closed_is_told_its_time_and_the_readers() {
    let ask = Asking::at(EVENING).await;
    let id = ask.campaign(&[MAYA]).await;
    let closed = "it is 20:14 where the lead is (New York, from the phone number) and calling hours end at 20:00";
    let maya =
        format!("Maya Lindqvist (+1 212-555-0146) is not being called: {closed}. Next: tomorrow 09:00 New York time.");
    ask.check(&lead(MAYA), "outside_calling_hours", &maya).await;
    let none = "makes no new call now: its one lead waits because";
    let next = "Next: tomorrow 09:00 New York time.";
    ask.check(&campaign(id), "outside_calling_hours", &format!("Recall of 1 {none} {closed}. {next}")).await;
    let why = format!("Acme makes no new call now. Recall of 1 {none} {closed}. {next}");
    ask.check(&organization(), "outside_calling_hours", &why).await;
    // The dialer has put it off in the meantime.
    ask.world.dial().await;
    ask.check(&lead(MAYA), "outside_calling_hours", &maya).await;

    ask.campaign(&[LOS_ANGELES]).await;
    ask.world.advance(SignedDuration::from_hours(15));
    let why = "Maya Lindqvist (+1 310-555-0146) is not being called: it is 08:14 where the lead is (Los Angeles, from the \
               phone number) and calling hours begin at 09:00. Next: today 09:00 Los Angeles time (12:00 New York time).";
    ask.check(&lead(LOS_ANGELES), "outside_calling_hours", why).await;
}

#[tokio::test]
async fn a_lead_that_was_called_is_told_how_often_and_what_is_planned() {
    let ask = Asking::new().await;
    let maya = |why: &str| format!("Maya Lindqvist (+1 212-555-0146) is not being called: {why}.");
    ask.world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 9]);
    ask.campaign(&[MAYA]).await;
    let due = "Maya Lindqvist (+1 212-555-0146) is about to be called: it is next in line.";
    ask.check(&lead(MAYA), "due", due).await;
    ask.world.dial().await;
    let under_way = "Maya Lindqvist (+1 212-555-0146) is being called: a call is on its way or going on.";
    ask.check(&lead(MAYA), "under_way", under_way).await;

    ask.world.finish_calls().await;
    let due =
        "select to_char(due_at at time zone 'America/New_York', 'HH24:MI') from attempts where state = 'scheduled'";
    let due = ask.world.sql(due).await.remove(0);
    let planned = maya("the last try ended with “no answer”, and the retry plan lets time pass");
    ask.check(&lead(MAYA), "retry_planned", &(planned + &format!(" Next: today {due} New York time."))).await;
    let other = ask.campaign(&[MAYA]).await;
    let rang_and_free =
        "select to_char(t.rang at time zone 'America/New_York' + make_interval(hours => h), 'HH24:MI')
         from (select greatest(sending_at, accepted_at, settled_at) from attempts where sending_at is not null) t (rang),
              generate_series(0, 1) h
         order by h";
    let times = ask.world.sql(rang_and_free).await;
    let rang = format!("the phone rang at {}, and 60 minutes have to pass between two rings", times[0]);
    let told = format!("Recall of 1 makes no new call now: its one lead waits because {rang}.");
    ask.check(&campaign(other), "rang_recently", &(told + &format!(" Next: today {} New York time.", times[1]))).await;

    ask.world.advance(SignedDuration::from_mins(70));
    ask.world.finish_calls().await;
    let twice = maya("the phone rang twice today, and 2 calls a day are allowed");
    ask.check(&lead(MAYA), "lead_called_enough_today", &(twice + " Next: tomorrow 09:00 New York time.")).await;
}

#[tokio::test]
async fn a_lead_that_was_reached_is_not_called_again() {
    let ask = Asking::new().await;
    ask.world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    let id = ask.campaign(&[MAYA]).await;
    ask.world.finish_calls().await;

    let reached = "Maya Lindqvist (+1 212-555-0146) will not be called: it was reached in Recall of 1.";
    ask.check(&lead(MAYA), "reached", reached).await;
    let done = "Recall of 1 makes no more calls: the campaign Recall of 1 is completed.";
    ask.check(&campaign(id), "campaign_completed", done).await;
}

#[tokio::test]
async fn what_is_switched_off_is_told_before_any_hour() {
    let ask = Asking::at(EVENING).await;
    let id = ask.campaign(&[MAYA]).await;
    let maya = |why: &str| format!("Maya Lindqvist (+1 212-555-0146) is not being called: {why}.");

    ask.world.sql("update agents set status = 'resting'").await;
    ask.check(&lead(MAYA), "agent_resting", &maya("the agent is resting")).await;
    ask.check(&campaign(id), "agent_resting", "Recall of 1 makes no new call now: the agent is resting.").await;
    ask.world.sql("update organizations set status = 'suspended'").await;
    ask.check(&lead(MAYA), "organization_suspended", &maya("Acme is suspended")).await;
    ask.check(&organization(), "organization_suspended", "Acme makes no calls: it is suspended.").await;
}

#[tokio::test]
async fn what_is_used_up_is_told_with_its_figures() {
    let ask = Asking::new().await;
    let (world, waits) = (&ask.world, " Next: as soon as that has changed.");
    let owen = |why: &str| format!("Maya Lindqvist (+1 212-555-0147) is not being called: {why}.");
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    let one_line = Campaign { lines_max: 1, ..Campaign::over(&[MAYA]) };
    let id = ask.campaign_of(one_line).await;
    world.dial().await;
    let other = ask.campaign(&[OWEN]).await;

    world.sql("update organizations set lines_max = 1").await;
    ask.check(&lead(OWEN), "organization_lines_in_use", &(owen("the one line of Acme is in use") + waits)).await;
    let acme = format!("Recall of 1 makes no new call now: the one line of Acme is in use.{waits}");
    ask.check(&campaign(other), "organization_lines_in_use", &acme).await;
    world.sql("update organizations set lines_max = 9, calls_per_day_max = 1").await;
    let spent = owen("Acme has made its 1 call of today") + " Next: tomorrow 09:00 New York time.";
    ask.check(&lead(OWEN), "organization_called_enough_today", &spent).await;
    world.sql("update organizations set calls_per_day_max = 9").await;
    world.sql("update agents set lines_max = 1").await;
    ask.check(&lead(OWEN), "agent_lines_in_use", &(owen("the one line of the agent is in use") + waits)).await;
    world.sql("update agents set lines_max = 9").await;
    world.sql("update phone_numbers set calls_per_day_max = 1").await;
    let spent = owen("the number has made 1 of its 1 call of today") + " Next: tomorrow 09:00 New York time.";
    ask.check(&lead(OWEN), "numbers_called_enough_today", &spent).await;
    let under_way = "Recall of 1 makes no new call: its last lead is being called.";
    ask.check(&campaign(id), "under_way", under_way).await;
}

#[tokio::test]
async fn lines_and_accounts_of_the_provider_are_told_to_the_agency_only() {
    let ask = Asking::new().await;
    let (world, waits) = (&ask.world, " Next: as soon as that has changed.");
    ask.campaign(&[MAYA]).await;
    let maya = |why: &str| format!("Maya Lindqvist (+1 212-555-0146) is not being called: {why}.");

    world.sql("update line_pools set lines_in_use = lines_max").await;
    ask.check(&lead(MAYA), "no_free_line", &(maya("all lines of the provider's pool are in use") + waits)).await;
    world.sql("update line_pools set lines_in_use = 0").await;
    world.sql("update provider_accounts set status = 'paused', paused_until = '2026-03-04T18:30:00Z'").await;
    let paused = maya("the provider account is paused") + " Next: today 13:30 New York time.";
    ask.check(&lead(MAYA), "account_paused", &paused).await;

    let viewer = world.viewer(&ask.acme).await;
    let told = world.get(&viewer, "/o/acme/why.json?lead=%2B12125550146").await.body;
    assert!(told.contains("the phone lines are not available at the moment"), "{told}");
    assert!(!told.contains("ccount"), "{told}");
}

#[tokio::test]
async fn a_number_tells_why_it_does_not_call() {
    let ask = Asking::new().await;
    let from = ask.world.sql("select number from phone_numbers").await.remove(0);
    let unused = "+1 212-555-2000 makes no new call now: no campaign calls from it.";
    ask.check(&number(&from), "no_running_campaign", unused).await;

    ask.campaign(&[MAYA]).await;
    let may = "+1 212-555-2000 may call. Recall of 1 is calling: 0 of its lines are in use, and leads are due.";
    ask.check(&number(&from), "due", may).await;
    ask.world
        .sql("update phone_numbers set status = 'resting', status_reason = 'flagged as spam', resting_until = '2026-03-05T14:00:00Z'")
        .await;
    let rests =
        "+1 212-555-2000 makes no new call now: it is resting (flagged as spam). Next: tomorrow 09:00 New York time.";
    ask.check(&number(&from), "number_resting", rests).await;
    let none = "Maya Lindqvist (+1 212-555-0146) is not being called: every number is resting. Next: tomorrow 09:00 New York time.";
    ask.check(&lead(MAYA), "numbers_resting", none).await;
    ask.world.sql("update phone_numbers set status = 'dead', status_reason = 'no such number'").await;
    let dead = "+1 212-555-2000 makes no more calls: it is out of use (no such number).";
    ask.check(&number(&from), "number_dead", dead).await;
}

#[tokio::test]
async fn calls_that_nobody_knows_of_and_turns_that_nobody_takes_are_told() {
    let ask = Asking::new().await;
    ask.campaign(&[MAYA, OWEN]).await;
    ask.world.advance(SignedDuration::from_mins(10));
    let nobody = "Maya Lindqvist (+1 212-555-0146) is not being called: the turn of Acme came 10 minutes ago and nobody took it: \
                  no node is dialing, or each is draining or does not know the database's clock.";
    ask.check(&lead(MAYA), "nobody_dials", nobody).await;

    ask.world.dial().await;
    ask.world.sql("update attempts set state = 'unknown' where phone = '+12125550146'").await;
    let unknown = "Maya Lindqvist (+1 212-555-0146) is not being called: a call may have been placed; the phone system is being \
                   asked, and it is not dialed again before that is known. Next: as soon as that has changed.";
    ask.check(&lead(MAYA), "unknown_call", unknown).await;
    ask.world.sql("update attempts set state = 'held' where phone = '+12125550146'").await;
    let held = "Maya Lindqvist (+1 212-555-0146) is not being called: whether a call was placed could not be found out, and \
                somebody at the agency has to decide.";
    ask.check(&lead(MAYA), "held", held).await;
}
