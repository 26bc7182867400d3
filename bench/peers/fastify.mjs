// The webhook endpoint as one writes it with Fastify and pg (TUNED=0): whose assistant is it, insert, 200; and with the
// assistants in memory and prepared statements (TUNED=1). The 200 follows the commit in both.
import Fastify from 'fastify';
import pg from 'pg';

const isTuned = process.env.TUNED === '1';
const pool = new pg.Pool({ max: 20 });
await pool.query(`
  create table if not exists assistants (assistant_id text primary key, organization_id text not null);
  create table if not exists events (
    id bigint generated always as identity primary key,
    organization_id text,
    call_id text not null,
    type text not null,
    occurred_at timestamptz not null,
    source text not null default 'webhook',
    body jsonb not null,
    received_at timestamptz not null default now(),
    unique (call_id, type, occurred_at)
  )`);
const assistants = process.env.ASSISTANTS.split(',');
await pool.query(
  `insert into assistants select a, 'organization of ' || a from unnest($1::text[]) as a on conflict do nothing`,
  [assistants],
);

const known = new Map();
if (isTuned) {
  const { rows } = await pool.query('select assistant_id, organization_id from assistants');
  for (const row of rows) known.set(row.assistant_id, row.organization_id);
}

async function ownerOf(assistant) {
  if (isTuned) return known.get(assistant);
  const { rows } = await pool.query('select organization_id from assistants where assistant_id = $1', [assistant]);
  return rows[0]?.organization_id;
}

const INSERT = `insert into events (organization_id, call_id, type, occurred_at, body)
  values ($1, $2, $3, $4, $5) on conflict do nothing`;

const app = Fastify({ bodyLimit: 4 * 1024 * 1024 });
app.post('/webhooks/vapi', async (request, reply) => {
  if (!request.headers['x-vapi-secret']?.startsWith('a-secret-of-the-bench-')) {
    return reply.code(401).send({ error: 'unauthorized' });
  }
  const { message } = request.body;
  const owner = await ownerOf(message.call.assistantId);
  const values = [owner, message.call.id, message.type, new Date(message.timestamp), request.body];
  await pool.query(isTuned ? { name: 'insert', text: INSERT, values } : { text: INSERT, values });
  return {};
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
