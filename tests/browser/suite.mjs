// Starts the demo that all files look at, lets node run them, and sees to it that nothing of the demo is left.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Demo, newDirectory } from "./demo.mjs";
import { settle } from "./people.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
/** Six lines for twelve organizations, so that something is always going on. */
const WORLD = { speed: 6, clients: 12 };
const SERVER_GONE_WITHIN_MS = 10_000;

const place = newDirectory();
let demo, running, isInterrupted;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    console.log(`Ending, because of ${signal}.`);
    isInterrupted = true;
    running?.kill("SIGTERM");
  });
}

try {
  demo = await Demo.start({ directory: join(place, "demo"), ...WORLD });
  process.exitCode = await runTests();
} finally {
  await cleanUp();
}

async function runTests() {
  const { address, link, journal } = demo;
  const facts = { address, link, journal, people: await settle(demo), place };
  const file = join(place, "facts.json");
  writeFileSync(file, JSON.stringify(facts));
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : readdirSync(HERE).filter((name) => name.endsWith(".test.mjs"));
  if (isInterrupted) return 1;
  running = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], {
    cwd: HERE,
    env: { ...process.env, TRUNKLINE_BROWSER_FACTS: file },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code, signal] = await once(running, "exit");
  if (signal) console.log(`The tests were ended by ${signal}.`);
  return code ?? 1;
}

async function cleanUp() {
  try {
    if (process.exitCode !== 0 && demo?.complaints) console.log(`What the demo said last:\n${demo.complaints}`);
    const code = await demo?.stop();
    if (code) throw new Error(`the demo did not end well: ${code}`);
    await demo?.isAloneWithin(SERVER_GONE_WITHIN_MS);
  } finally {
    demo?.remove();
    rmSync(place, { recursive: true, force: true });
  }
}
