// BullMQ as its documentation sets it up: one worker process with a hundred jobs at a time.
import { Queue, Worker } from 'bullmq';
import { countdown, jobs, measure } from './peer.mjs';

const BATCH = 1000;
const connection = { path: process.env.REDIS_SOCKET, maxRetriesPerRequest: null };

const queue = new Queue('calls', { connection });
for (let at = 0; at < jobs; at += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, jobs - at) }, (_, nth) => ({
    name: 'call',
    data: { lead: at + nth },
    opts: { removeOnComplete: true },
  }));
  await queue.addBulk(batch);
}

await measure(
  async () => {
    const { done, one } = countdown(jobs);
    const worker = new Worker('calls', async () => {}, { connection, concurrency: 100 });
    worker.on('completed', one);
    await done;
    await worker.close(true);
  },
  () => queue.close(),
);
