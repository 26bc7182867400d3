//! The forms of rules and paces: what is saved counts, what is wrong is told, and what was changed is put back.

use crate::support::{Campaign, Client, Person, World, phones};
use reqwest::StatusCode;
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const KINGSTON: &str = "+18769271234";

type Fields = Vec<(String, String)>;

/// What the form of a page would post as it is drawn.
async fn form_of(world: &World, person: &Person, page: &str) -> Fields {
    let body = world.get(person, page).await.body;
    let form = body.split("<form class=\"form\"").nth(1).unwrap_or_else(|| panic!("{page} has no form: {body}"));
    fields_in(form.split("</form>").next().unwrap())
}

/// What the button "Put it back as it was" posts.
async fn way_back(world: &World, person: &Person, page: &str) -> Fields {
    let body = world.get(person, page).await.body;
    let card = body.split("id=\"last-change\"").nth(1).unwrap_or_else(|| panic!("{page} has no way back: {body}"));
    fields_in(card.split("</form>").next().unwrap())
}

fn fields_in(form: &str) -> Fields {
    let value = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next().unwrap().to_owned())
    };
    let mut fields = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        if tag.starts_with("input") && (!tag.contains("checkbox") || tag.contains(" checked")) {
            fields.push((value(tag, "name").unwrap(), value(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            fields.push((value(tag, "name").unwrap(), text.to_owned()));
        } else if tag.starts_with("select") {
            fields.push((value(tag, "name").unwrap(), String::new()));
        } else if tag.starts_with("option") && tag.contains(" selected") {
            fields.last_mut().unwrap().1 = value(tag, "value").unwrap();
        }
    }
    fields
}

fn with(fields: &Fields, changes: &[(&str, &str)]) -> Fields {
    let mut fields = fields.clone();
    for (name, value) in changes {
        let field = fields.iter_mut().find(|(field, _)| field == name);
        let (_, typed) = field.unwrap_or_else(|| panic!("no field {name}"));
        (*value).clone_into(typed);
    }
    fields
}

async fn post(world: &World, person: &Person, page: &str, fields: &Fields) -> (StatusCode, String) {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = world.post(person, page, &pairs).await;
    (answer.status, answer.body)
}

async fn save(world: &World, person: &Person, page: &str, fields: &Fields) {
    let (status, body) = post(world, person, page, fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}: {body}");
}

async fn acme_and_operator(world: &World) -> (Client, Person) {
    (world.client("Acme").await, world.operator().await)
}

#[tokio::test]
async fn a_rule_that_is_saved_counts_for_the_next_call_and_is_put_back_with_one_click() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let page = "/organizations/acme/rules";
    let before = world.sql("select dialing_rules from organizations").await;
    let drawn = form_of(&world, &operator, page).await;

    save(&world, &operator, page, &with(&drawn, &[("countries", "us"), ("rings_0", "3"), ("days_0", "7")])).await;

    world.campaign(&acme, &[KINGSTON, MAYA]).await;
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    let because = "select because from enrollments where disposition = 'excluded'";
    assert_eq!(world.sql(because).await, ["country_not_allowed"]);
    let told = world.get(&operator, page).await.body;
    assert!(told.contains("value=\"US\"") && told.contains("Put it back as it was"), "{told}");

    let back = way_back(&world, &operator, page).await;
    save(&world, &operator, page, &back).await;

    let after = "select dialing_rules - 'warm_up' - 'number_gap_seconds_min' from organizations";
    assert_eq!(
        (before.as_slice(), world.sql(after).await.as_slice()),
        (&["{}".to_owned()][..], &["{}".to_owned()][..])
    );
    let audited = "select (detail -> 'from' -> 'countries')::text || ' ' || coalesce((detail -> 'to' -> 'countries')::text, '-') \
                   from audit_entries where action = 'organization.rules_set' order by created_at desc, id desc limit 1";
    assert_eq!(world.sql(audited).await, [r#"["US"] -"#]);
}

#[tokio::test]
async fn rules_that_are_wrong_change_nothing_and_each_is_told_beside_its_field() {
    let world = World::new().await;
    let (_, operator) = acme_and_operator(&world).await;
    let page = "/organizations/acme/rules";
    let drawn = form_of(&world, &operator, page).await;
    let wrong = with(&drawn, &[("countries", "US, Kanada"), ("budget_per_day_max", "plenty"), ("days_2", "7")]);

    let (status, body) = post(&world, &operator, page, &wrong).await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in ["“Kanada” came", "“plenty” came", "3 things to put right", "id=\"rings_2-error\"", "value=\"plenty\""]
    {
        assert!(body.contains(text), "{text}: {body}");
    }
    assert_eq!(world.sql("select dialing_rules from organizations").await, ["{}"]);
    assert_eq!(world.sql("select count(*) from audit_entries").await, ["0"]);
}

#[tokio::test]
async fn a_budget_of_the_form_is_never_exceeded() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let page = "/organizations/acme/rules";
    let drawn = form_of(&world, &operator, page).await;
    save(&world, &operator, page, &with(&drawn, &[("budget_per_day_max", "$0.60")])).await;
    let people = phones(8);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered()]);
    }
    world.campaign(&acme, &people).await;

    // At the twenty cents that a first call is taken to cost.
    assert_eq!(world.dial().await, 3);
    world.finish_calls().await;
}

