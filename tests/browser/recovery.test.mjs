import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import { Demo } from "./demo.mjs";
import { facts } from "./facts.mjs";
import { settle } from "./people.mjs";
import { story } from "./story.mjs";

const WORLD = { speed: 6, clients: 2 };
const BACK_WITHIN = { timeout: 60_000 };
const SERVER_GONE_WITHIN_MS = 30_000;
const CONNECTION_LOST = /net::ERR_|Failed to fetch|network error/i;

// So that the demo is not left behind when the suite is interrupted.
process.once("SIGTERM", () => process.exit(1));

let demo, people;
before(async () => {
  demo = await Demo.start({ directory: join(facts.place, "recovery"), ...WORLD });
  people = await settle(demo);
});
after(async () => {
  await demo?.stop();
  demo?.remove();
});

story(
  "a page comes back by itself when the server was killed and started again, and nothing is lost",
  async ({ open }) => {
    const { address } = demo;
    const page = await open("operator", { address, cookie: people.operator.cookie, path: "/campaigns" });
    await page.locator("tr.row a.cell").last().click();
    await page.locator("#livechip[data-state=live]").waitFor();
    await page.locator("#latest li").nth(2).waitFor(BACK_WITHIN);
    const calls = await page.locator("#latest li").count();
    await page.evaluate(() => (document.documentElement.dataset.marked = "yes"));

    const killed = demo;
    await killed.kill();
    // Before the next start, which would rightly go on with a server that has not gone yet.
    await killed.isAloneWithin(SERVER_GONE_WITHIN_MS);
    await page.locator("#livechip[data-state=stale]").waitFor(BACK_WITHIN);
    demo = await Demo.start({ directory: killed.directory, port: new URL(address).port, ...WORLD });

    await page.locator("#livechip[data-state=live]").waitFor(BACK_WITHIN);
    await page.waitForFunction(
      (calls) => document.querySelectorAll("#latest li").length > calls,
      calls,
      BACK_WITHIN,
    );
    assert.equal(await page.evaluate(() => document.documentElement.dataset.marked), "yes");
  },
  { expected: [CONNECTION_LOST] },
);

story("Ctrl-C leaves no database server, and the next start has what was there", async ({ open }) => {
  const { address } = demo;
  const first = await open("operator", { address, cookie: people.operator.cookie, path: "/calls?when=all" });
  const total = async (page) => Number((await page.locator(".bar .note.push").textContent()).replace(/\D/g, ""));
  const before = await total(first);
  await first.goto("about:blank");

  const stopped = demo;
  assert.equal(await stopped.stop(), 0);
  await stopped.isAloneWithin(SERVER_GONE_WITHIN_MS);
  demo = await Demo.start({ directory: stopped.directory, port: new URL(address).port, ...WORLD });

  await first.goto(`${address}/calls?when=all`);
  assert.ok((await total(first)) >= before && before > 0);
});
