/** Cells filled by the body that answers for them: its own where it has one, else its subdistrict's or district's. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { reasonText } from "../shared/states.js";
import { finderOf, readBodies } from "./bodies.js";
import { fillStyle, keyList } from "./theme_key.js";

const CLASSES = 6;
const LISTED = 40;

/** The bodies of a city: those next to each other by code have different colours, whatever part of the map is shown. */
function arrange({ bodies, grounds }, key) {
  return {
    key,
    names: new Map(bodies.map(({ code, name }) => [code, name || code])),
    classes: new Map(bodies.map(({ code }, index) => [code, index % CLASSES])),
    bodyOf: finderOf(grounds),
    shares: bodies.length > CLASSES,
  };
}

/** @param parts {editions, cells() → features that are shown, changed()}; @returns {begin, find, key} */
export function makeBodyTheme({ editions, cells, changed }) {
  let known = null;
  let problem = null;
  let control = null;
  let version = 0;

  /** Ask for them, or again when edition, roster or time are others; what is drawn stays meanwhile. */
  async function begin() {
    control?.abort();
    control = new AbortController();
    try {
      known = arrange(await readBodies(editions.parameters(), control.signal), `body ${(version += 1)}`);
      problem = null;
    } catch (error) {
      if (error.name === "AbortError") return;
      problem = error;
    }
    changed();
  }

  function listed() {
    const seen = new Set(cells().map(known.bodyOf));
    const unknown = seen.delete(null);
    const codes = [...seen].sort();
    const rows = codes.slice(0, LISTED).map((code) => [known.classes.get(code), known.names.get(code)]);
    const words = [codes.length > LISTED && text("themeMore", { number: codes.length - LISTED }), unknown && text("themeUnknown"), known.shares && text("themeShared", { number: CLASSES })];
    return [keyList("class", rows), ...words.filter(Boolean).map((line) => el("p", {}, line))];
  }

  return {
    begin,
    find: () => known && { key: known.key, group: (cell) => known.classes.get(known.bodyOf(cell)) ?? null, passes: Array.from({ length: CLASSES }, (_, index) => [index, fillStyle("class", index)]) },
    key() {
      if (problem) return [el("p", { role: "alert" }, reasonText(problem), " ", el("button", { class: "plain", type: "button", onclick: begin }, text("retry")))];
      return known ? listed() : [el("p", {}, text("asking"))];
    },
  };
}
