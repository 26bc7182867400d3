// Campaigns that these tests bring with them: what a demo has may be called through when a test comes to it.

import assert from "node:assert/strict";
import { ask } from "./asking.mjs";
import { openWindow } from "./story.mjs";

/** As many as there are in an exchange that are kept for fiction. */
const LEADS = 100;
const SEE_OTHER = 303;

/**
 * Starts a campaign of `slug` with leads of its own, whose calling hours are open: its address and its leads' phones. The
 * organization's others are paused, as they would go first.
 */
export async function startCampaign(slug, exchange) {
  const phones = phonesIn(exchange);
  const rows = ["Name,Phone", ...phones.map((phone, nth) => `Lead ${nth + 1},${phone}`)];
  const file = { name: "always on.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
  await pauseAll(slug);
  const { context, page } = await openWindow("operator");
  try {
    await page.goto(`/o/${slug}/leads/import`);
    await page.getByLabel("Choose a CSV file").setInputFiles(file);
    await page.getByRole("button", { name: "Import the file" }).click();
    await page.getByRole("link", { name: "Call these leads" }).click();
    await page.getByLabel("Name").fill("Always on");
    for (const day of await page.locator("input[name=days]").all()) await day.check();
    await page.getByRole("button", { name: "Create the campaign" }).click();
    await page.locator("#head .badge", { hasText: "Running" }).waitFor();
    return { path: new URL(page.url()).pathname, phones };
  } finally {
    await context.close();
  }
}

async function pauseAll(slug) {
  const list = await (await ask("operator", `/o/${slug}/campaigns?state=running`)).text();
  for (const [, path] of list.matchAll(/class="cell" href="([^"]+)"/g)) {
    assert.equal((await ask("operator", `${path}/pause`, { method: "POST" })).status, SEE_OTHER, path);
  }
}

/** The phones of the leads: New Yorkers, where it is late morning when a demo begins. `exchange` is theirs alone. */
function phonesIn(exchange) {
  return Array.from({ length: LEADS }, (_, nth) => `+1212${exchange}01${String(nth).padStart(2, "0")}`);
}
