import assert from "node:assert/strict";
import { story } from "./story.mjs";

const WITHOUT = { script: false };

story("lists, filters and details are read without a script", async ({ open }) => {
  const page = await open("ann", { path: "/o/northwind-dental/calls", ...WITHOUT });

  await page.getByLabel("When").selectOption({ label: "Last 30 days" });
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/when=30d/);
  const link = page.locator("tr.row a.cell").first();
  const name = await link.textContent();
  await link.click();

  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.locator("#timeline li").first().waitFor();
  for (const path of ["", "/campaigns", "/leads"]) {
    await page.goto(`/o/northwind-dental${path}`);
    await page.locator("tr.row a.cell").first().waitFor();
  }
});

story("a search is a page of its own", async ({ open }) => {
  const page = await open("operator", { path: "/", ...WITHOUT });

  await page.getByRole("link", { name: "Search or jump to" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("cedar");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("main").getByRole("link", { name: "Cedar Realty" }).click();

  await page.getByRole("heading", { level: 1, name: "Cedar Realty" }).waitFor();
});

story("a campaign is paused and resumed by its form", async ({ open }) => {
  const page = await open("operator", { path: "/o/anchor-dental/campaigns", ...WITHOUT });
  await page.locator("tr.row a.cell").first().click();

  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Campaign paused.").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();

  await page.getByText("Campaign resumed.").waitFor();
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

story("a campaign is checked before it starts, and started", async ({ open }) => {
  const page = await open("operator", { path: "/o/anchor-dental/campaigns/new", ...WITHOUT });
  await page.getByLabel("Name").fill("Looked at first");

  await page.getByRole("button", { name: "Check it first" }).click();
  await page.getByRole("link", { name: "Look at it on a page of its own" }).click();
  await page.getByText(/^[\d,]+ of [\d,]+ leads$/).waitFor();
  await page.getByRole("button", { name: "Start now" }).click();

  await page.getByText("Campaign resumed.").or(page.getByText("Campaign started.")).waitFor();
});

story("the theme is chosen by a form, and the server draws it", async ({ open }) => {
  const page = await open("operator", { path: "/calls?when=1h", ...WITHOUT });

  await page.getByRole("button", { name: "Switch between light and dark" }).click();

  assert.match(page.url(), /\/calls\?when=1h$/);
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});
