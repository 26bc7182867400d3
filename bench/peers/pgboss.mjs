// pg-boss, fetching and completing a hundred at a time.
import PgBoss from 'pg-boss';
import { jobs, measure } from './peer.mjs';

const BATCH = 1000;
const FETCH = 100;
const name = 'calls';

const boss = new PgBoss({ host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE, max: 4 });
boss.on('error', (error) => console.error(error.message));
await boss.start();
await boss.createQueue(name);
for (let at = 0; at < jobs; at += BATCH) {
  await boss.insert(
    Array.from({ length: Math.min(BATCH, jobs - at) }, (_, nth) => ({ name, data: { lead: at + nth } })),
  );
}

await measure(
  async () => {
    for (let done = 0; done < jobs; ) {
      const batch = await boss.fetch(name, { batchSize: FETCH });
      if (batch.length === 0) break;
      await boss.complete(
        name,
        batch.map((job) => job.id),
      );
      done += batch.length;
    }
  },
  () => boss.stop({ graceful: false }),
);
