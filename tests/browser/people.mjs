// Who looks at the pages in these tests.

import { randomBytes } from "node:crypto";

const inOrganization = (slug, role) => ["--organization", slug, "--role", role];

/** Everybody but the owner, whom the demo brings. The key is how tests call them. */
export const PEOPLE = {
  operator: { email: "ola@relay.example", name: "Ola Brandt", place: ["--agency", "operator"] },
  ann: { email: "ann@northwind.example", name: "Ann Fry", place: inOrganization("northwind-dental", "manager") },
  viv: { email: "viv@northwind.example", name: "Viv Soto", place: inOrganization("northwind-dental", "viewer") },
  bo: { email: "bo@brightpath.example", name: "Bo Lund", place: inOrganization("brightpath-solar", "manager") },
};

const COOKIE = /(trunkline_session)=([^;]+)/;

/** Adds everybody to the demo and signs them in: e-mail, password and the session's cookie of each. */
export async function settle(demo) {
  const settled = {};
  for (const [key, person] of Object.entries(PEOPLE)) {
    const password = randomBytes(12).toString("base64url");
    await demo.add({ ...person, password });
    const cookie = await signIn(demo.address, person.email, password);
    settled[key] = { email: person.email, name: person.name, password, cookie };
  }
  return settled;
}

/** The cookie of a new session, as Playwright takes it. */
export async function signIn(address, email, password) {
  const body = new URLSearchParams({ email, password });
  const response = await fetch(`${address}/signin`, { method: "POST", body, redirect: "manual" });
  const found = COOKIE.exec(response.headers.get("set-cookie") ?? "");
  if (!found) throw new Error(`${email} could not sign in: ${response.status}`);
  return { name: found[1], value: found[2], url: address };
}