#[tokio::test]
async fn a_manager_sets_how_a_campaign_chooses_its_numbers_and_leaves_money_to_the_agency() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let manager = world.manager(&acme).await;
    let draft = Campaign { is_running: false, ..Campaign::over(&[MAYA]) };
    let page = format!("/o/acme/campaigns/{}/edit", world.campaign_of(&acme, draft).await);
    let rules = "select dialing_rules ->> 'numbers' || ' ' || (dialing_rules ->> 'other_daypart') || ' ' \
                 || coalesce(dialing_rules ->> 'budget_per_day_max', '-') from campaigns";

    let operators = form_of(&world, &operator, &page).await;
    save(&world, &operator, &page, &with(&operators, &[("budget_per_day_max", "12.50")])).await;
    let managers = form_of(&world, &manager, &page).await;
    assert!(managers.iter().all(|(name, _)| name != "budget_per_day_max" && name != "price_per_call"));
    let sneaky = [
        with(&managers, &[("number_choice", "local"), ("daypart", "other")]),
        vec![("budget_per_day_max".into(), "9".into())],
    ];
    save(&world, &manager, &page, &sneaky.concat()).await;

    assert_eq!(world.sql(rules).await, ["local true 12500000"]);
    let back = way_back(&world, &manager, &page).await;
    save(&world, &manager, &page, &back).await;
    assert_eq!(world.sql(rules).await, ["rotating false 12500000"]);
    let (status, body) = post(&world, &operator, &page, &with(&operators, &[("price_per_call", "a lot")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("“a lot” came"), "{body}");
}

#[tokio::test]
async fn delays_that_the_form_cannot_say_are_not_promised_back() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let retry_plan =
        serde_json::from_str(r#"{"attempts_max": 3, "no_answer": [30, 240], "voicemail": [600]}"#).unwrap();
    let draft = Campaign { is_running: false, retry_plan, ..Campaign::over(&[MAYA]) };
    let page = format!("/o/acme/campaigns/{}/edit", world.campaign_of(&acme, draft).await);
    let drawn = form_of(&world, &manager, &page).await;

    save(&world, &manager, &page, &with(&drawn, &[("lines_max", "4")])).await;
    assert!(!way_back(&world, &manager, &page).await.is_empty(), "the delays stay as they are");
    save(&world, &manager, &page, &with(&drawn, &[("retry_after_minutes", "45")])).await;

    assert!(!world.get(&manager, &page).await.body.contains("Put it back as it was"));
}

#[tokio::test]
async fn the_limits_of_an_organization_are_put_back_with_one_click() {
    let world = World::new().await;
    let (_, operator) = acme_and_operator(&world).await;
    let page = "/organizations/acme/limits";
    let limits = "select o.lines_max || ' ' || d.weight || ' ' || (o.calling_hours -> 'mon')::text
                  from organizations o join organization_dispatch d on d.organization_id = o.id";
    let before = world.sql(limits).await;
    let drawn = form_of(&world, &operator, page).await;

    let changes = [("lines_max", "3"), ("weight", "7"), ("mon", "09:00-12:00")];
    save(&world, &operator, page, &with(&drawn, &changes)).await;
    assert_eq!(world.sql(limits).await, [r#"3 7 ["09:00-12:00"]"#]);
    let back = way_back(&world, &operator, page).await;
    save(&world, &operator, page, &back).await;

    assert_eq!(world.sql(limits).await, before);
}

#[tokio::test]
async fn a_number_makes_the_calls_of_its_form_and_no_more() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let page = format!("/organizations/acme/numbers/{}/limits", acme.number);
    let drawn = form_of(&world, &operator, &page).await;

    // New York's day of the test: the ladder allows ten on the first day, the hour two.
    let changes = [("calls_per_hour_max", "2"), ("warm_up_from", "2026-03-04")];
    save(&world, &operator, &page, &with(&drawn, &changes)).await;
    world.campaign(&acme, &phones(6)).await;

    assert_eq!(world.dial().await, 2);
    let list = world.get(&operator, "/numbers").await.body;
    assert!(list.contains("2 calls an hour") && list.contains("Wed 4 Mar 2026"), "{list}");
    let wrong = with(&drawn, &[("warm_up_from", "soon")]);
    let (status, body) = post(&world, &operator, &page, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("“soon” came"), "{body}");
    let back = way_back(&world, &operator, &page).await;
    save(&world, &operator, &page, &back).await;
    assert_eq!(world.dial().await, 4);
    world.finish_calls().await;
}

#[tokio::test]
async fn lines_that_are_kept_for_incoming_calls_are_let_go_of_at_once() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let page = format!("/pools/{}/limits", world.sql("select id from line_pools").await[0]);
    let drawn = form_of(&world, &operator, &page).await;
    save(&world, &operator, &page, &with(&drawn, &[("lines_max", "4"), ("inbound_reserve", "3")])).await;
    world.campaign(&acme, &phones(6)).await;

    assert_eq!(world.dial().await, 1);
    let (status, body) =
        post(&world, &operator, &page, &with(&drawn, &[("lines_max", "4"), ("inbound_reserve", "5")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("a number from 0 to 4 is needed"), "{body}");
    save(&world, &operator, &page, &with(&drawn, &[("lines_max", "4"), ("inbound_reserve", "1")])).await;

    assert_eq!(world.dial().await, 2, "who waited for a line looks again at once");
    assert!(world.get(&operator, "/accounts").await.body.contains("Kept for incoming"));
    world.finish_calls().await;
}

#[tokio::test]
async fn an_account_is_asked_as_often_as_its_form_says() {
    let world = World::new().await;
    let (acme, operator) = acme_and_operator(&world).await;
    let page = format!("/accounts/{}/limits", world.account);
    let drawn = form_of(&world, &operator, &page).await;
    save(&world, &operator, &page, &with(&drawn, &[("requests_per_second_max", "2"), ("slow_start_minutes", "0")]))
        .await;
    world.campaign(&acme, &phones(5)).await;

    assert_eq!(world.dial().await, 2);
    let (status, _) = post(&world, &operator, &page, &with(&drawn, &[("slow_start_minutes", "61")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = way_back(&world, &operator, &page).await;
    save(&world, &operator, &page, &back).await;

    assert_eq!(world.dial().await, 3);
    let audited = "select action || ' ' || (detail -> 'from' ->> 'requests_per_second_max') from agency_audit_entries order by id desc limit 1";
    assert_eq!(world.sql(audited).await, ["account.pace_set 2"]);
    world.finish_calls().await;
}
