import assert from "node:assert/strict";
import { ask, withoutSpeech } from "./asking.mjs";
import { story } from "./story.mjs";
import { eventually } from "./waiting.mjs";

const ENDS_WITHIN_MS = 90_000;
const PARTIAL_CONTENT = 206;
/** What no client may read: money, and who provides. */
const SECRETS = [/\$\s?\d/, /\bcosts?\b/i, /\bspend\b/i, /vapi/i];

/** The address of a call in the list at `path`, as soon as one is there whose page says `word`. */
async function callWith(person, path, word) {
  const look = async () => {
    const list = await (await ask(person, path)).text();
    for (const [, address] of list.matchAll(/data-peek="([^"]+)"/g)) {
      if ((await (await ask(person, address)).text()).includes(word)) return address;
    }
    return null;
  };
  return eventually(look, ENDS_WITHIN_MS, `a call with ${word}`);
}

story("the operator sees of a call what was said, what it cost, and how it went", async ({ open }) => {
  const address = await callWith("operator", "/calls?outcome=answered", "data-turns");
  const page = await open("operator", { path: address });

  const names = (speakers) => speakers.map((speaker) => speaker.firstChild.textContent);
  const speakers = await page.locator("[data-turns] .speaker").evaluateAll(names);
  assert.ok(new Set(speakers).size === 2, `two people speak: ${speakers}`);
  const amounts = (await page.locator("#cost li b").allTextContents()).map((text) => Number(text.slice(1)));
  const parts = amounts.slice(0, -1).reduce((sum, amount) => sum + amount, 0);
  assert.ok(amounts.length > 3 && Math.abs(parts - amounts.at(-1)) < 0.004, `the parts make the total: ${amounts}`);
  await page.locator("#provider").getByText("end-of-call-report").waitFor();
  await page.locator("#summary").getByText("How it ended").waitFor();
  const steps = await page.locator("#timeline li span").allTextContents();
  for (const step of ["Dialed", "Picked up", "Ended"]) assert.ok(steps.includes(step), `${step}: ${steps}`);
});

story("the recording plays from where one seeks, and the transcript follows", async ({ open }) => {
  const address = await callWith("operator", "/calls?outcome=answered", "data-seek");
  const page = await open("operator", { path: address });
  const wave = page.getByRole("slider", { name: "Seek in the recording" });

  await page.locator("[data-seek]").nth(1).click();
  const second = Number(await page.locator("[data-seek]").nth(1).getAttribute("data-seek"));
  assert.equal(Number(await wave.getAttribute("aria-valuenow")), second);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForFunction((second) => document.querySelector("audio").currentTime > second + 0.5, second);
  assert.equal(await page.locator("[data-turns] [aria-current=true]").count(), 1);
  await page.getByRole("button", { name: "Pause", exact: true }).click();

  await wave.press("Home");
  await wave.press("ArrowRight");
  assert.equal(await wave.getAttribute("aria-valuenow"), "5");
  const part = await ask("operator", `${address}/recording`, { headers: { range: "bytes=0-99" } });
  assert.equal(part.status, PARTIAL_CONTENT);
  assert.match(part.headers.get("content-type"), /^audio\//);
});

story("a call that nobody answered says why there is nothing to hear", async ({ open }) => {
  const address = await callWith("operator", "/calls?outcome=no_answer", "No recording");
  const page = await open("operator", { path: address });

  await page.getByText("No recording: nobody picked up.").waitFor();
  await page.getByText("Nothing was said.").waitFor();
  assert.equal(await page.locator("audio").count(), 0);
});

story("a client sees the same call without cost and provider", async ({ open }) => {
  const address = await callWith("ann", "/o/northwind-dental/calls?outcome=answered", "data-turns");
  const page = await open("ann", { path: address });

  await page.locator("[data-turns] li").first().waitFor();
  await page.locator("#timeline").getByText("Picked up").waitFor();
  const source = withoutSpeech(await (await ask("ann", address)).text());
  assert.match(source, /Picked up/);
  for (const secret of SECRETS) assert.doesNotMatch(source, secret);
  assert.equal(await page.locator("#cost, #provider").count(), 0);
});
