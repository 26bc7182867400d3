// Asking for pages without a browser: for what is in their source, and for what is refused.

import { facts } from "./facts.mjs";

const PAGES_MAX = 600;
/** Pages of one kind in one organization that a crawl looks at. */
const OF_A_KIND_MAX = 2;
const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;

/** The answer to `person`, redirects not followed. */
export function ask(person, path, options = {}) {
  const { name, value } = facts.people[person].cookie;
  const headers = { cookie: `${name}=${value}`, ...options.headers };
  return fetch(facts.address + path, { redirect: "manual", ...options, headers });
}

/** Every page that links lead `person` to, from the first one: path to source. */
export async function crawl(person, { from = "/" } = {}) {
  const found = new Map();
  const kinds = new Map();
  const waiting = [from];
  const known = new Set(waiting);
  while (waiting.length > 0 && found.size < PAGES_MAX) {
    const path = waiting.shift();
    const response = await ask(person, path);
    const next = response.headers.get("location");
    const source = next ? "" : await response.text();
    if (!next) found.set(path, { status: response.status, source });
    for (const link of next ? [next] : linksOf(source, path)) {
      const kind = kindOf(link);
      const count = kinds.get(kind) ?? 0;
      if (known.has(link) || count >= OF_A_KIND_MAX) continue;
      known.add(link);
      kinds.set(kind, count + 1);
      waiting.push(link);
    }
  }
  return found;
}

/** Where a page's links and live pieces lead on this site, as path and query. */
export function linksOf(source, at = "/") {
  const all = source.matchAll(/\s(?:href|src|hx-get|data-href|data-peek|hx-sse:connect)="([^"]+)"/g);
  const urls = [...all].map(([, href]) => new URL(href.replaceAll("&amp;", "&"), new URL(at, facts.address)));
  const ours = urls.filter((url) => url.origin === facts.address && isPage(url.pathname));
  return [...new Set(ours.map((url) => url.pathname + url.search))];
}

const SPEECH = [/<ol class="turns".*?<\/ol>/gs, /<p class="prose">.*?<\/p>/gs, /<section class="card" id="summary".*?<\/section>/gs];

/** A page's source without what people said on the phone and what was noted of it: they may well speak of money. */
export function withoutSpeech(source) {
  return SPEECH.reduce((rest, speech) => rest.replace(speech, ""), source);
}

function isPage(path) {
  return !path.startsWith("/assets/") && !path.endsWith("/stream") && !path.endsWith("/recording");
}

/** The same for pages that differ in ids and cursors only. */
function kindOf(path) {
  const { pathname, searchParams } = new URL(path, facts.address);
  return pathname.replace(ID, "…") + [...searchParams.keys()].sort().join();
}
