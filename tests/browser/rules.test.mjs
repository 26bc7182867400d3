import assert from "node:assert/strict";
import { story } from "./story.mjs";

const SLUG = "harbor-legal";
const RULES = `/organizations/${SLUG}/rules`;
const UNPROCESSABLE = 422;

story("rules are saved, say so, and are put back as they were", async ({ open }) => {
  const page = await open("operator", { path: RULES });
  const countries = page.getByLabel("Countries");
  const before = await countries.inputValue();

  await countries.fill("us ca");
  await page.getByRole("button", { name: "Save the rules" }).click();
  await page.getByRole("status").getByText("The rules are saved.").waitFor();
  assert.equal(await countries.inputValue(), "CA, US");
  await page.getByText(/^Changed .* by Ola Brandt\.$/).waitFor();
  await page.getByRole("button", { name: "Put it back as it was" }).click();

  await page.getByRole("status").getByText("The rules are saved.").waitFor();
  assert.equal(await countries.inputValue(), before);
  await page.getByRole("link", { name: "Limits and hours" }).click();
  await page.getByRole("heading", { level: 1, name: /^Limits of / }).waitFor();
});

story(
  "what is wrong in rules is said beside its field, and what was typed stays",
  async ({ open }) => {
    const page = await open("operator", { path: RULES });
    await page.getByLabel("Budget a day").fill("plenty");
    const third = page.getByRole("group", { name: "Limit 3" });
    await third.getByLabel("At most").fill("5");

    await page.getByRole("button", { name: "Save the rules" }).click();

    const summary = page.getByRole("alert");
    await summary.getByText("2 things to put right. Nothing was saved.").waitFor();
    assert.match(await page.locator("#budget_per_day_max-error").textContent(), /dollars from 0 to 1,000,000 such as 49\.90 are needed, “plenty” came\./);
    assert.match(await page.locator("#days_2-error").textContent(), /a number from 2 to 31 is needed, nothing came\./);
    assert.equal(await page.getByLabel("Budget a day").inputValue(), "plenty");
    await summary.getByRole("link", { name: /^Days:/ }).click();
    assert.ok(await third.getByLabel("calls in").evaluate((field) => field === document.activeElement));
  },
  { expected: [UNPROCESSABLE] },
);

story("a number is warmed up without a script, and its list says so", async ({ open }) => {
  const page = await open("operator", { path: `/o/${SLUG}/numbers`, script: false });
  await page.getByRole("link", { name: /^Limits of \+/ }).first().click();

  await page.getByLabel("Calls an hour").fill("12");
  await page.getByLabel("First day of its warm-up").fill("2026-11-02");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The limit is set.").waitFor();
  await page.getByRole("link", { name: "Back to the list" }).click();

  await page.getByText("12 calls an hour").waitFor();
  await page.getByText("warmed up since Mon 2 Nov 2026").waitFor();
});

story("a campaign chooses its numbers as its manager says, who reads of no money", async ({ open }) => {
  const page = await open("ann", { path: "/o/northwind-dental/campaigns" });
  const path = await page.locator("tr.row a.cell").first().getAttribute("href");
  await page.goto(`${path}/edit`);
  assert.equal(await page.getByLabel("Budget a day").count(), 0);

  await page.getByLabel("Which of them calls a lead").selectOption("local");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("status").getByText("The campaign is changed.").waitFor();
  await page.goto(`${path}/edit`);
  assert.equal(await page.getByLabel("Which of them calls a lead").inputValue(), "local");
  await page.getByRole("button", { name: "Put it back as it was" }).click();

  await page.getByRole("status").getByText("The campaign is changed.").waitFor();
  await page.goto(`${path}/edit`);
  assert.equal(await page.getByLabel("Which of them calls a lead").inputValue(), "rotating");
});
