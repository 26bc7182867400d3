import assert from "node:assert/strict";
import { story } from "./story.mjs";

const FORM = "/o/lakeside-insurance/campaigns/new";
const UNPROCESSABLE = 422;

story(
  "what is wrong in a new campaign is said beside its field, and what was typed stays",
  async ({ open }) => {
    const page = await open("operator", { path: FORM });
    await page.getByLabel("Lines").fill("99");
    for (const number of await page.locator("input[name=numbers]").all()) await number.uncheck();

    await page.getByRole("button", { name: "Create the campaign" }).click();

    const summary = page.getByRole("alert");
    await summary.getByText("3 things to put right. Nothing was saved.").waitFor();
    assert.equal(await errorOf(page, "Name"), "Give it a name, such as “Spring recall”.");
    assert.match(await errorOf(page, "Lines"), /a number from 1 to \d+ is needed, “99” came\./);
    assert.equal(await page.locator("#numbers-error").textContent(), "Choose at least one phone number to call from.");
    assert.equal(await page.getByLabel("Lines").inputValue(), "99");
    await summary.getByRole("link", { name: /^Give it a name/ }).click();
    assert.ok(await page.getByLabel("Name").evaluate((field) => field === document.activeElement));
  },
  { expected: [UNPROCESSABLE] },
);

/** The text by which a field says that it is wrong. */
async function errorOf(page, label) {
  const field = page.getByLabel(label, { exact: true });
  assert.equal(await field.getAttribute("aria-invalid"), "true", label);
  return page.locator(`#${await field.getAttribute("aria-describedby")}`).textContent();
}

story("a new campaign starts, shows its page, and is made once by a double click", async ({ open }) => {
  const page = await open("operator", { path: FORM });
  await page.getByLabel("Name").fill("Flood cover check");

  await page.getByRole("button", { name: "Create the campaign" }).dblclick();

  await page.getByRole("heading", { level: 1, name: "Flood cover check" }).waitFor();
  await page.locator("#head .badge", { hasText: "Running" }).waitFor();
  await page.getByRole("status").getByText("Campaign started").waitFor();
  await page.goto("/o/lakeside-insurance/campaigns");
  assert.equal(await page.getByRole("link", { name: "Flood cover check" }).count(), 1);
});

story("a campaign that is checked first tells who would be called, and calls nobody before it is started", async ({ open }) => {
  const page = await open("operator", { path: FORM });
  await page.getByLabel("Name").fill("Hail cover check");

  await page.getByRole("button", { name: "Check it first" }).click();

  const card = page.getByRole("region", { name: "Before it starts" });
  await card.getByText(/^[\d,]+ of [\d,]+ leads$/).waitFor();
  await page.locator("#head .badge", { hasText: "Draft" }).waitFor();
  await card.getByRole("link", { name: "Look again" }).click();
  await card.getByText(/^[\d,]+ of [\d,]+ leads$/).waitFor();
  assert.match(page.url(), /\/campaigns\/[0-9a-f-]+$/, "the card alone is asked for again");
  await page.getByRole("button", { name: "Start now" }).click();
  await page.locator("#head .badge", { hasText: "Running" }).waitFor();
  assert.equal(await card.count(), 0);
});

story("a campaign for later shows the field of its time, and waits", async ({ open }) => {
  const page = await open("operator", { path: FORM });
  await page.getByLabel("Name").fill("Spring review");
  assert.equal(await page.getByLabel("Time", { exact: true }).isVisible(), false);

  await page.getByRole("radio", { name: /^Later/ }).check();
  const now = Number(await page.evaluate(() => Date.now()));
  const later = new Date(now + 30 * 24 * 3600 * 1000).toISOString().slice(0, 16);
  await page.getByLabel("Time", { exact: true }).fill(later);
  await page.getByRole("button", { name: "Create the campaign" }).click();

  await page.locator("#head .badge", { hasText: "Scheduled" }).waitFor();
  await page.getByRole("button", { name: "Start now" }).waitFor();
});
