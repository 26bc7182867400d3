//! Keys and indexes: each carries the organization, and each foreign key is found from both sides.

use super::{asked, nothing, only, session};
use crate::support::source;

/// Tenant tables whose primary key does not begin with the organization.
const KEYS_OF_THEIR_OWN: [(&str, &str); 2] = [
    ("events_pkey", "an event is kept before it is known whose it is"),
    ("organizations_pkey", "it is the organization"),
];

/// Unique indexes of tenant tables without the organization: what they tell of others must be no secret.
const UNIQUE_FOR_ALL: [(&str, &str); 7] = [
    ("agent_deployments_provider_account_id_assistant_id_key", "an assistant is one agent's; its id is the provider's"),
    ("attempts_marker", "a random id that is its own secret; a webhook names it alone"),
    ("calls_provider_account_id_provider_call_id_key", "a call is one organization's; its id is the provider's"),
    ("events_pkey", "a random id"),
    ("events_provider_account_id_dedupe_key_key", "what a provider says twice is kept once, whoever's it is"),
    ("organizations_slug_key", "the address of an organization; the agency gives it"),
    (
        "phone_numbers_provider_account_id_provider_number_id_key",
        "a number is one organization's; its id is the provider's",
    ),
];

/// Foreign keys whose other side is never deleted, or whose own table is small.
const NEVER_ASKED_BACK: [(&str, &str); 6] = [
    ("attempts_organization_id_phone_number_id_fkey", "a number rests or is dead; it is not deleted"),
    ("calls_organization_id_phone_number_id_fkey", "a number rests or is dead; it is not deleted"),
    ("campaign_phone_numbers_organization_id_phone_number_id_fkey", "a number rests or is dead; it is not deleted"),
    ("campaigns_organization_id_agent_id_fkey", "an agent rests; it is not deleted"),
    ("provider_accounts_line_pool_id_fkey", "accounts are a handful"),
    ("signin_links_user_id_fkey", "links are few: the old ones of a person go when a new one is made"),
];

/// Columns that name a row without being bound to it.
const LOOSE: [(&str, &str); 4] = [
    ("agency_audit_entries.user_id", "what a person did stays when the person is gone"),
    ("audit_entries.user_id", "what a person did stays when the person is gone"),
    ("events.attempt_id", "a clue from outside, true or not"),
    ("lead_imports.user_id", "what a person did stays when the person is gone"),
];

#[tokio::test]
async fn every_primary_key_begins_with_the_organization() {
    let (_database, session) = session().await;
    let keys = "
        select k.conname::text from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        left join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and a.attnum = k.conkey[1]
        where k.contype = 'p' and c.relnamespace = 'public'::regnamespace and c.relname <> all ($1) and a.attname is null
        order by 1";
    only(&asked(&session, keys).await, &KEYS_OF_THEIR_OWN);
    let without = "
        select c.relname::text, 'has no primary key' from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')";
    source::none(&asked(&session, without).await);
}

/// A unique index tells whoever writes to it that the row is there already.
#[tokio::test]
async fn every_unique_index_is_of_one_organization() {
    let (_database, session) = session().await;
    let indexes = "
        select i.indexrelid::regclass::text from pg_index i
        join pg_class c on c.oid = i.indrelid
        where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname <> all ($1)
          and not exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
                and a.attnum = any (i.indkey))
        order by 1";
    only(&asked(&session, indexes).await, &UNIQUE_FOR_ALL);
}

/// Foreign keys are checked past the policies, so the key itself must not reach over.
#[tokio::test]
async fn every_foreign_key_between_tenant_tables_carries_the_organization() {
    nothing(
        "select k.conrelid::regclass::text, pg_get_constraintdef(k.oid)
         from pg_constraint k
         join pg_class c on c.oid = k.conrelid
         join pg_class o on o.oid = k.confrelid
         where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
           and o.relname <> all ($1)
           and not exists (
               select from unnest(k.conkey, k.confkey) as pair (here, there)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.here
               join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.there
               where a.attname = 'organization_id'
                 and b.attname = case o.relname when 'organizations' then 'id' else 'organization_id' end)",
    )
    .await;
}

#[tokio::test]
async fn every_column_named_after_a_table_refers_to_it() {
    let (_database, session) = session().await;
    let loose = "
        select a.attrelid::regclass || '.' || a.attname
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_class o on o.relnamespace = c.relnamespace and o.relkind in ('r', 'p')
                       and o.relname = regexp_replace(a.attname, '_id$', '') || 's'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname ~ '_id$'
          and not exists (
              select from pg_constraint k
              where k.contype = 'f' and k.conrelid = c.oid and a.attnum = any (k.conkey)
                and (k.confrelid = o.oid or a.attname = 'organization_id'))
        order by 1";
    only(&asked(&session, loose).await, &LOOSE);
}

/// Without an index on the referring side, a deletion reads the whole table, and so does whoever asks which rows refer.
#[tokio::test]
async fn every_foreign_key_has_an_index_that_begins_with_its_columns() {
    let (_database, session) = session().await;
    // An index over the rows that refer at all serves as well.
    let keys = "
        select k.conname::text
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        where k.contype = 'f' and c.relnamespace = 'public'::regnamespace
          and not exists (
              select from pg_index i
              where i.indrelid = k.conrelid
                and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\([a-z_]+ IS NOT NULL\\)$')
                and (select array_agg(n order by n) from unnest(i.indkey[0:array_length(k.conkey, 1) - 1]) as n)
                    = (select array_agg(n order by n) from unnest(k.conkey) as n))
        order by 1";
    only(&asked(&session, keys).await, &NEVER_ASKED_BACK);
}
