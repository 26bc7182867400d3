//! Tables and views: whose their rows are, and which policies and rights bind whom.

use super::{AGENCY_TABLES, asked, nothing, session};
use crate::support::source;

/// All tables of the schema, partitions too: a partition that is named directly is bound by its own policies only.
const TENANT_TABLES: &str = "
    select c.relname::text from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f') and c.relname <> all ($1)
    order by c.relname";

const POLICIES: &str = "
    select policyname::text, permissive, array_to_string(roles, ','), cmd, qual, with_check
    from pg_policies
    where schemaname = 'public' and tablename = ";

#[tokio::test]
async fn every_table_belongs_to_an_organization_or_to_the_agency() {
    let (_database, session) = session().await;
    let tables = asked(&session, TENANT_TABLES).await;
    assert!(tables.len() > 20, "{tables:?}");

    let owned = "
        select c.relname::text from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and a.atttypid = 'uuid'::regtype
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f')";
    let owned = asked(&session, owned).await;
    let nobodys = tables.iter().filter(|table| *table != "organizations" && !owned.contains(table));
    source::none(&nobodys.map(|table| format!("{table} has no organization_id")).collect::<Vec<_>>());

    let all = asked(&session, "select relname::text from pg_class where relnamespace = 'public'::regnamespace").await;
    for (table, _) in AGENCY_TABLES {
        assert!(all.iter().any(|name| name == table), "{table} is gone");
        assert!(!owned.iter().any(|name| name == table), "{table} has an organization_id");
    }
}

#[tokio::test]
async fn every_tenant_table_has_the_three_policies_and_no_other() {
    let (_database, session) = session().await;
    for table in asked(&session, TENANT_TABLES).await {
        let owner = if table == "organizations" { "id" } else { "organization_id" };
        // In a subselect the organization is asked for once a statement, not once a row.
        let own = format!("({owner} = ( SELECT current_organization() AS current_organization))");
        let in_turn = format!(
            "COALESCE(({owner} = ANY (( SELECT organizations_in_turn() AS organizations_in_turn)::uuid[])), false)"
        );
        let expected = [
            "agency | PERMISSIVE | trunkline_agency | SELECT | true | null".to_owned(),
            format!("tenant | PERMISSIVE | trunkline_app | ALL | {own} | {own}"),
            format!("turns | PERMISSIVE | trunkline_turns | ALL | {in_turn} | {in_turn}"),
        ];
        let policies = asked(&session, &format!("{POLICIES} '{table}' order by policyname")).await;
        assert_eq!(policies, expected, "{table}");
    }
}

#[tokio::test]
async fn every_tenant_table_is_secured() {
    nothing(
        "select c.relname::text, 'row-level security is off' from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f') and c.relname <> all ($1)
           and not c.relrowsecurity",
    )
    .await;
}

/// Events are nobody's until they are attributed.
#[tokio::test]
async fn every_row_but_an_event_has_an_organization() {
    let (_database, session) = session().await;
    let nullable = "
        select a.attrelid::regclass::text from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'f')
          and a.attname = 'organization_id' and not a.attnotnull";
    assert_eq!(asked(&session, nullable).await, ["events"]);
}

/// Beside the owner: the program reads and writes, the agency reads, a claim reads and writes what is in turn and deletes
/// nothing; nobody else does anything.
#[tokio::test]
async fn nobody_has_more_rights_than_the_program_and_the_agency_need() {
    nothing(
        "select c.relname::text, coalesce(r.rolname::text, 'everybody'), g.privilege_type
         from pg_class c
         cross join lateral aclexplode(c.relacl) g
         left join pg_roles r on r.oid = g.grantee
         where c.relnamespace in ('public'::regnamespace, 'across'::regnamespace)
           and g.grantee <> c.relowner
           and not (coalesce(r.rolname, '') = 'trunkline_app' and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE'))
           and not (coalesce(r.rolname, '') = 'trunkline_agency' and g.privilege_type = 'SELECT')
           and not (coalesce(r.rolname, '') = 'trunkline_turns' and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'USAGE'))",
    )
    .await;
}

