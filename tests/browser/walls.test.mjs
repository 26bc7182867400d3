import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, crawl, withoutSpeech } from "./asking.mjs";

const NOT_FOUND = 404;
const OURS = "/o/northwind-dental";
const THEIRS = "/o/brightpath-solar";
/** Accounts at the provider, which no client may know of. */
const ACCOUNTS = ["vapi-east-1", "vapi-east-2", "vapi-west-1"];
const MONEY = [/\$\s?\d/, /\b(cost|spend)s?\b/i];
/** What anybody who is signed in may ask for. */
const OPEN = /^\/(search|signin|signout|theme)?([?/]|$)/;

const operators = crawl("operator");

async function organizations() {
  const list = (await operators).get("/organizations").source;
  return [...list.matchAll(/<a class="cell b" href="\/o\/([^"]+)">([^<]+)</g)].map(([, slug, name]) => ({ slug, name }));
}

test("the operator's pages are many, and all are there", async () => {
  const pages = await operators;

  assert.ok(pages.size > 100, `${pages.size} pages`);
  for (const [path, { status }] of pages) assert.equal(status, 200, path);
});

test("no page of another organization and none of the agency exists for a client", async () => {
  const paths = [...(await operators).keys()].filter((path) => !path.startsWith(OURS) && !OPEN.test(path));
  assert.ok(paths.some((path) => path.startsWith(THEIRS)) && paths.includes("/calls"));

  for (const path of paths) assert.equal((await ask("ann", path)).status, NOT_FOUND, path);
});

test("neither stream, recording nor file of another organization is given out", async () => {
  const theirs = [...(await operators).keys()].filter((path) => path.startsWith(THEIRS));
  const campaign = theirs.find((path) => /\/campaigns\/[0-9a-f-]+$/.test(path));
  const call = theirs.find((path) => /\/calls\/[0-9a-f-]+$/.test(path));
  const events = { headers: { accept: "text/event-stream" } };

  assert.equal((await ask("ann", `${campaign}/stream`, events)).status, NOT_FOUND);
  assert.equal((await ask("ann", `${call}/recording`)).status, NOT_FOUND);
  assert.equal((await ask("ann", `${call}?panel=1`)).status, NOT_FOUND);
});

test("no form of another organization does anything for a client", async () => {
  const theirs = [...(await operators).keys()].filter((path) => path.startsWith(THEIRS));
  const campaign = theirs.find((path) => /\/campaigns\/[0-9a-f-]+$/.test(path));
  const lead = theirs.find((path) => /\/leads\/[0-9a-f-]+$/.test(path));
  const forms = [`${campaign}/pause`, `${campaign}/stop`, `${lead}/dnc`, `${THEIRS}/campaigns/new`, `${THEIRS}/leads/import`];

  for (const path of [...forms, "/webhooks/replay"]) {
    const body = new URLSearchParams({ name: "x" });
    assert.equal((await ask("ann", path, { method: "POST", body })).status, NOT_FOUND, path);
  }
});

test("a client's pages hold no name of another client and none of a provider account, and no cost", async () => {
  const others = (await organizations()).filter(({ slug }) => !OURS.endsWith(slug));
  assert.equal(others.length, 11);
  const names = [...others.flatMap(({ slug, name }) => [slug, name]), ...ACCOUNTS];

  const pages = await crawl("ann");

  assert.ok(pages.size > 20, `${pages.size} pages`);
  for (const [path, { status, source }] of pages) {
    assert.equal(status, 200, path);
    for (const name of names) assert.ok(!source.includes(name), `${path} names ${name}`);
    for (const money of MONEY) assert.doesNotMatch(withoutSpeech(source), money, path);
  }
});

test("a client's stream holds no cost either", async () => {
  const campaign = [...(await crawl("ann")).keys()].find((path) => /\/campaigns\/[0-9a-f-]+$/.test(path));
  const stream = await ask("ann", `${campaign}/stream`, { headers: { accept: "text/event-stream" } });
  const reader = stream.body.getReader();
  let said = "";
  const decoder = new TextDecoder();
  while (!said.includes("\n\n")) said += decoder.decode((await reader.read()).value, { stream: true });
  await reader.cancel();

  assert.match(said, /Picked up/);
  for (const money of MONEY) assert.doesNotMatch(said, money);
  for (const account of ACCOUNTS) assert.ok(!said.includes(account), account);
});

test("nobody who is not signed in sees anything", async () => {
  for (const path of (await operators).keys()) {
    const answer = await ask("ann", path, { headers: { cookie: "" } });
    const isOpen = path.startsWith("/signin");
    assert.ok(isOpen || (answer.status === 303 && answer.headers.get("location").startsWith("/signin")), path);
  }
});
