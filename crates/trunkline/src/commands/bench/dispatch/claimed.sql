select count(*)::float8 from attempts where reserved_at is not null
