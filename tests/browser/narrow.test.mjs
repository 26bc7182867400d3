import assert from "node:assert/strict";
import { story } from "./story.mjs";

const NARROW = { width: 390, height: 844 };

story("on a narrow screen the menu is a drawer, which no key reaches while it is closed", async ({ open }) => {
  const page = await open("operator", { path: "/calls", ...NARROW });
  const opener = page.getByRole("link", { name: "Open menu" });
  const item = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Campaigns" });
  assert.equal(await item.count(), 0, "the closed menu is told to nobody");

  await opener.focus();
  await page.keyboard.press("Enter");
  await item.waitFor();
  assert.ok(await page.locator("#nav").evaluate((menu) => menu.contains(document.activeElement)), "the focus is in it");
  await page.keyboard.press("Escape");

  await item.waitFor({ state: "hidden" });
  assert.ok(await opener.evaluate((link) => link === document.activeElement), "the focus is back");
});

story("on a narrow screen the menu leads on", async ({ open }) => {
  const page = await open("ann", { path: "/o/northwind-dental/calls", ...NARROW });

  await page.getByRole("link", { name: "Open menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Leads" }).click();

  await page.getByRole("heading", { level: 1, name: "Leads" }).waitFor();
});

story("on a narrow screen a call covers the list, and is closed by its button", async ({ open }) => {
  const page = await open("operator", { path: "/calls?outcome=answered", ...NARROW });

  await page.locator("tr.row a.cell").first().click();
  const panel = page.locator("#peek aside");
  await panel.waitFor();
  const { width } = await panel.boundingBox();
  assert.ok(width >= NARROW.width - 1, `${width} px of ${NARROW.width}`);
  await panel.getByRole("link", { name: "Close" }).click();

  await panel.waitFor({ state: "detached" });
});
