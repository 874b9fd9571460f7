/** What the roster page has of the frame: search, language, edition in force, keys. */

import { makeBar } from "../shared/bar.js";
import { fillHelp, listenToKeys } from "../shared/keys.js";
import { language } from "../shared/language.js";
import { makeSearchBox } from "../shared/search_box.js";
import { selectionOfFound } from "../shared/search_results.js";
import { consoleAddress } from "../shared/selection_parts.js";
import { makeWho } from "../shared/who.js";
import { writeLanguage } from "./address.js";

const HELP = [
  ["/", "keySearch"],
  ["j k", "keyRows"],
  ["Enter", "keyOpen"],
  ["← →", "keyTabs"],
  ["Alt ← ↑ → ↓", "keyMove"],
  ["Esc", "keyBack"],
  ["?", "keyHelp"],
];
const ROWS = "tbody .link, .rows .link, .shift-open";

/**
 * @param page {map, view, openPerson(code) → whether the roster has somebody to show, back(), translate()}
 * @returns {speak(lang), show(edition)} of the bar
 */
export function makeFrame({ map, view, openPerson, back, translate }) {
  function pick(item) {
    if (item.kind === "person" && openPerson(item.code)) return;
    const found = selectionOfFound(item);
    if (found) location.assign(consoleAddress(found, new URLSearchParams(location.search).get("lang")));
  }

  /** The next row of the list, or the one before; the first step goes to the chosen one. */
  function step(by) {
    const rows = [...view.querySelectorAll(ROWS)];
    const at = rows.indexOf(document.activeElement);
    const chosen = Math.max(0, rows.findIndex((row) => row.closest("[data-chosen]")));
    rows[at < 0 ? chosen : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
  }

  const search = makeSearchBox(pick, () => `${map.getCenter().lng.toFixed(4)}, ${map.getCenter().lat.toFixed(4)}`);
  listenToKeys({ j: () => step(1), k: () => step(-1), Escape: ({ target }) => target.matches("input, select, textarea") || back() }, search.open);
  return makeBar([makeWho(), search, { translate }, { translate: () => fillHelp(HELP) }], (lang) => lang && writeLanguage(language()));
}
