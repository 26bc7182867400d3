// Campaigns as the operator's list shows them.

import assert from "node:assert/strict";
import { eventually } from "./waiting.mjs";

const FOUND_WITHIN_MS = 60_000;

/**
 * A running campaign with a call on the line and many leads that were not called yet, the only one of its organization:
 * `path`, `slug`. The page is left on the list.
 */
export async function busyCampaign(page, { except = [] } = {}) {
  return eventually(() => busiest(page, except), FOUND_WITHIN_MS, "a campaign has calls on the line");
}

async function busiest(page, except) {
  await page.goto("/campaigns?state=running");
  const rows = await page.locator("tr.row").evaluateAll((rows) =>
    rows.map((row) => {
      const path = row.querySelector("a.cell").getAttribute("href");
      const [lines, calls] = [...row.querySelectorAll("td.r")].slice(1, 3).map((cell) => Number(cell.textContent));
      return { path, slug: path.split("/")[2], lines, calls };
    }),
  );
  assert.ok(rows.length > 0, "no campaign is running");
  const isOnlyOne = ({ slug }) => rows.filter((row) => row.slug === slug).length === 1;
  const busy = rows.filter((row) => row.lines > 0 && isOnlyOne(row) && !except.includes(row.slug));
  return busy.sort((one, other) => one.calls - other.calls)[0];
}

/** The numbers that an organization calls from, in E.164. */
export async function numbersOf(page, slug) {
  await page.goto(`/o/${slug}`);
  const shown = await page.locator("#phone-numbers tbody th").allTextContents();
  return shown.map((number) => `+${number.replace(/\D/g, "")}`);
}
