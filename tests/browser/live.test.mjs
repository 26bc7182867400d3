import assert from "node:assert/strict";
import { before } from "node:test";
import { startCampaign } from "./campaigns.mjs";
import { story } from "./story.mjs";

const MOVES_WITHIN = { timeout: 90_000 };

let path;
before(async () => ({ path } = await startCampaign("fable-fitness", 320)));

/** Marks the document, so that one that was loaded anew can be told. */
async function mark(page) {
  await page.evaluate(() => (document.documentElement.dataset.marked = "yes"));
}

async function isMarked(page) {
  return page.evaluate(() => document.documentElement.dataset.marked === "yes");
}

async function isLive(page) {
  await page.locator("#livechip[data-state=live]", { hasText: "Live" }).waitFor();
}

async function changesOf(page, selector) {
  const before = await page.locator(selector).textContent();
  const isOther = ([selector, before]) => document.querySelector(selector).textContent !== before;
  return page.waitForFunction(isOther, [selector, before], MOVES_WITHIN);
}

story("a running campaign moves by itself, and disturbs nobody who works on its page", async ({ open }) => {
  const page = await open("operator", { path });
  await isLive(page);
  await page.locator("#latest li").first().waitFor(MOVES_WITHIN);
  await mark(page);
  await page.getByText("Show as table").click();
  await page.getByRole("button", { name: "Pause" }).focus();

  await Promise.all([changesOf(page, "#numbers"), changesOf(page, "#latest"), changesOf(page, "#lines .legend")]);

  assert.ok(await isMarked(page), "the page was loaded again");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pause");
  assert.equal(await page.locator("#pace details").getAttribute("open"), "");
  await isLive(page);
});

story("what is typed into the palette stays while the campaign moves behind it", async ({ open }) => {
  const page = await open("operator", { path });
  await isLive(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("go on");

  await changesOf(page, "#lines .legend");

  assert.equal(await page.getByRole("combobox").inputValue(), "go on");
  assert.ok(await page.getByRole("combobox").evaluate((field) => field === document.activeElement));
});

story("the stream opens also when a script comes late", async ({ open }) => {
  const page = await open("operator");
  await page.route(/\/assets\/(?!htmx\.)[^/]+\.js$/, async (route) => {
    await page.waitForFunction(() => window.htmx);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    await route.continue();
  });

  await page.goto(path);

  await isLive(page);
});

story("the time of a conversation runs between two messages of the server", async ({ open }) => {
  const page = await open("operator", { path });
  const clock = page.locator("#lines [data-since]").first();
  await clock.waitFor(MOVES_WITHIN);

  const seconds = await page.waitForFunction(
    () => {
      const seen = (window.seen ??= new Set());
      const text = document.querySelector("#lines [data-since]")?.textContent;
      if (text) seen.add(text);
      return seen.size > 3 && [...seen];
    },
    null,
    MOVES_WITHIN,
  );

  for (const text of await seconds.jsonValue()) assert.match(text, /^\d+:\d\d$/);
});

story("the key . holds the updates, and lets them go on", async ({ open }) => {
  const page = await open("operator", { path });
  await isLive(page);

  await page.keyboard.press(".");
  await page.locator("#livechip", { hasText: "Paused" }).waitFor();
  await page.keyboard.press(".");

  await isLive(page);
  await changesOf(page, "#lines .legend");
});

story("the overview keeps itself up to date", async ({ open }) => {
  const page = await open("operator", { path: "/" });
  await isLive(page);
  await mark(page);

  await changesOf(page, "#numbers");

  assert.ok(await isMarked(page), "the page was loaded again");
});
