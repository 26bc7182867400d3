import assert from "node:assert/strict";
import { story } from "./story.mjs";

const palette = (page) => page.getByRole("dialog", { name: "Search and commands" });

story("the palette finds a lead by name and opens it", async ({ open }) => {
  const page = await open("ann", { path: "/o/northwind-dental/leads" });
  const name = await page.locator("tr.row a.cell").first().textContent();

  await page.keyboard.press("Control+k");
  await page.keyboard.type(name.toLowerCase());
  await palette(page).getByRole("option", { name }).first().waitFor();
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { level: 1, name }).waitFor();
  assert.match(page.url(), /\/o\/northwind-dental\/leads\/[0-9a-f-]+$/);
});

story("the operator's palette finds a lead of any organization by phone", async ({ open }) => {
  const page = await open("operator", { path: "/o/fable-fitness/leads" });
  const row = page.locator("tr.row").first();
  const name = await row.locator("a.cell").textContent();
  const phone = await row.locator("small").first().textContent();
  await page.goto("/");

  await page.getByRole("link", { name: "Search or jump to" }).click();
  await page.keyboard.type(phone);
  const found = palette(page).getByRole("group", { name: "Leads" }).getByRole("option");
  await found.first().waitFor();
  assert.match(await found.first().textContent(), new RegExp(`^${name}.*Fable Fitness`));
  await found.first().click();

  await page.getByRole("heading", { level: 1, name }).waitFor();
});

story("arrows choose a command, and what is chosen is told to a screen reader", async ({ open }) => {
  const page = await open("operator", { path: "/" });

  await page.keyboard.press("Control+k");
  await page.keyboard.type("ca");
  await page.keyboard.press("ArrowDown");
  const id = await page.getByRole("combobox").getAttribute("aria-activedescendant");
  const chosen = page.locator(`[id="${id}"]`);
  assert.equal(await chosen.getAttribute("aria-selected"), "true");
  assert.equal(await page.locator("[role=option][aria-selected=true]").count(), 1);
});

story("what is found later leaves the chosen command chosen", async ({ open }) => {
  const page = await open("operator", { path: "/" });
  let answer;
  const isChosen = new Promise((resolve) => (answer = resolve));
  await page.route(/\/search\?/, async (route) => {
    await isChosen;
    await route.continue();
  });

  await page.keyboard.press("Control+k");
  await page.keyboard.type("ca");
  await page.waitForRequest(/\/search\?/);
  await page.keyboard.press("ArrowDown");
  const chosen = palette(page).getByRole("option", { selected: true });
  const name = await chosen.textContent();
  answer();
  await palette(page).locator("#palette-found [role=option]").first().waitFor();

  assert.equal(await chosen.textContent(), name);
});

story("Escape closes the palette and the focus is where it was", async ({ open }) => {
  const page = await open("operator", { path: "/campaigns" });
  await page.getByRole("link", { name: "Paused" }).focus();

  await page.keyboard.press("Control+k");
  await palette(page).waitFor();
  await page.keyboard.press("Escape");

  await palette(page).waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Paused");
});

story("letters go where the list of keys says, and can be switched off", async ({ open }) => {
  const page = await open("operator", { path: "/" });

  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL("**/calls");
  await page.keyboard.press("?");
  await page.getByLabel("Single letters are shortcuts").uncheck();
  await page.keyboard.press("Escape");
  await page.locator("#keys").waitFor({ state: "hidden" });
  await page.keyboard.press("j");

  assert.equal(await page.locator("a.cell:focus").count(), 0);
});
