/** What cells are filled by: nothing, until a reader chooses one of the themes. */

import { el } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { makeBodyTheme } from "./body_theme.js";
import { makeLoadTheme } from "./load_theme.js";

/** What each is called. */
export const THEMES = { body: "themeBody", load: "themeLoad" };

/**
 * @param parts {store, editions, filterWords() → texts, cells() → features that are shown, changed() when cells are to be drawn
 *   anew}; @returns {choose(name), chosen, ask, theme, key(isVisible)}
 */
export function makeThemes({ store, editions, filterWords, cells, changed }) {
  let chosen = null;
  const of = (name) => () => chosen === name && changed();
  const known = { body: makeBodyTheme({ editions, cells, changed: of("body") }), load: makeLoadTheme({ store, filterWords, changed: of("load") }) };

  store.subscribe(() => chosen === "load" && known.load.begin());
  return {
    choose(name) {
      const next = Object.hasOwn(THEMES, name) ? name : null;
      if (next === chosen) return;
      chosen = next;
      if (chosen) known[chosen].begin();
      changed();
    },
    chosen: () => chosen,
    /** Who answers may be another one from now on. */
    ask: () => chosen === "body" && known.body.begin(),
    /** For the layer of cells: what lies below their lines. */
    theme: () => (chosen ? known[chosen].find() : null),
    /** What stands in the legend; `isVisible` tells whether cells are switched on. */
    key(isVisible) {
      if (!chosen) return [];
      return isVisible ? known[chosen].key() : [el("p", {}, text("themeNeedsCells"))];
    },
  };
}
