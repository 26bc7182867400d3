import assert from "node:assert/strict";
import { before } from "node:test";
import { startCampaign } from "./campaigns.mjs";
import { readJournal } from "./journal.mjs";
import { story } from "./story.mjs";
import { eventually } from "./waiting.mjs";

const WATCHED_MS = 6_000;
const OTHERS_RING_MIN = 3;
const MOVES_WITHIN = { timeout: 90_000 };

let path, phones;
before(async () => {
  ({ path, phones } = await startCampaign("cedar-realty", 330));
  await startCampaign("ironwood-auto", 340);
});

const isOurs = (ring) => phones.includes(ring.phone);

story("pause stops new calls at once, and resume goes on", async ({ open }) => {
  const page = await open("operator", { path });
  const watcher = await open("operator", { path });
  await page.locator("#latest li").first().waitFor(MOVES_WITHIN);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  const paused = await readJournal();

  await page.getByRole("status").getByText("Campaign paused. No new call begins").waitFor();
  await watcher.getByRole("button", { name: "Resume" }).waitFor();
  await watcher.locator("#pace-setting").getByText("It is paused").waitFor();
  // What was handed over before may still ring; what was created later must be of others.
  const created = new Set(paused.created.map((call) => call.call_id));
  const since = Date.now();
  await eventually(
    async () => {
      const rings = (await readJournal()).rings.slice(paused.rings.length);
      const late = rings.filter((ring) => isOurs(ring) && !created.has(ring.call_id));
      assert.deepEqual(late, [], "a call began after the pause");
      const others = rings.filter((ring) => !isOurs(ring));
      return Date.now() - since >= WATCHED_MS && others.length >= OTHERS_RING_MIN;
    },
    MOVES_WITHIN.timeout,
    "other campaigns go on",
  );

  const before = await readJournal();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const goesOn = async () => (await readJournal()).rings.slice(before.rings.length).some(isOurs);
  await eventually(goesOn, MOVES_WITHIN.timeout, "the campaign calls again");
});

story("ending a campaign asks first, and says how many leads it leaves", async ({ open }) => {
  const page = await open("operator", { path });

  await page.getByRole("button", { name: "End", exact: true }).click();
  const question = page.getByRole("dialog", { name: /^End “/ });
  await question.getByText(/leads will not be called any more/).waitFor();
  await question.getByRole("button", { name: "Keep it" }).click();
  await question.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Pause" }).waitFor();
});
