//! Functions: the few that see past the policies are known by name, and nothing can be slipped under them.

use super::{asked, nothing, only, session};
use crate::support::source;

/// What asks across organizations, all of it in schema `across`. Who adds one says in its own comment why ids, totals or
/// what signing in needs are enough.
const ACROSS: [&str; 33] = [
    "add_signin_link",
    "add_user",
    "adopt_unattributed",
    "adoptions_left",
    "attempts_to_look_at",
    "attribute",
    "begin_session",
    "calls_with_report",
    "campaigns_to_start",
    "count_failed_signin",
    "due_organizations",
    "end_session",
    "events_to_apply",
    "expired_reservations",
    "is_on_agency_dnc",
    "keep_attributed_events",
    "keep_events",
    "memberships_of",
    "next_due_organization",
    "organization_by_slug",
    "organizations_with_decisions_before",
    "owners",
    "replay_event",
    "replay_events",
    "session",
    "totals",
    "touch_session",
    "unattributed_events",
    "unsent_attempts",
    "use_signin_link",
    "user_by_email",
    "user_names",
    "wake_waiting",
];

/// Functions across organizations that list without a limit.
const FEW: [(&str, &str); 7] = [
    ("keep_attributed_events", "one row an event that was given"),
    ("keep_events", "one row an event that was given, at most"),
    ("memberships_of", "the organizations of one person"),
    ("session", "one row a token"),
    ("totals", "one row a state"),
    ("unsent_attempts", "one row a call that was given, at most"),
    ("user_by_email", "one row an address"),
];

#[tokio::test]
async fn what_sees_past_the_policies_is_known_by_name() {
    let (_database, session) = session().await;
    let definers = "
        select pronamespace::regnamespace || '.' || proname from pg_proc
        where prosecdef and pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
        order by 1";
    let found = asked(&session, definers).await;
    let known: Vec<String> = ACROSS.iter().map(|name| format!("across.{name}")).collect();
    let new = found.iter().filter(|name| !known.contains(name)).map(|name| format!("{name} is not listed here"));
    let gone = known.iter().filter(|name| !found.contains(name)).map(|name| format!("{name} is gone"));
    source::none(&new.chain(gone).collect::<Vec<_>>());

    let others = "select proname::text from pg_proc where pronamespace = 'across'::regnamespace and not prosecdef";
    assert!(asked(&session, others).await.is_empty(), "only what sees past the policies is in schema across");
}

/// Who may set the search path of a definer function may put a table of their own under it.
#[tokio::test]
async fn what_sees_past_the_policies_has_its_search_path() {
    nothing(
        "select proname::text, array_to_string(proconfig, ', ') from pg_proc
         where prosecdef and pronamespace = 'across'::regnamespace
           and (proconfig is null or 'search_path=public, pg_temp' <> all (proconfig))",
    )
    .await;
}

#[tokio::test]
async fn only_the_program_asks_across_organizations() {
    let (_database, session) = session().await;
    let granted = "
        select distinct coalesce(r.rolname::text, 'everybody'), case when r.rolname = 'trunkline_app' then 'all' else p.proname::text end
        from pg_proc p
        cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
        left join pg_roles r on r.oid = g.grantee
        where p.pronamespace = 'across'::regnamespace and g.grantee <> p.proowner
        order by 1";
    assert_eq!(
        asked(&session, granted).await,
        ["trunkline_agency | user_names", "trunkline_app | all", "trunkline_turns | is_on_agency_dnc"]
    );
    nothing(
        "select binder from unnest(array['own_by_organization(regclass)', 'open_to_turns(regclass, text)']) as binder
         where has_function_privilege('trunkline_app', binder, 'execute')",
    )
    .await;
}

#[tokio::test]
async fn what_is_listed_across_organizations_ends() {
    let (_database, session) = session().await;
    let endless = "
        select proname::text from pg_proc
        where pronamespace = 'across'::regnamespace and proretset
          and prosrc !~ 'limit count_max' and prosrc !~ '= any \\('
        order by 1";
    only(&asked(&session, endless).await, &FEW);
}

/// In a function a column hides an argument of the same name: the comparison of both is true, or compares with the wrong one.
#[tokio::test]
async fn no_argument_has_the_name_of_a_column() {
    nothing(
        "select p.proname::text, p.proargnames[n] from pg_proc p
         cross join generate_series(1, p.pronargs) as n
         where p.pronamespace in ('public'::regnamespace, 'across'::regnamespace)
           and exists (
               select from pg_attribute a
               join pg_class c on c.oid = a.attrelid
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
                 and a.attname = p.proargnames[n])
         order by 1, 2",
    )
    .await;
}
