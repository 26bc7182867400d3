// A test in the browser. It may open several windows, of several people; each is watched, and a page that complains in
// its console, breaks its content security policy or asks another host fails the test.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { facts } from "./facts.mjs";

const PATIENCE_MS = 15_000;
const STORY_MAX_MS = 180_000;
// As root, Chromium runs without its sandbox only; the others keep it from asking for hosts of its own.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let launched;
after(async () => (await launched)?.close());

function browser() {
  launched ??= chromium.launch({ executablePath: process.env.TRUNKLINE_CHROMIUM, args: FLAGS });
  return launched;
}

/**
 * A test. `tell` gets `open(person, options)`, which opens a window; `person` is a key of people.mjs, or null for
 * somebody who is not signed in. `expected` are statuses that a page of this story may be answered with, and patterns of
 * other complaints that belong to it.
 */
export function story(fact, tell, { expected = [] } = {}) {
  test(fact, { timeout: STORY_MAX_MS }, async () => {
    const windows = [];
    const open = async (person, options) => {
      const opened = await openWindow(person, options);
      windows.push(opened);
      return opened.page;
    };
    try {
      await tell({ open });
      for (const { complaints } of windows) assert.deepEqual(unexpected(complaints, expected), []);
    } finally {
      for (const { context } of windows) await context.close();
    }
  });
}

/** A window with what its page complained about so far. `address` is that of another demo. */
export async function openWindow(person, options = {}) {
  const { path, width = 1440, height = 900, scheme = "light", script = true, address = facts.address } = options;
  const context = await (await browser()).newContext({
    baseURL: address,
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: script,
    reducedMotion: "reduce",
  });
  if (person) await context.addCookies([options.cookie ?? facts.people[person].cookie]);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = watch(page, address);
  if (path) await page.goto(path);
  return { context, page, complaints };
}

function watch(page, address) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== address) complaints.push(`asked ${url.origin}`);
  });
  return complaints;
}

/** The complaints without those that were to come: Chromium writes every answer of 400 and more into the console. */
export function unexpected(complaints, expected) {
  const isIt = (text, what) =>
    what instanceof RegExp ? what.test(text) : text.includes(`responded with a status of ${what} `);
  return complaints.filter((text) => !expected.some((what) => isIt(text, what)));
}
