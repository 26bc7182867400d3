//! Every statement of the program, found in its sources: it fits the schema, its role may run it, and what it lists ends.

use crate::support::TestDatabase;
use crate::support::source::{self, Rust};
use std::collections::BTreeSet;

const STORE: &str = "crates/trunkline/src/store";

/// How a statement begins.
const BEGINNINGS: [&str; 5] = ["select ", "insert into ", "update ", "delete from ", "with "];

/// What ends a list: its limit, or that it answers for what was given. Functions of schema `across` end by themselves, as
/// the catalog test sees to.
const ENDS: [&str; 4] = ["limit ", "= any (", "from unnest(", "across."];

/// Statements that give all the rows there are: these are few, or all of them are wanted.
const ALL: [(&str, &str); 16] = [
    ("account_list.rs: ACCOUNTS", "the provider accounts of the agency"),
    ("account_list.rs: POOLS", "the line pools of the agency"),
    ("call_detail.rs: COSTS", "the parts of one call's cost"),
    ("campaign_live.rs: MINUTES", "the minutes of the time that is shown"),
    ("campaign_live.rs: OUTCOMES", "one row an outcome"),
    ("campaign_live.rs: PROVIDER_LIMITS", "the provider accounts of one campaign"),
    ("dnc.rs: OF_PHONE", "the agency's entry and the organization's"),
    ("installation.rs: ASSISTANTS", "a provider is furnished with all of them, once"),
    ("installation.rs: NUMBERS", "a provider is furnished with all of them, once"),
    ("installation.rs: SENT", "the report of a demo's run accounts for each of them, once"),
    ("installation.rs: ENDED_CALLS", "the report of a demo's run accounts for each of them, once"),
    ("migrations.rs: RAN", "one row a migration"),
    ("overview.rs: HOURS", "the hours of the day that is shown"),
    ("overview.rs: POOLS", "the line pools of the agency"),
    ("provider_accounts.rs: ALL", "the provider accounts of the agency"),
    ("provider_accounts.rs: CREDENTIALS", "the secrets of the agency's accounts"),
];

/// Under a policy no index is asked for a pattern, for only what cannot tell of a row may come before the policy.
const TRIES_EACH_ROW: [(&str, &str); 6] = [
    ("call_list.rs: NAMED_LEADS", "the leads of one organization, when a person searches a name"),
    ("organization_activity.rs: LIST", "the organizations of the agency, thousands at most"),
    ("organization_activity.rs: COUNT", "the organizations of the agency, thousands at most"),
    ("search.rs: ORGANIZATIONS", "the organizations of the agency, thousands at most"),
    ("search.rs: CAMPAIGNS", "campaigns are few beside leads and calls"),
    ("crates/trunkline/migrations/0008_lists.sql", "`leads_matching`, when a person searches a name"),
];

/// Statements of a session that is not the program's, and the one that is under way before its transaction has begun.
const NOT_DECLARED: [&str; 2] = ["crates/trunkline/src/store/migrations.rs", "crates/trunkline/src/store/tx.rs"];

/// A statement as declared.
struct Statement {
    /// `campaigns.rs: CREATE`.
    place: String,
    text: String,
    roles: BTreeSet<&'static str>,
}

#[tokio::test]
async fn every_statement_prepares() {
    let statements = statements();
    assert!(statements.len() > 100, "only {} statements were found in the sources", statements.len());
    let database = TestDatabase::create().await;
    let session = database.app_session().await;
    session.batch_execute("set plan_cache_mode = force_generic_plan").await.unwrap();

    let mut offences = Vec::new();
    for Statement { place, text, .. } in &statements {
        if let Err(error) = session.prepare(text).await {
            offences.push(format!("{place}: {}", told(&error)));
        }
    }
    source::none(&offences);
}

/// To prepare a statement asks for no rights; to explain it does.
#[tokio::test]
async fn every_statement_may_be_run_by_its_role() {
    let database = TestDatabase::create().await;
    let session = database.app_session().await;
    session.batch_execute("set plan_cache_mode = force_generic_plan").await.unwrap();

    let mut offences = Vec::new();
    for Statement { place, text, roles } in &statements() {
        // What does not fit the schema is the other test's to tell.
        let Ok(prepared) = session.prepare(text).await else {
            continue;
        };
        let count = prepared.params().len();
        let nulls = if count == 0 { String::new() } else { format!("({})", vec!["null"; count].join(", ")) };
        session.batch_execute(&format!("prepare it as {text}")).await.unwrap();
        for role in roles {
            let explain = format!("begin; set local role {role}; explain execute it{nulls}");
            if let Err(error) = session.batch_execute(&explain).await {
                offences.push(format!("{place} as {role}: {}", told(&error)));
            }
            session.batch_execute("rollback").await.unwrap();
        }
        session.batch_execute("deallocate it").await.unwrap();
    }
    source::none(&offences);
}