#[tokio::test]
async fn the_owner_owns_everything_and_the_program_nothing() {
    nothing(
        "select 'relation', c.relname::text, pg_get_userbyid(c.relowner)::text from pg_class c
         where c.relnamespace in ('public'::regnamespace, 'across'::regnamespace)
           and pg_get_userbyid(c.relowner) <> 'trunkline_owner'
         union all
         select 'function', p.oid::regprocedure::text, pg_get_userbyid(p.proowner)::text from pg_proc p
         where p.pronamespace in ('public'::regnamespace, 'across'::regnamespace)
           and pg_get_userbyid(p.proowner) <> 'trunkline_owner'
         union all
         select 'anything', d.classid::regclass::text, d.objid::text from pg_shdepend d
         join pg_roles r on r.oid = d.refobjid
         where d.deptype = 'o' and r.rolname in ('trunkline_app', 'trunkline_agency', 'trunkline_turns')
         union all
         select 'schema', n.nspname::text, 'open to ' || r.rolname from pg_namespace n
         join pg_roles r on r.rolname in ('trunkline_app', 'trunkline_agency', 'trunkline_turns')
         where n.nspname in ('public', 'across') and has_schema_privilege(r.oid, n.oid, 'create')",
    )
    .await;
}

#[tokio::test]
async fn the_roles_are_no_more_than_they_should_be() {
    let (_database, session) = session().await;
    let roles = "
        select rolname::text, concat_ws(' ', case when rolsuper then 'super' end, case when rolbypassrls then 'bypasses' end,
               case when rolcreaterole then 'creates roles' end, case when rolcreatedb then 'creates databases' end,
               case when rolreplication then 'replicates' end, case when rolinherit then 'inherits' end,
               case when rolcanlogin then 'logs in' end)
        from pg_roles where rolname like 'trunkline\\_%' order by rolname";
    assert_eq!(
        asked(&session, roles).await,
        [
            "trunkline_agency | inherits",
            "trunkline_app | logs in",
            "trunkline_owner | inherits logs in",
            "trunkline_turns | inherits",
        ]
    );
    let memberships = "
        select m.member::regrole::text, m.roleid::regrole::text, m.admin_option::text from pg_auth_members m
        where m.member::regrole::text like 'trunkline\\_%' or m.roleid::regrole::text like 'trunkline\\_%'
        order by 1, 2";
    let memberships = asked(&session, memberships).await;
    // Tests make roles of their own in the same cluster.
    let lasting: Vec<_> = memberships.iter().filter(|line| !line.starts_with("test_")).collect();
    assert_eq!(lasting, ["trunkline_app | trunkline_agency | false", "trunkline_app | trunkline_turns | false"]);
}

/// A view reads with its owner's rights, unless told otherwise; a materialized one keeps rows of all.
#[tokio::test]
async fn no_view_reads_past_the_policies() {
    nothing(
        "select c.relname::text from pg_class c
         where c.relnamespace in ('public'::regnamespace, 'across'::regnamespace)
           and (c.relkind = 'm' or c.relkind = 'v' and 'security_invoker=true' <> all (coalesce(c.reloptions, '{}')))",
    )
    .await;
}

/// To add a word to an enum locks the type, and to take one away is impossible: words are texts with a check.
#[tokio::test]
async fn no_column_is_an_enum() {
    nothing("select oid::regtype::text from pg_type where typtype = 'e' and typnamespace = 'public'::regnamespace")
        .await;
}

/// Rules and triggers would act behind the statements that the store shows. The one that is there tells nodes that something
/// was changed, whoever changed it, and changes nothing itself.
#[tokio::test]
async fn nothing_acts_behind_a_statement() {
    nothing(
        "select t.tgrelid::regclass::text, t.tgname::text from pg_trigger t
         join pg_class c on c.oid = t.tgrelid
         where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
           and t.tgfoid <> 'tell_change'::regproc
         union all
         select r.ev_class::regclass::text, r.rulename::text from pg_rewrite r
         join pg_class c on c.oid = r.ev_class
         where c.relnamespace = 'public'::regnamespace and c.relkind not in ('v', 'm')",
    )
    .await;
}
