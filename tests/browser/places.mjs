// Every page there is, as each audience reaches it, and the states that a page can be in.

const SLUG = "northwind-dental";
const NOWHERE = 404;
const GONE = 410;
const UNPROCESSABLE = 422;
const CSV = Buffer.from("Name;Phone\nAda;+1 312 555 0199\nBea;12\n");

const at = (path) => (page) => page.goto(path);
const first = (list) => async (page) => {
  await page.goto(list);
  await page.goto(await page.locator("tr.row a.cell").first().getAttribute("href"));
};

async function liveCampaign(page) {
  await first(`/o/${SLUG}/campaigns`)(page);
  await page.locator("#livechip[data-state=live]").waitFor();
}

const panelOpen = (list) => async (page) => {
  await page.goto(list);
  await page.locator("tr[data-peek] a.cell").first().click();
  await page.locator("#peek aside").waitFor();
};

const opened = (path, control, shown) => async (page) => {
  await page.goto(path);
  await page.locator(control).first().click();
  await page.locator(shown).waitFor();
};

async function paletteWithHits(page) {
  await page.goto("/");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("recall");
  await page.locator("#palette-found [role=option]").first().waitFor();
}

async function wrongCampaign(page) {
  await page.goto(`/o/${SLUG}/campaigns/new`);
  await page.getByLabel("Lines").fill("99");
  await page.getByRole("button", { name: "Create the campaign" }).click();
  await page.getByRole("alert").waitFor();
}

async function editedCampaign(page) {
  await page.goto(`/o/${SLUG}/campaigns`);
  // Not by way of its live page: leaving that breaks off what it is fetching.
  await page.goto(`${await page.locator("tr.row a.cell").first().getAttribute("href")}/edit`);
}

async function wrongLimits(page) {
  await page.goto(`/organizations/${SLUG}/limits`);
  await page.getByLabel("Friday").fill("18:00-09:00");
  await page.getByRole("button", { name: "Save the limits" }).click();
  await page.getByRole("alert").waitFor();
}

async function wrongRules(page) {
  await page.goto(`/organizations/${SLUG}/rules`);
  await page.getByLabel("Budget a day").fill("plenty");
  await page.getByLabel("At most").first().fill("5");
  await page.getByRole("button", { name: "Save the rules" }).click();
  await page.getByRole("alert").waitFor();
}

/** A page to which the first link of a list leads. */
const linked = (list, name) => async (page) => {
  await page.goto(list);
  await page.goto(await page.getByRole("link", { name }).first().getAttribute("href"));
};

/** From the box that tells why, to its page. */
const why = (open) => async (page) => {
  await open(page);
  await page.goto(await page.getByRole("link", { name: "Ask for another time" }).getAttribute("href"));
};

async function whyAnotherTime(page) {
  await page.goto(`/o/${SLUG}/why`);
  await page.getByLabel("What if it were").fill("2026-11-22T23:30");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByRole("link", { name: "As of now" }).waitFor();
}

async function imported(page) {
  await page.goto(`/o/${SLUG}/leads/import`);
  await page.getByLabel("Choose a CSV file").setInputFiles({ name: "two.csv", mimeType: "text/csv", buffer: CSV });
  await page.getByRole("button", { name: "Import the file" }).click();
  await page.getByRole("heading", { name: "What happened" }).waitFor();
}

/** A new one: those of the demo have begun. Its card comes after it. */
async function draftOfCampaign(page) {
  await page.goto(`/o/${SLUG}/campaigns/new`);
  await page.getByLabel("Name").fill(`Checked first ${Date.now()}`);
  await page.getByRole("button", { name: "Check it first" }).click();
  await page.locator("#preflight .legend").waitFor();
}

async function preflight(page) {
  await draftOfCampaign(page);
  await page.goto(`${new URL(page.url()).pathname}/preflight`);
}

