import assert from "node:assert/strict";
import { ask } from "./asking.mjs";
import { story } from "./story.mjs";

const FORM = "/o/brightpath-solar/leads/import";
const UNPROCESSABLE = 422;

/** As a spreadsheet in a country of semicolons writes it: own columns, every form of phone, and mistakes. */
const ROWS = [
  ["Roof type", "Full name", "Mobile phone", "City", "Last visit"],
  ["flat", "Ada Quint", "(312) 555-0191", "Chicago", "March"],
  ["gable", "Bea Holt", "+1 415-555-0192", "San Francisco", ""],
  ["flat", "Cy Dane; the younger", "212.555.0193", "New York", "May"],
  ["flat", "Ada again", "1 312 555 0191", "Chicago", "June"],
  ["hip", "Dot Finch", "555-01", "Denver", ""],
  ["hip", "Eli Gray", "", "Boston", ""],
  ["flat", "Fay Ives", "+44 20 7946 0999", "London", "July"],
  ["flat", "Gus Kemp", "900 555 0100", "Miami", ""],
];
const quoted = (cell) => (cell.includes(";") ? `"${cell}"` : cell);
const FILE = {
  name: "leads of may.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(ROWS.map((row) => row.map(quoted).join(";")).join("\r\n")),
};

async function upload(page, file) {
  await page.getByLabel("Choose a CSV file").setInputFiles(file);
  await page.getByRole("button", { name: "Import the file" }).click();
}

story("the good rows of a file become leads, and the bad ones are listed with line, column and reason", async ({ open }) => {
  const page = await open("bo", { path: FORM });

  await upload(page, FILE);

  await page.getByRole("heading", { name: "What happened" }).waitFor();
  const problems = await page.locator("#problems tbody tr").evaluateAll((rows) =>
    rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
  );
  const places = problems.map(([line, column, found]) => [line, column, found]);
  assert.deepEqual(places, [
    ["6", "Mobile phone", "555-01"],
    ["7", "Mobile phone", "nothing"],
    ["9", "Mobile phone", "900 555 0100"],
  ]);
  assert.match(problems[0][3], /too short|digits/);
  assert.match(problems[2][3], /never called/);
  const happened = await page.locator("#summary dl").evaluate((list) => {
    const terms = [...list.querySelectorAll("dt")].map((term) => term.textContent);
    return Object.fromEntries(terms.map((term, place) => [term, list.querySelectorAll("dd")[place].textContent]));
  });
  assert.deepEqual(happened, { "New leads": "4", "Leads updated": "0", "Known already": "1", "Rows left out": "3" });

  const list = await page.getByRole("link", { name: "Download the list" }).getAttribute("href");
  const csv = await (await ask("bo", list)).text();
  assert.match(csv, /^6,Mobile phone,555-01,/m);
});

story("a lead that was imported is in the list, with the columns of the file as what is known", async ({ open }) => {
  const page = await open("bo", { path: "/o/brightpath-solar/leads" });

  await page.getByRole("searchbox", { name: "Search leads" }).fill("Cy Dane");
  await page.waitForURL(/q=Cy/);
  assert.deepEqual(await page.locator("tr.row a.cell").allTextContents(), ["Cy Dane; the younger"]);
  await page.locator("tr.row a.cell").click();

  await page.getByRole("heading", { level: 1, name: "Cy Dane; the younger" }).waitFor();
  const facts = await page.locator("#facts").textContent();
  for (const fact of ["flat", "New York", "May", "leads of may.csv"]) assert.ok(facts.includes(fact), `${fact}: ${facts}`);
  await page.getByText("+1 212 555 0193").waitFor();
});

story(
  "the same file again is said before anything is done",
  async ({ open }) => {
    const page = await open("bo", { path: FORM });

    await upload(page, FILE);

    await page.getByRole("alert").getByText(/This same file was imported on .* with 4 new leads\. Nothing was done\./).waitFor();
  },
  { expected: [UNPROCESSABLE] },
);

story(
  "a file without a phone is refused in words",
  async ({ open }) => {
    const page = await open("bo", { path: FORM });

    await upload(page, { name: "names.csv", mimeType: "text/csv", buffer: Buffer.from("Name;City\nAda;Chicago\n") });

    await page.getByRole("alert").getByText("No column holds phone numbers; the columns are: Name, City.").waitFor();
  },
  { expected: [UNPROCESSABLE] },
);
