// Waiting for a fact outside of a page; inside of one, Playwright waits.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const LOOK_EVERY_MS = 150;

/** What `read` gives, as soon as that is something; fails with `fact` if it never is. */
export async function eventually(read, withinMilliseconds, fact) {
  const deadline = Date.now() + withinMilliseconds;
  for (;;) {
    const found = await read();
    if (found) return found;
    assert.ok(Date.now() < deadline, `not within ${withinMilliseconds} ms: ${fact}`);
    await pause(LOOK_EVERY_MS);
  }
}
