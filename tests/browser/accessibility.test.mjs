import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { places } from "./places.mjs";
import { openWindow, unexpected } from "./story.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL_RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "label-content-name-mismatch": { enabled: true } },
  resultTypes: ["violations"],
};
/** In the dark, nothing but colours differs. */
const RULES = { light: ALL_RULES, dark: { runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"] } };
/** The rows of a list are alike: a dozen of them are looked at. */
const PARTS = { exclude: [["tbody tr:nth-child(n + 13)"]] };
const WIDTHS = [1440, 390];
/** Zoomed to 400 %, a window of 1280 px is as narrow. */
const NARROWEST = 320;
const HEIGHT = 900;
const VISIT_MAX_MS = 60_000;

/** Windows at a time. */
const AT_ONCE = 2;

describe("every page is accessible, calm, and no wider than a narrow screen", { concurrency: AT_ONCE }, () => {
  for (const place of places) test(place.name, { timeout: VISIT_MAX_MS }, () => visit(place));
});

async function visit(place) {
  const { context, page, complaints } = await openWindow(place.person, { height: HEIGHT });
  try {
    await place.open(page);
    await page.evaluate(AXE);
    const wrong = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      for (const [scheme, rules] of Object.entries(RULES)) {
        await page.emulateMedia({ colorScheme: scheme });
        wrong.push(...(await violations(page, rules)).map((text) => `${width} px, ${scheme}: ${text}`));
      }
    }
    await page.setViewportSize({ width: NARROWEST, height: HEIGHT });
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

    assert.deepEqual(wrong, []);
    assert.ok(excess <= 0, `${excess} px too wide at ${NARROWEST} px`);
    assert.deepEqual(unexpected(complaints, place.statuses ?? []), []);
  } finally {
    await context.close();
  }
}

/** What axe finds, one line for each element. */
async function violations(page, rules) {
  const found = await page.evaluate(([parts, rules]) => axe.run(parts, rules), [PARTS, rules]);
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`),
  );
}
