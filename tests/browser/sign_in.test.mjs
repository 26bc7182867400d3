import assert from "node:assert/strict";
import { facts } from "./facts.mjs";
import { signIn } from "./people.mjs";
import { story } from "./story.mjs";

const GONE = 410;
const UNAUTHORIZED = 401;
const TOO_MANY = 429;
const TRIES_MAX = 5;

async function fillIn(page, email, password) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

story(
  "the printed link signs in once, and says so the second time",
  async ({ open }) => {
    const first = await open(null, { path: facts.link });
    await first.getByRole("heading", { level: 1, name: "Overview" }).waitFor();

    const second = await open(null);
    const answer = await second.goto(facts.link);

    assert.equal(answer.status(), GONE);
    await second.getByRole("alert").getByText("This link was used or is too old").waitFor();
    await first.reload();
    await first.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  },
  { expected: [GONE] },
);

story(
  "a wrong password is said in words, and the email stays typed",
  async ({ open }) => {
    const page = await open(null, { path: "/signin" });

    await fillIn(page, facts.people.ann.email, "not the password");

    await page.getByRole("alert").getByText("Email or password is wrong.").waitFor();
    assert.equal(await page.getByLabel("Email").inputValue(), facts.people.ann.email);
    assert.equal(await page.getByLabel("Password").inputValue(), "");
    assert.deepEqual(await page.context().cookies(), []);
  },
  { expected: [UNAUTHORIZED] },
);

story(
  "after many wrong passwords one has to wait, and is told how long",
  async ({ open }) => {
    const page = await open(null, { path: "/signin" });

    for (let tries = 0; tries <= TRIES_MAX; tries += 1) {
      await fillIn(page, "nobody@relay.example", `guess ${tries}`);
      await page.getByRole("alert").waitFor();
    }

    await page.getByRole("alert").getByText(/Too many tries\. The next one is possible in \d/).waitFor();
  },
  { expected: [UNAUTHORIZED, TOO_MANY] },
);

story("signing in leads to the page that was asked for", async ({ open }) => {
  const { email, password } = facts.people.ann;
  const page = await open(null, { path: "/o/northwind-dental/calls?when=7d" });

  await fillIn(page, email, password);

  await page.getByRole("heading", { level: 1, name: "Calls" }).waitFor();
  assert.match(page.url(), /\/o\/northwind-dental\/calls\?when=7d$/);
});

story("signing out ends the session in every tab", async ({ open }) => {
  const { email, password } = facts.people.viv;
  const cookie = await signIn(facts.address, email, password);
  const page = await open("viv", { path: "/", cookie });
  const tab = await page.context().newPage();
  await tab.goto("/o/northwind-dental/leads");

  await page.getByRole("button", { name: "Viv Soto" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();

  await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await tab.reload();
  await tab.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
});
