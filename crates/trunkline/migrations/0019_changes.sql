-- The latest change of one thing is looked up, to be shown and taken back.
create index audit_entries_subject on audit_entries (organization_id, subject, created_at desc, id desc);
create index agency_audit_entries_subject on agency_audit_entries (subject, created_at desc, id desc);
