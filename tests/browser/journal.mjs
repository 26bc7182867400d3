// What really happened, as the simulated provider wrote it down.

import { facts } from "./facts.mjs";

const ENTRIES_MAX = 100_000;

/** The provider's journal as it is now, with the entries of each kind. */
export async function readJournal() {
  const response = await fetch(`${facts.journal}?limit=${ENTRIES_MAX}`);
  const { totals, entries } = await response.json();
  const ofKind = (kind) => entries.filter((entry) => entry.entry === kind);
  return { totals, created: ofKind("created"), rings: ofKind("ring"), ended: ofKind("ended") };
}
