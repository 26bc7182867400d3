// What all peers have in common: they enqueue, say "ready", wait for a line, work all jobs off, and tell how long it took.
// The bench that starts them counts their CPU between its line and their answer.
import { once } from 'node:events';

export const jobs = Number(process.env.JOBS);

/** Resolves when the bench says that the work may begin. */
async function begin() {
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
}

/** A counter of finished jobs and the promise that the last one settles. */
export function countdown(count) {
  let left = count;
  let finish;
  const done = new Promise((resolve) => {
    finish = resolve;
  });
  return {
    done,
    one() {
      left -= 1;
      if (left === 0) finish();
    },
  };
}

/** Times `work`, tells the bench, and ends the process once `close` has let go of everything. */
export async function measure(work, close) {
  await begin();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${JSON.stringify({ jobs, seconds })}\n`);
  await close();
  process.exit(0);
}
