import assert from "node:assert/strict";
import { ask } from "./asking.mjs";
import { story } from "./story.mjs";
import { eventually } from "./waiting.mjs";

const TWO_PAGES_WITHIN_MS = 120_000;
const PAGES_MAX = 20;
const ROWS_OF_A_PAGE = 50;

const unescaped = (text) => text.replaceAll("&amp;", "&");

/** One page of a list: the ids of its rows, and where older and newer ones are. */
async function listAt(path) {
  const source = await (await ask("operator", path)).text();
  const to = (rel) => unescaped(new RegExp(`href="([^"]+)" rel="${rel}"`).exec(source)?.[1] ?? "");
  const total = Number(/>([\d,]+) calls?</.exec(source)?.[1].replace(",", ""));
  return { ids: [...source.matchAll(/id="call-([^"]+)"/g)].map(([, id]) => id), older: to("next"), newer: to("prev"), total };
}

async function walk(first, direction) {
  const pages = [first];
  while (pages.at(-1)[direction] && pages.length < PAGES_MAX) pages.push(await listAt(pages.at(-1)[direction]));
  return pages;
}

story("older and newer pages lose no call and repeat none, while new ones arrive", async () => {
  const hasTwoPages = async () => {
    const list = await listAt("/calls");
    return list.older && list;
  };
  const first = await eventually(hasTwoPages, TWO_PAGES_WITHIN_MS, "there are more calls than fit on a page");

  const down = await walk(first, "older");
  const ids = down.flatMap((page) => page.ids);
  assert.equal(new Set(ids).size, ids.length, "a call is on two pages");
  assert.equal(ids.length, first.total);

  const up = await walk(down.at(-1), "newer");
  const back = up.reverse().flatMap((page) => page.ids);
  assert.deepEqual(back.slice(back.indexOf(ids[0])), ids);
});

/** Asserts that `after` is `before` with what came since: no row lost but those that new ones push off a full page. */
function expectSameList(after, before) {
  const kept = after.filter((id) => before.includes(id));
  assert.deepEqual(kept, before.slice(0, kept.length));
  assert.ok(kept.length === before.length || after.length === ROWS_OF_A_PAGE, "rows are gone");
}

story("filters stand in the address, which gives the same list again", async ({ open }) => {
  await eventually(async () => (await listAt("/calls?outcome=voicemail")).ids.length > 0, TWO_PAGES_WITHIN_MS, "a voicemail");
  const page = await open("operator", { path: "/calls" });
  const ids = () => page.locator("tr.row").evaluateAll((rows) => rows.map((row) => row.id));

  await page.getByRole("link", { name: "Voicemail" }).click();
  await page.waitForURL(/outcome=voicemail/);
  await page.getByLabel("When").selectOption({ label: "Last 7 days" });
  await page.waitForURL(/when=7d/);
  const filtered = await ids();
  const results = await page.locator("tr.row td:nth-child(3)").allTextContents();
  assert.ok(results.every((result) => result === "Voicemail"), `${results}`);

  await page.reload();
  expectSameList(await ids(), filtered);
  await page.locator("tr.row a.cell").first().evaluate((link) => location.assign(link.href));
  await page.waitForURL(/\/calls\/[0-9a-f-]+$/);
  await page.goBack();
  await page.waitForURL(/outcome=voicemail.*when=7d|when=7d.*outcome=voicemail/);
  expectSameList(await ids(), filtered);
  assert.equal(await page.getByLabel("When").inputValue(), "7d");
});

story("a name that is typed narrows the list and goes into the address", async ({ open }) => {
  const page = await open("ann", { path: "/o/northwind-dental/calls" });
  const name = await page.locator("tr.row a.cell").first().textContent();

  await page.keyboard.press("/");
  await page.keyboard.type(name);
  await page.waitForFunction(
    (name) => [...document.querySelectorAll("tr.row a.cell")].every((link) => link.textContent === name),
    name,
  );

  assert.equal(new URL(page.url()).searchParams.get("q"), name);
  assert.equal(await page.getByRole("searchbox", { name: "Search calls" }).inputValue(), name);
});

story("an unknown filter is said and left out", async ({ open }) => {
  const page = await open("operator", { path: "/calls?colour=red&when=1h" });

  await page.getByText("This address has filters that mean nothing here: colour").waitFor();
  await page.getByRole("link", { name: "Leave them out" }).click();
  await page.waitForURL(/\/calls\?when=1h$/);
});

story("a click opens a call beside the list, and Escape closes it and returns the focus", async ({ open }) => {
  const page = await open("operator", { path: "/calls?outcome=answered" });
  const row = page.locator(`#${await page.locator("tr.row").nth(1).getAttribute("id")}`);
  const link = row.locator("a.cell");
  const name = await link.textContent();

  await link.click();
  const panel = page.getByRole("complementary", { name: `Call with ${name}` });
  await panel.waitFor();
  await page.waitForURL(/peek=/);
  await page.reload();
  await panel.waitFor();
  await page.keyboard.press("Escape");

  await panel.waitFor({ state: "detached" });
  assert.doesNotMatch(page.url(), /peek=/);
  assert.ok(await link.evaluate((link) => link === document.activeElement), "the focus is on the row again");
});

story("J and K go through the rows, and the panel goes along", async ({ open }) => {
  const page = await open("operator", { path: "/calls?outcome=answered" });
  const names = await page.locator("tr.row a.cell").allTextContents();
  const focused = () => page.evaluate(() => document.activeElement.textContent);

  await page.keyboard.press("j");
  assert.equal(await focused(), names[0]);
  await page.keyboard.press("j");
  assert.equal(await focused(), names[1]);
  await page.locator("tr.row a.cell").nth(1).click();
  await page.getByRole("complementary", { name: `Call with ${names[1]}` }).waitFor();
  await page.keyboard.press("k");
  await page.getByRole("complementary", { name: `Call with ${names[0]}` }).waitFor();
  await page.locator("tr.row[aria-selected=true]", { hasText: names[0] }).waitFor();
});
