// What the suite tells its files: where the demo is, and how its people sign in.

import { readFileSync } from "node:fs";

const file = process.env.TRUNKLINE_BROWSER_FACTS;
if (!file) throw new Error("run tests/browser/run, which starts the demo first");

/** `address`, `link`, `journal`, `people`, and `place`, a directory for what a file needs: see suite.mjs. */
export const facts = JSON.parse(readFileSync(file, "utf8"));
