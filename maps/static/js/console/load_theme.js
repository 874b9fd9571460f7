/** Cells filled by how many open incidents they have, of those that the list shows: its period and its other filters. */

import { el } from "../shared/dom.js";
import { language, text } from "../shared/language.js";
import { listState } from "../shared/states.js";
import { askSignIn } from "../shared/who.js";
import { cellCode } from "./incident_terms.js";
import { fillStyle, keyList } from "./theme_key.js";

const OPEN = ["REPORTED"];
/** Where each step of the ramp begins; the same on every map, so that two of them can be compared. */
const STEPS = [1, 2, 3, 5, 10, 20, 50];

/** The step of a number, counted from 0; null for none. */
export function stepOf(number) {
  const reached = STEPS.filter((least) => number >= least).length;
  return reached ? reached - 1 : null;
}

function stepWords(step) {
  const [least, next] = [STEPS[step], STEPS[step + 1]];
  if (!next) return `≥ ${least}`;
  return next === least + 1 ? String(least) : `${least}–${next - 1}`;
}

/** How many open incidents of those that the list shows lie in each cell, by its code. */
export function countOpen(store) {
  const counts = new Map();
  for (const item of store.items()) {
    const code = OPEN.includes(item.state) && !item.pending ? cellCode(item) : null;
    if (code) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

/** @param parts {store, filterWords() → texts, changed()}; @returns {begin, find, key} */
export function makeLoadTheme({ store, filterWords, changed }) {
  let counts = new Map();
  let state = "";
  let version = 0;

  /** Count again; the map is drawn anew only where a number has changed. */
  function begin() {
    const next = countOpen(store);
    const differs = next.size !== counts.size || [...next].some(([code, number]) => counts.get(code) !== number);
    const now = JSON.stringify([store.status(), store.filters()]);
    if (!differs && now === state) return;
    if (differs) version += 1;
    [counts, state] = [next, now];
    changed();
  }

  return {
    begin,
    find: () => ({ key: `load ${version}`, group: ({ properties: { code } }) => stepOf(counts.get(code) ?? 0), passes: STEPS.map((_, step) => [step, fillStyle("load", step)]) }),
    key() {
      const status = store.status();
      if (status.state !== "ready") return listState(status, 0, { retry: () => store.load(), signIn: askSignIn });
      const number = [...counts.values()].reduce((sum, each) => sum + each, 0);
      const period = store.filters()?.period === "all" ? [text("periodAll")] : [];
      const filter = [...period, ...filterWords()].join(text("listComma"));
      return [
        el("p", {}, text("themeLoadUnit")),
        keyList("load", STEPS.map((_, step) => [step, stepWords(step)])),
        el("p", {}, text(status.more ? "themeLoadSoFar" : "themeLoadOf", { filter, number: number.toLocaleString(language()) })),
      ];
    },
  };
}
