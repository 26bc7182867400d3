import assert from "node:assert/strict";
import { story } from "./story.mjs";

const SLUG = "anchor-dental";
const WHY = "its calls are shown as spam";

story("a number rests with a reason that everybody reads, and is used again", async ({ open }) => {
  const page = await open("operator", { path: `/o/${SLUG}/numbers` });
  const row = page.locator("tbody tr").first();
  const phone = (await row.locator("th .num").first().textContent()).trim();

  await row.getByRole("button", { name: `Rest ${phone}` }).click();
  const question = page.getByRole("dialog", { name: `Rest ${phone}` });
  await question.getByLabel("For how long").selectOption("24");
  await question.getByLabel("Why").fill(WHY);
  await question.getByRole("button", { name: `Rest ${phone}` }).click();

  const rested = page.locator("tbody tr").filter({ hasText: phone });
  await rested.getByText(WHY).waitFor();
  await rested.getByText(/until tomorrow/).waitFor();
  await page.getByRole("status").getByText("Switched off. No new call begins").waitFor();
  await rested.getByRole("button", { name: `Use again ${phone}` }).click();
  await page.locator("tbody tr").filter({ hasText: phone }).getByText("In use").waitFor();
});

story("an agent is paused and resumed without script", async ({ open }) => {
  const page = await open("operator", { path: `/o/${SLUG}/agents`, script: false });
  const row = page.locator("tbody tr").first();

  await row.getByRole("button", { name: /^Pause / }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Pause / }).click();
  await page.locator("tbody tr").first().getByText("Paused", { exact: true }).waitFor();
  await page.getByRole("button", { name: /^Resume / }).first().click();

  await page.locator("tbody tr").first().getByText("Works").waitFor();
});

story("a limit is set in its place, and one that is none is not", async ({ open }) => {
  const page = await open("operator", { path: `/o/${SLUG}/agents` });
  const lines = page.getByLabel(/^Lines of .* at most$/).first();
  const before = Number(await lines.inputValue());

  await lines.fill(String(before + 1));
  await page.getByRole("button", { name: /^Set Lines of/ }).first().click();
  await page.getByRole("status").getByText("The limit is set").waitFor();

  assert.equal(Number(await page.getByLabel(/^Lines of .* at most$/).first().inputValue()), before + 1);
});