#[test]
fn what_a_statement_lists_ends() {
    let statements = statements();
    let mut offences = Vec::new();
    for file in source::rust(STORE) {
        for asks in [".all(", ".search("] {
            for (at, _) in file.code.match_indices(asks) {
                let name = file.code[at + asks.len()..].split(',').next().expect("split gives one at least").trim();
                let place = place(&file, name);
                let Some(statement) = statements.iter().find(|statement| statement.place == place) else {
                    continue;
                };
                let ends = ENDS.iter().any(|end| statement.text.contains(end));
                if !ends && !ALL.iter().any(|(all, _)| *all == place) {
                    offences.push(place);
                }
            }
        }
    }
    source::none(&offences);
}

/// A list of exceptions is no longer than what it excepts.
#[test]
fn every_exception_is_a_statement() {
    let places: Vec<String> = statements().into_iter().map(|statement| statement.place).collect();
    let known = ALL.iter().chain(&TRIES_EACH_ROW).map(|(place, _)| (*place).to_owned());
    source::none(&known.filter(|place| !place.starts_with("crates/") && !places.contains(place)).collect::<Vec<_>>());
}

#[test]
fn no_statement_tries_a_pattern_on_each_row_without_a_reason() {
    let of_program = statements().into_iter().map(|statement| (statement.place, statement.text));
    let of_schema = source::files("crates/trunkline/migrations").into_iter().map(|file| (file.path, file.text));
    let slow = of_program.chain(of_schema).filter(|(_, text)| text.contains("ilike")).map(|(place, _)| place);
    let is_known = |place: &String| TRIES_EACH_ROW.iter().any(|(known, _)| place == known);
    source::none(&slow.filter(|place| !is_known(place)).collect::<Vec<_>>());
}

#[test]
fn statements_stand_in_the_store_only() {
    let mut offences = Vec::new();
    for file in source::rust("crates/trunkline/src") {
        let may = file.path.starts_with(STORE) || file.path.starts_with("crates/trunkline/src/postgres/");
        if may || file.path.ends_with("tests.rs") {
            continue;
        }
        let count = file.code_before_tests().matches("\"\"").count();
        let is_statement = |text: &&String| BEGINNINGS.iter().any(|begin| text.trim_start().starts_with(begin));
        let found = file.literals[..count].iter().filter(is_statement);
        offences.extend(found.map(|text| format!("{}: {text:.60}", file.path)));
    }
    source::none(&offences);
}

#[test]
fn every_statement_is_declared_as_one() {
    let declared: usize = source::rust(STORE).iter().map(|file| file.code.matches("sql!(").count()).sum();
    assert_eq!(statements().len(), declared);

    let is_statement = |text: &&String| BEGINNINGS.iter().any(|begin| text.trim_start().starts_with(begin));
    let mut offences = Vec::new();
    for file in source::rust(STORE).into_iter().filter(|file| !NOT_DECLARED.contains(&file.path.as_str())) {
        let declared: Vec<&str> = declarations(&file).map(|(_, text)| text).collect();
        let before_tests = file.code_before_tests().matches("\"\"").count();
        let loose = file.literals[..before_tests].iter().filter(|text| !declared.contains(&text.as_str()));
        offences.extend(loose.filter(is_statement).map(|text| format!("{}: {text:.60}", file.path)));
    }
    source::none(&offences);
}

fn statements() -> Vec<Statement> {
    let mut statements = Vec::new();
    for file in source::rust(STORE) {
        statements.extend(declarations(&file).map(|(name, text)| Statement {
            place: place(&file, name),
            text: text.to_owned(),
            roles: roles(&file, name),
        }));
    }
    statements
}

fn place(file: &Rust, name: &str) -> String {
    let path = file.path.strip_prefix(STORE).expect("only the store is read");
    format!("{}: {name}", path.trim_start_matches('/'))
}

/// Name and text of what a file declares with `sql!`.
fn declarations(file: &Rust) -> impl Iterator<Item = (&str, &str)> {
    let begin = "sql!(";
    file.code.match_indices(begin).map(move |(at, _)| {
        let name = file.code[at + begin.len()..].split(',').next().expect("split gives one at least").trim();
        (name, file.literal_from(at))
    })
}

/// Who runs a statement: what the functions that name it take tells so.
fn roles(file: &Rust, name: &str) -> BTreeSet<&'static str> {
    let (app, agency, turns) = ("trunkline_app", "trunkline_agency", "trunkline_turns");
    let mut roles = BTreeSet::new();
    for function in file.code.split("fn ").skip(1).filter(|function| names(function, name)) {
        let takes = function.split('{').next().expect("split gives one at least");
        let is_of_all = takes.contains("Reach") || (takes.contains("self") && file.code.contains("Reach"));
        if is_of_all {
            roles.extend([app, agency]);
        } else if takes.contains("AgencyTx") {
            roles.insert(agency);
        } else if takes.contains("TurnsTx") {
            roles.insert(turns);
        } else if takes.contains("impl Bound") {
            roles.extend([app, turns]);
        } else {
            roles.insert(app);
        }
    }
    assert!(!roles.is_empty(), "{}: {name} is run by no function", file.path);
    roles
}

fn names(code: &str, name: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

fn told(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}
