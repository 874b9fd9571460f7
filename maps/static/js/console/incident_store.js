/** The incidents that the list, the map, the table and the wall show alike: loaded by pages, joined by live ones. */

import { getJson } from "../shared/api.js";
import { may } from "../shared/session.js";
import { isRecent, isWanted, parametersOf } from "./incident_filters.js";

const FIRST = 200;
const PAGE = 1000;
const MOST = 10_000;
/** Live ones are shown together when they come close after one another. */
const TOGETHER_MS = 40;
/** How long the first question waits for the live stream, after whose beginning nothing is missed. */
const PATIENCE_MS = 1500;
const AGED_MS = 60_000;

/** Newest first, as their numbers count day and order; reports on their way, which have none yet, above all. */
function byNewest(a, b) {
  if (Boolean(a.pending) !== Boolean(b.pending)) return a.pending ? -1 : 1;
  return a.number < b.number ? 1 : -1;
}

/** @returns {load, begin, add, fail, remove, subscribe, items, status, filters, find} */
export function makeIncidentStore() {
  const listeners = new Set();
  let items = new Map();
  let sorted = [];
  let filters = null;
  let status = { state: "loading", problem: null, more: false };
  let control = null;
  let loads = 0;
  let timer = null;
  let release;
  let begun = false;
  const ready = new Promise((resolve) => (release = resolve));

  function tell(why) {
    clearTimeout(timer);
    timer = null;
    sorted = [...items.values()].sort(byNewest);
    for (const { number } of sorted.splice(MOST)) items.delete(number);
    for (const listener of listeners) listener(why);
  }

  const tellSoon = (why) => (timer ??= setTimeout(() => tell(why), TOGETHER_MS));

  /** Time goes on: what has left the chosen period leaves the list. */
  function age() {
    const old = [...items.values()].filter((item) => !item.pending && !isRecent(item, filters));
    for (const { number } of old) items.delete(number);
    if (old.length) tell("aged");
  }

  /** Load what the filters want, page by page; a reload keeps what is shown until it is complete, unless `anew`. */
  async function load(wanted = filters, { anew = wanted !== filters } = {}) {
    control?.abort();
    control = new AbortController();
    const { signal } = control;
    loads += 1;
    const mine = loads;
    if (anew) items = new Map([...items].filter(([, item]) => item.pending));
    filters = wanted;
    if (!may("READ_INCIDENTS")) {
      status = { state: "refused", problem: null, more: false };
      return tell("refused");
    }
    status = { state: items.size ? "ready" : "loading", problem: null, more: true };
    tell("loading");
    await ready;
    begun = true;
    try {
      let cursor = null;
      const found = new Set();
      while (mine === loads && (cursor || !found.size)) {
        const page = await getJson("api/v1/incidents", { ...parametersOf(filters), cursor, limit: cursor ? PAGE : FIRST }, signal);
        for (const item of page.items) {
          found.add(item.number);
          if (items.get(item.number)?.live !== mine) items.set(item.number, item);
        }
        cursor = page.next_cursor;
        const complete = !cursor || found.size >= MOST;
        if (complete) for (const [key, item] of items) if (!item.pending && item.live !== mine && !found.has(key)) items.delete(key);
        status = { state: "ready", problem: null, more: Boolean(cursor) };
        tell("page");
        if (complete) return;
      }
    } catch (problem) {
      if (problem.name === "AbortError" || mine !== loads) return;
      status = { state: items.size ? "ready" : (problem.kind ?? "failed"), problem, more: false };
      tell("failed");
    }
  }

  setTimeout(() => release(), PATIENCE_MS);
  setInterval(() => filters && age(), AGED_MS);

  return {
    load,
    /** From now on the live stream tells everything: the list is asked for now, or again if it was asked for before. */
    begin() {
      release();
      if (begun && filters) load();
    },
    /** One more, from the live stream or from this page; what is there already is only brought up to date. */
    add(item, { replaces = null } = {}) {
      if (replaces) items.delete(replaces);
      const known = items.has(item.number);
      if (!item.pending && !isWanted(item, filters)) {
        items.delete(item.number);
        return known || replaces ? tellSoon("removed") : null;
      }
      items.set(item.number, { ...item, live: loads });
      if (status.state !== "ready" && status.state !== "loading") status = { ...status, state: "ready" };
      return tellSoon(known ? "changed" : "added");
    },
    /** There is nobody who may ask for them: why is told until somebody may. */
    fail(problem) {
      status = { state: problem.kind, problem, more: false };
      tell("failed");
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
