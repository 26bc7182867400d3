import assert from "node:assert/strict";
import { busyCampaign, numbersOf } from "./campaigns.mjs";
import { readJournal } from "./journal.mjs";
import { story } from "./story.mjs";
import { eventually } from "./waiting.mjs";

const WATCHED_MS = 6_000;
const OTHERS_RING_MIN = 3;
const GOES_ON_WITHIN_MS = 60_000;

const idsOf = (entries) => new Set(entries.map((entry) => entry.call_id));

story("pause stops new calls at once, and resume goes on", async ({ open }) => {
  const page = await open("operator");
  const { path, slug } = await busyCampaign(page);
  const numbers = await numbersOf(page, slug);
  const isOurs = (ring) => numbers.includes(ring.from_number);
  const watcher = await open("operator", { path });
  await page.goto(path);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  const paused = await readJournal();

  await page.getByRole("status").getByText("Campaign paused. No new call begins").waitFor();
  await watcher.getByRole("button", { name: "Resume" }).waitFor();
  await watcher.locator("#pace-setting").getByText("It is paused").waitFor();
  // What was handed over before may still ring; what was created later must be of others.
  const created = idsOf(paused.created);
  const since = Date.now();
  await eventually(
    async () => {
      const rings = (await readJournal()).rings.slice(paused.rings.length);
      const late = rings.filter((ring) => isOurs(ring) && !created.has(ring.call_id));
      assert.deepEqual(late, [], "a call began after the pause");
      return Date.now() - since >= WATCHED_MS && rings.length >= OTHERS_RING_MIN;
    },
    GOES_ON_WITHIN_MS,
    "other campaigns go on",
  );

  const before = await readJournal();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const goesOn = async () => (await readJournal()).rings.slice(before.rings.length).some(isOurs);
  await eventually(goesOn, GOES_ON_WITHIN_MS, "the campaign calls again");
});

story("ending a campaign asks first, and says how many leads it leaves", async ({ open }) => {
  const page = await open("operator");
  const { path } = await busyCampaign(page);
  await page.goto(path);

  await page.getByRole("button", { name: "End", exact: true }).click();
  const question = page.getByRole("dialog", { name: /^End “/ });
  await question.getByText(/leads will not be called any more/).waitFor();
  await question.getByRole("button", { name: "Keep it" }).click();
  await question.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Pause" }).waitFor();
});
