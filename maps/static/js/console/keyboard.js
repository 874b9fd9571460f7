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
  ["w", "keyWall"],
  ["Esc", "keyClear"],
  ["?", "keyHelp"],
];

export const fillHelp = () => fill(HELP);

/** On the wall there is nothing but the way back. */
const ON_THE_WALL = ["w", "Escape"];

/** @param actions {askCentre, escape, search, record, step(by), togglePanel, toggleInspector, toggleWall, isOnWall} */
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
    w: () => actions.toggleWall(),
    Escape: () => actions.escape(),
  };
  // A click focuses the map too, and should not show what is meant for the keyboard.
  document.addEventListener("pointerdown", () => root.removeAttribute("data-keyboard"), true);
  document.addEventListener("keydown", () => root.setAttribute("data-keyboard", ""), true);
  document.getElementById("wall-open").addEventListener("click", () => (document.getElementById("help").close(), actions.toggleWall()));
  listen(keys, actions.search, (key) => !actions.isOnWall() || ON_THE_WALL.includes(key));
}
