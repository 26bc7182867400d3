// Vapi's own TypeScript SDK as an outside judge of the simulator: if the shapes were wrong, it would stumble.

import assert from "node:assert/strict";
import { test } from "node:test";
import { VapiClient, VapiError } from "@vapi-ai/server-sdk";

const baseUrl = required("VAPI_SIM_URL");
const token = required("VAPI_SIM_KEY");
const client = new VapiClient({ token, baseUrl, maxRetries: 0, timeoutInSeconds: 10 });

// A new call appears in reads after a second or two.
const VISIBLE_WITHIN_MS = 10_000;

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

async function assistantAndNumber() {
  const [assistants, numbers] = await Promise.all([client.assistants.list(), client.phoneNumbers.list()]);
  const number = numbers.find((number) => number.provider === "twilio");
  return { assistantId: assistants[0].id, phoneNumberId: number.id };
}

async function until(read) {
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    const found = await read();
    if (found) return found;
    assert.ok(Date.now() < deadline, "nothing came in time");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test("assistants and phone numbers are arrays", async () => {
  const assistants = await client.assistants.list();
  const numbers = await client.phoneNumbers.list();
  assert.ok(Array.isArray(assistants) && assistants.length >= 1);
  assert.ok(Array.isArray(numbers) && numbers.length >= 1);
  assert.ok(assistants.every((assistant) => assistant.id && assistant.orgId && assistant.createdAt));
});

test("a call is created, read and listed", async () => {
  const place = await assistantAndNumber();
  const name = `ts-${Date.now()}`;
  const customer = { number: "+14155550171", name: "Maria Alvarez", externalId: "lead-1" };
  const created = await client.calls.create({ ...place, customer, name });
  assert.equal(created.status, "queued");
  assert.equal(created.type, "outboundPhoneCall");
  assert.equal(created.customer.number, customer.number);
  assert.equal(created.subscriptionLimits.concurrencyBlocked, false);

  const read = await until(() =>
    client.calls.get({ id: created.id }).catch((error) => {
      assert.equal(error.statusCode, 404);
    }),
  );
  assert.equal(read.id, created.id);
  assert.equal(read.assistantId, place.assistantId);

  const listed = await client.calls.list({ assistantId: place.assistantId, createdAtGe: created.createdAt, limit: 10 });
  assert.ok(listed.some((call) => call.id === created.id && call.name === name));
  const before = await client.calls.list({ createdAtLt: created.createdAt, limit: 10 });
  assert.ok(before.every((call) => call.id !== created.id));
});

test("a batch tells what was created and what was refused", async () => {
  const place = await assistantAndNumber();
  const customers = [{ number: "+14155550172" }, { number: "not a number" }];
  const batch = await client.calls.create({ ...place, customers });
  assert.equal(batch.results.length, 1);
  assert.equal(batch.errors.length, 1);
  assert.match(batch.errors[0].error, /E\.164/);
});

test("refusals have the status and the texts of Vapi", async () => {
  const refused = await client.calls.create({ customer: { number: "+14155550173" } }).catch((error) => error);
  assert.ok(refused instanceof VapiError);
  assert.equal(refused.statusCode, 400);
  assert.match(refused.body.message, /Need Either `phoneNumberId` Or `phoneNumber`/);

  const stranger = new VapiClient({ token: "nobody", baseUrl, maxRetries: 0 });
  const unknown = await stranger.calls.list().catch((error) => error);
  assert.equal(unknown.statusCode, 401);
});

test("an assistant is created, changed and deleted", async () => {
  const created = await client.assistants.create({ name: "Made by the SDK", firstMessage: "Hi" });
  const changed = await client.assistants.update({ id: created.id, firstMessage: "Hello" });
  assert.equal(changed.firstMessage, "Hello");
  assert.equal(changed.name, "Made by the SDK");
  await client.assistants.delete({ id: created.id });
  const gone = await client.assistants.get({ id: created.id }).catch((error) => error);
  assert.equal(gone.statusCode, 404);
});
