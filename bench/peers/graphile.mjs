// graphile-worker, as it comes (TUNED=0) or as its page on performance tunes it (TUNED=1).
import { makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { countdown, jobs, measure } from './peer.mjs';

const BATCH = 1000;
const CONCURRENCY = 24;
const isTuned = process.env.TUNED === '1';
const pgPool = new pg.Pool({ max: CONCURRENCY + 2 });

const utils = await makeWorkerUtils({ pgPool });
await utils.migrate();
for (let at = 0; at < jobs; at += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, jobs - at) }, (_, nth) => ({
    identifier: 'call',
    payload: { lead: at + nth },
  }));
  await utils.addJobs(batch);
}

const tuned = { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
const silent = { info() {}, warn() {}, error: console.error, debug() {} };
const { Logger } = await import('graphile-worker');
const logger = new Logger(() => (level, message) => silent[level]?.(message));

await measure(
  async () => {
    const { done, one } = countdown(jobs);
    const runner = await run({
      pgPool,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      logger,
      preset: isTuned ? tuned : {},
      taskList: { call: async () => {} },
    });
    runner.events.on('job:complete', one);
    await done;
    await runner.stop();
  },
  () => utils.release(),
);
