/** The incidents that the list, the map, the table and the wall show alike: loaded by pages, joined by live ones. */

import { getJson } from "../shared/api.js";
import { isWanted, parametersOf } from "./incident_filters.js";

const FIRST = 200;
const PAGE = 1000;
const MOST = 10_000;

/** Newest first, as their numbers count day and order; reports on their way, which have none yet, above all. */
function byNewest(a, b) {
  if (Boolean(a.pending) !== Boolean(b.pending)) return a.pending ? -1 : 1;
  return a.number < b.number ? 1 : -1;
}

/** @returns {load, add, remove, subscribe, items, state, problem, filters, find} */
export function makeIncidentStore() {
  const listeners = new Set();
  let items = new Map();
  let sorted = [];
  let filters = null;
  let status = { state: "loading", problem: null, more: false };
  let control = null;
  let loads = 0;

  function tell(why) {
    sorted = [...items.values()].sort(byNewest);
    for (const listener of listeners) listener(why);
  }

  /** Load what the filters want, page by page; a reload keeps what is shown until its first page is here, unless `anew`. */
  async function load(wanted = filters, { anew = wanted !== filters } = {}) {
    control?.abort();
    control = new AbortController();
    const { signal } = control;
    loads += 1;
    if (anew) items = new Map([...items].filter(([, item]) => item.pending));
    filters = wanted;
    status = { state: items.size ? "ready" : "loading", problem: null, more: true };
    tell("loading");
    try {
      let cursor = null;
      const fresh = new Map([...items].filter(([, item]) => item.pending));
      do {
        const page = await getJson("api/v1/incidents", { ...parametersOf(filters), cursor, limit: cursor ? PAGE : FIRST }, signal);
        for (const item of page.items) fresh.set(item.number, item);
        for (const [key, item] of items) if (item.pending || item.live === loads) fresh.set(key, item);
        cursor = page.next_cursor;
        items = fresh;
        status = { state: "ready", problem: null, more: Boolean(cursor) };
        tell("page");
      } while (cursor && items.size < MOST);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      status = { state: items.size ? "ready" : problem.kind, problem, more: false };
      tell("failed");
    }
  }

  return {
    load,
    /** One more, from the live stream or from this page; what is there already is only brought up to date. */
    add(item, { replaces = null } = {}) {
      if (replaces) items.delete(replaces);
      if (!item.pending && !isWanted(item, filters)) return tell("left out");
      const known = items.has(item.number);
      items.set(item.number, { ...item, live: loads });
      if (status.state !== "ready") status = { ...status, state: "ready" };
      tell(known ? "changed" : "added");
    },
    remove(number) {
      items.delete(number);
      tell("removed");
    },
    subscribe: (listener) => listeners.add(listener),
    items: () => sorted,
    find: (number) => items.get(number) ?? null,
    status: () => status,
    filters: () => filters,
  };
}
