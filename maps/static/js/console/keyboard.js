/** What the console's keys do. */

import { fillHelp as fill, listenToKeys as listen } from "../shared/keys.js";

const HELP = [
  ["/", "keySearch"],
  ["n", "keyNew"],
  ["j k", "keyList"],
  ["Enter", "keyEnter"],
  ["c", "keyCross"],
  ["← ↑ → ↓", "keyArrows"],
  ["[ ]", "keyPanels"],
  ["Esc", "keyClear"],
  ["?", "keyHelp"],
];

export const fillHelp = () => fill(HELP);

/** @param actions {askCentre, escape, search, record, step(by), togglePanel, toggleInspector} */
export function listenToKeys(map, actions) {
  const frame = document.querySelector(".map-frame");
  const container = map.getContainer();
  const root = document.documentElement;
  const crosshair = () => frame.hasAttribute("data-crosshair") || (root.hasAttribute("data-keyboard") && container.matches(":focus"));
  const keys = {
    Enter: (event) => (event.target === container || event.target === document.body) && crosshair() && actions.askCentre(),
    c: () => frame.toggleAttribute("data-crosshair"),
    n: () => actions.record(),
    j: () => actions.step(1),
    k: () => actions.step(-1),
    "[": () => actions.togglePanel(),
    "]": () => actions.toggleInspector(),
    Escape: () => actions.escape(),
  };
  // A click focuses the map too, and should not show what is meant for the keyboard.
  document.addEventListener("pointerdown", () => root.removeAttribute("data-keyboard"), true);
  document.addEventListener("keydown", () => root.setAttribute("data-keyboard", ""), true);
  listen(keys, actions.search);
}
