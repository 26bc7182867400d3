-- Turns of organizations with nothing due come round evenly over ten minutes.
update organization_dispatch
set next_at = pg_temp.begins() + (0.05 + random()) * interval '10 minutes'