/** Pages that both the agency and a client have of an organization. */
const shared = [
  ["list of campaigns", at(`/o/${SLUG}/campaigns`)],
  ["campaign", liveCampaign],
  ["new campaign", at(`/o/${SLUG}/campaigns/new`)],
  ["draft of a campaign", draftOfCampaign],
  ["campaign before it starts", preflight],
  ["list of calls", at(`/o/${SLUG}/calls`)],
  ["list of calls with its panel", panelOpen(`/o/${SLUG}/calls?outcome=answered`)],
  ["list of calls without any", at(`/o/${SLUG}/calls?q=nobody+has+this+name`)],
  ["call", first(`/o/${SLUG}/calls?outcome=answered`)],
  ["list of leads", at(`/o/${SLUG}/leads`)],
  ["lead", first(`/o/${SLUG}/leads`)],
  ["import", at(`/o/${SLUG}/leads/import`)],
  ["list of numbers", at(`/o/${SLUG}/numbers`)],
  ["question before a number rests", opened(`/o/${SLUG}/numbers`, "[popovertarget^=rest-]", "[id^=rest-]:popover-open")],
  ["question why a lead is not called", why(first(`/o/${SLUG}/leads`))],
  ["question why a campaign does not call", why(first(`/o/${SLUG}/campaigns`))],
  ["question why a number does not call", linked(`/o/${SLUG}/numbers`, /^Why /)],
  ["question why no calls are made", why(at(`/o/${SLUG}`))],
  ["question why of another time", whyAnotherTime],
  ["list of agents", at(`/o/${SLUG}/agents`)],
  ["what needs a person", at(`/o/${SLUG}/attention`)],
  ["campaign that is edited", editedCampaign],
  ["page that is not there", at("/nowhere"), [NOWHERE]],
];

const agency = [
  ["overview", at("/")],
  ["list of all campaigns", at("/campaigns")],
  ["list of all calls", at("/calls")],
  ["list of all calls with its panel", panelOpen("/calls")],
  ["list of all leads", at("/leads")],
  ["list of organizations", at("/organizations")],
  ["list of all numbers", at("/numbers")],
  ["list of accounts", at("/accounts")],
  ["question before all dialing stops", opened("/accounts", "[popovertarget=pause-dialing]", "#pause-dialing")],
  ["limits of an organization", at(`/organizations/${SLUG}/limits`)],
  ["limits with errors", wrongLimits, [UNPROCESSABLE]],
  ["rules of an organization", at(`/organizations/${SLUG}/rules`)],
  ["rules with errors", wrongRules, [UNPROCESSABLE]],
  ["limits of a number", linked(`/o/${SLUG}/numbers`, /^Limits of \+/)],
  ["pace of an account", linked("/accounts", /^Pace of /)],
  ["lines of a pool", linked("/accounts", /^Lines of pool /)],
  ["what needs a person anywhere", at("/attention")],
  ["organization", at(`/o/${SLUG}`)],
  ["list of webhooks", at("/webhooks?state=all")],
  ["list of webhooks without any", at("/webhooks")],
  ["search", at("/search?q=recall")],
  ["search without a find", at("/search?q=qqqq")],
  ["palette", paletteWithHits],
  ["scope switcher", opened("/calls", "[popovertarget=scopes]", "#scopes")],
  ["list of keys", opened("/calls", "[popovertarget=keys]", "#keys")],
  ["new campaign with errors", wrongCampaign, [UNPROCESSABLE]],
  ["import's result", imported],
];

const client = [
  ["overview", at(`/o/${SLUG}`)],
  ["search", at("/search?q=recall")],
  ["menu of the person", opened(`/o/${SLUG}`, "[popovertarget=me]", "#me")],
];

const visitor = [
  ["sign-in", at("/signin")],
  ["sign-in after the session", at("/signin?why=session_over")],
  ["sign-in by a link of the past", at("/signin/link/spent"), [GONE]],
  ["page that is not there", at("/nowhere"), [NOWHERE]],
];

const seenBy = (whose, person, pages) =>
  pages.map(([name, open, statuses]) => ({ name: `${whose} ${name}`, person, open, statuses }));

export const places = [
  ...seenBy("the operator's", "operator", [...agency, ...shared]),
  ...seenBy("a client's", "ann", [...client, ...shared]),
  ...seenBy("a visitor's", null, visitor),
];
