-- A lead's postal code, as it was given: it tells the zone better than the phone number does (domain/postal_code_zones.rs).
alter table leads add column postal_code text check (length(postal_code) <= 16);
