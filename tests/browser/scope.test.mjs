import assert from "node:assert/strict";
import { readJournal } from "./journal.mjs";
import { story } from "./story.mjs";
import { eventually } from "./waiting.mjs";

const FIRST_ENDS_WITHIN_MS = 30_000;
const ORGANIZATIONS = 12;

const number = (text) => Number(text.replace(/\D/g, ""));

async function someEnded() {
  const journal = await readJournal();
  return journal.totals.ended > 0 && journal;
}

/** Asserts that the calls that `count` reads from a page are as many as the provider has made meanwhile. */
async function matchesTheJournal(count) {
  const before = await eventually(someEnded, FIRST_ENDS_WITHIN_MS, "a call has ended");
  const shown = await count();
  const after = await readJournal();
  const calls = `${before.totals.ended} <= ${shown} <= ${after.totals.created}`;
  assert.ok(before.totals.ended <= shown && shown <= after.totals.created, calls);
}

story("the overview counts the calls that the provider made", async ({ open }) => {
  const page = await open("operator");

  await matchesTheJournal(async () => {
    await page.goto("/");
    return number(await page.locator("#numbers .stat", { hasText: "Calls today" }).locator("[data-num]").textContent());
  });
  await page.getByRole("link", { name: `All ${ORGANIZATIONS} organizations` }).last().waitFor();
});

story("every organization is listed, with its own numbers", async ({ open }) => {
  const page = await open("operator");

  await matchesTheJournal(async () => {
    await page.goto("/organizations");
    const cells = await page.locator("tbody tr td:nth-child(4)").allTextContents();
    assert.equal(cells.length, ORGANIZATIONS);
    return cells.map(number).reduce((sum, calls) => sum + calls, 0);
  });
});

story("the switcher leads to one organization and back, on the same kind of page", async ({ open }) => {
  const page = await open("operator", { path: "/calls" });

  await page.getByRole("button", { name: "All organizations" }).click();
  await page.getByRole("link", { name: "Cedar Realty" }).click();
  await page.waitForURL("**/o/cedar-realty/calls");
  await page.getByRole("heading", { level: 1, name: "Calls" }).waitFor();
  await page.getByRole("button", { name: "Cedar Realty" }).click();
  await page.getByRole("link", { name: "All organizations", exact: true }).click();

  await page.waitForURL("**/calls");
  assert.equal(new URL(page.url()).pathname, "/calls");
});

story("who belongs to one organization starts there, and has no switcher", async ({ open }) => {
  const page = await open("ann", { path: "/" });

  assert.equal(new URL(page.url()).pathname, "/o/northwind-dental");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.equal(await page.locator("[popovertarget=scopes], #scopes").count(), 0);
  assert.equal(await page.getByRole("link", { name: "Webhooks" }).count(), 0);
});

story("who may only read is offered nothing that changes anything", async ({ open }) => {
  const page = await open("viv", { path: "/o/northwind-dental" });

  for (const path of ["", "/campaigns", "/leads"]) {
    await page.goto(`/o/northwind-dental${path}`);
    const offers = page.getByRole("link", { name: /New campaign|Import leads/ });
    assert.equal(await offers.count(), 0, path);
  }
  await page.goto("/o/northwind-dental/campaigns");
  await page.locator("tr.row a.cell").first().click();
  await page.getByText("What sets the pace").waitFor();
  assert.equal(await page.getByRole("button", { name: /Pause|End/ }).count(), 0);
});
