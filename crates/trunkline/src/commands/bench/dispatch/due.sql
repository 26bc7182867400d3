select id, due_at from attempts
